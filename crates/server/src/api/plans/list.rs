//! GET /api/v1/plans

use axum::Json;
use axum::extract::State;
use utoipa::IntoResponses;

use super::shape::plan;
use crate::api::model::list::List;
use crate::api::model::plan::Plan;
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[])
    }
}

/// All plans by name.
#[utoipa::path(
    get,
    path = "/api/v1/plans",
    tag = "plans",
    operation_id = "list_plans",
    responses((status = 200, description = "All plans in one page", body = List<Plan>), Errors)
)]
pub(in crate::api) async fn list(State(state): State<ServerState>) -> Result<Json<List<Plan>>, Problem> {
    let plans = state.operations.list_plans().await?;
    Ok(Json(List::whole(plans.into_iter().map(plan).collect())))
}
