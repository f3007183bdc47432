//! DELETE /api/v1/tokens/{id}

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
            (404, "No token has this id, or it was revoked before."),
            (409, "It is the local token of the server's own machine."),
        ])
    }
}

/// Ends a token at once.
#[utoipa::path(
    delete,
    path = "/api/v1/tokens/{id}",
    tag = "tokens",
    operation_id = "revoke_token",
    params(("id" = String, Path, description = "The token's id")),
    responses((status = 204, description = "It is revoked"), Errors)
)]
pub(in crate::api) async fn revoke(
    State(state): State<ServerState>,
    Caller(caller): Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let row = id
        .parse()
        .map_err(|_| Problem::not_found("No token has this id; `tikmeter token list` shows them."))?;
    state.operations.revoke_token(&caller.actor, row).await?;
    Ok(StatusCode::NO_CONTENT)
}
