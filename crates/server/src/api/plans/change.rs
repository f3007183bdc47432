//! PATCH /api/v1/plans/{name}

use axum::extract::State;
use store::PlanPatch as Patch;
use utoipa::IntoResponses;

use super::shape::plan;
use crate::api::model::count::Count;
use crate::api::model::plan::{Plan, PlanPatch};
use crate::auth::Caller;
use crate::extract::{Json, Path};
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::write(&[(404, "No plan has this name.")])
    }
}

/// Changes a plan. Another cycle decides when the next cycle of each of its subscribers opens; open ones go on.
#[utoipa::path(
    patch,
    path = "/api/v1/plans/{name}",
    tag = "plans",
    operation_id = "change_plan",
    params(("name" = String, Path, description = "The plan's name")),
    request_body = PlanPatch,
    responses((status = 200, description = "The plan as it is now", body = Plan), Errors)
)]
pub(in crate::api) async fn change(
    State(state): State<ServerState>,
    Caller(caller): Caller,
    Path(name): Path<String>,
    Json(patch): Json<PlanPatch>,
) -> Result<axum::Json<Plan>, Problem> {
    let limit = |count: Option<Option<Count>>| count.map(|count| count.map(|count| count.0));
    let patch = Patch {
        price: patch.price,
        validity: patch.validity,
        devices: patch.devices,
        rate_up_bps: limit(patch.rate_up_bps),
        rate_down_bps: limit(patch.rate_down_bps),
        quota_octets: limit(patch.quota_octets),
        cycle: patch.cycle.map(|cycle| cycle.0),
        sets_speed: patch.sets_speed,
    };
    Ok(axum::Json(plan(state.operations.edit_plan(&caller.actor, &name, patch).await?)))
}
