//! DELETE /api/v1/sign-ins and /api/v1/sign-ins/{id}

use axum::extract::State;
use axum::http::StatusCode;
use utoipa::IntoResponses;

use super::shape::id_of;
use crate::api::session::end::not_signed_in;
use crate::auth::Caller;
use crate::extract::Path;
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[
            (404, "No sign-in of whoever asks has this id, or it ended before."),
            (409, "A token is not signed in."),
        ])
    }
}

/// Signs whoever asks out in one of their browsers, at once.
#[utoipa::path(
    delete,
    path = "/api/v1/sign-ins/{id}",
    tag = "operators",
    operation_id = "end_sign_in",
    params(("id" = String, Path, description = "The sign-in's id")),
    responses((status = 204, description = "It has ended"), Errors)
)]
pub(in crate::api) async fn end(
    State(state): State<ServerState>,
    Caller(caller): Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let (operator, _) = caller.signed_in().ok_or_else(not_signed_in)?;
    state.operations.end_sign_in(&caller.actor, operator, id_of(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Signs whoever asks out in all of their browsers but this one, at once.
#[utoipa::path(
    delete,
    path = "/api/v1/sign-ins",
    tag = "operators",
    operation_id = "end_other_sign_ins",
    responses((status = 204, description = "They have ended"), Errors)
)]
pub(in crate::api) async fn end_others(
    State(state): State<ServerState>,
    Caller(caller): Caller,
) -> Result<StatusCode, Problem> {
    let (operator, kept) = caller.signed_in().ok_or_else(not_signed_in)?;
    state.operations.end_other_sign_ins(&caller.actor, operator, kept).await?;
    Ok(StatusCode::NO_CONTENT)
}
