//! POST /api/v1/setup

use axum::extract::State;
use axum::http::StatusCode;
use secrecy::ExposeSecret;
use utoipa::IntoResponses;

use super::model::operator::{Operator, Setup};
use super::operators::operator;
use crate::extract::Json;
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::public_write(&[
            (400, "The body is not JSON."),
            (403, "A page of another site asked for it."),
            (404, "The link opens nothing (any more)."),
            (409, "Too many passwords are being set at once."),
        ])
    }
}

/// Makes the first admin by the link that the server wrote at its start, which opens for a day and once. They sign in next.
#[utoipa::path(
    post,
    path = "/api/v1/setup",
    tag = "operators",
    operation_id = "set_up",
    security(()),
    request_body = Setup,
    responses((status = 201, description = "The first admin", body = Operator), Errors)
)]
pub(super) async fn set_up(
    State(state): State<ServerState>,
    Json(asked): Json<Setup>,
) -> Result<(StatusCode, axum::Json<Operator>), Problem> {
    let made = state.operations.set_up(asked.key.expose_secret(), &asked.name, asked.password).await?;
    Ok((StatusCode::CREATED, axum::Json(operator(made))))
}
