//! DELETE /api/v1/operators/{name}

use axum::extract::State;
use axum::http::StatusCode;
use utoipa::IntoResponses;

use crate::auth::Caller;
use crate::extract::Path;
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[
            (404, "No operator has this name."),
            (409, "They are the last admin who can sign in."),
        ])
    }
}

/// Removes an operator, who is signed out everywhere at once. The journal keeps what they did.
#[utoipa::path(
    delete,
    path = "/api/v1/operators/{name}",
    tag = "operators",
    operation_id = "remove_operator",
    params(("name" = String, Path, description = "Their name, however it is written")),
    responses((status = 204, description = "They are removed"), Errors)
)]
pub(in crate::api) async fn remove(
    State(state): State<ServerState>,
    Caller(caller): Caller,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    state.operations.remove_operator(&caller.actor, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}
