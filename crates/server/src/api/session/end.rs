//! DELETE /api/v1/session

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};
use utoipa::IntoResponses;

use crate::auth::Caller;
use crate::layers::transport::Transport;
use crate::problem::{self, Declared, Problem};
use crate::signing_in::cookies;
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[(404, "It ended in between."), (409, "A token is not signed in.")])
    }
}

/// Signs out: this browser's sign-in ends.
#[utoipa::path(
    delete,
    path = "/api/v1/session",
    tag = "operators",
    operation_id = "sign_out",
    responses((status = 204, description = "It has ended"), Errors)
)]
pub(in crate::api) async fn sign_out(
    State(state): State<ServerState>,
    Caller(caller): Caller,
    transport: Transport,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (operator, sign_in) = caller.signed_in().ok_or_else(not_signed_in)?;
    state.operations.end_sign_in(&caller.actor, operator, sign_in).await?;
    Ok((StatusCode::NO_CONTENT, AppendHeaders(cookies::taken(&headers, transport))).into_response())
}

/// Whoever comes with a token has no browser.
pub(in crate::api) fn not_signed_in() -> Problem {
    Problem::conflict(
        "Nothing was changed: this came with a token, and nobody is signed in with one. `tikmeter token revoke` ends a token.",
    )
}
