//! GET /api/v1/operators

use axum::Json;
use axum::extract::State;
use utoipa::IntoResponses;

use super::shape::operator;
use crate::api::model::list::List;
use crate::api::model::operator::Operator;
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[])
    }
}

/// All operators by name.
#[utoipa::path(
    get,
    path = "/api/v1/operators",
    tag = "operators",
    operation_id = "list_operators",
    responses((status = 200, description = "All operators in one page", body = List<Operator>), Errors)
)]
pub(in crate::api) async fn list(State(state): State<ServerState>) -> Result<Json<List<Operator>>, Problem> {
    let operators = state.operations.list_operators().await?;
    Ok(Json(List::whole(operators.into_iter().map(operator).collect())))
}
