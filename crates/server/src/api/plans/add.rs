//! POST /api/v1/plans

use axum::extract::State;
use axum::http::StatusCode;
use utoipa::IntoResponses;

use super::shape::plan;
use crate::api::model::plan::{NewPlan, Plan};
use crate::auth::Caller;
use crate::extract::Json;
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::write(&[(409, "A plan has this name already.")])
    }
}

/// Adds a plan.
#[utoipa::path(
    post,
    path = "/api/v1/plans",
    tag = "plans",
    operation_id = "add_plan",
    request_body = NewPlan,
    responses((status = 201, description = "The plan as added", body = Plan), Errors)
)]
pub(in crate::api) async fn add(
    State(state): State<ServerState>,
    Caller(caller): Caller,
    Json(new): Json<NewPlan>,
) -> Result<(StatusCode, axum::Json<Plan>), Problem> {
    let added = state.operations.add_plan(&caller.actor, asked(new)).await?;
    Ok((StatusCode::CREATED, axum::Json(plan(added))))
}

/// As it is asked for.
pub(in crate::api) fn asked(new: NewPlan) -> store::Plan {
    store::Plan {
        name: new.name,
        price: new.price,
        validity: new.validity,
        devices: new.devices,
        rate_up_bps: new.rate_up_bps.map(|count| count.0),
        rate_down_bps: new.rate_down_bps.map(|count| count.0),
        quota_octets: new.quota_octets.map(|count| count.0),
        cycle: new.cycle.0,
        sets_speed: new.sets_speed,
    }
}
