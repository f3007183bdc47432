//! PUT /api/v1/session/password

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};
use utoipa::IntoResponses;

use super::begin::too_often;
use super::end::not_signed_in;
use crate::api::model::sign_in::NewPassword;
use crate::auth::Caller;
use crate::extract::Json;
use crate::layers::transport::Transport;
use crate::problem::{self, Declared, Problem};
use crate::signing_in::{Lane, cookies};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::write(&[
            (404, "They were removed in between."),
            (409, "A token has no password, or too many passwords are being set at once."),
            (429, "Too many wrong tries; `Retry-After` says for how many seconds."),
        ])
    }
}

/// Sets one's own password, and signs out everywhere, here too: sign in with the new one.
#[utoipa::path(
    put,
    path = "/api/v1/session/password",
    tag = "operators",
    operation_id = "change_own_password",
    request_body = NewPassword,
    responses((status = 204, description = "It is changed"), Errors)
)]
pub(in crate::api) async fn change(
    State(state): State<ServerState>,
    Caller(caller): Caller,
    transport: Transport,
    headers: HeaderMap,
    Json(asked): Json<NewPassword>,
) -> Result<Response, Problem> {
    let (operator, _) = caller.signed_in().ok_or_else(not_signed_in)?;
    let lane = Lane::Known(format!("operator {operator}"));
    if let Err(seconds) = state.gate.begin(&lane, state.now()) {
        return Ok(too_often(seconds));
    }
    let changed = state.operations.change_own_password(&caller, asked.password, asked.new_password).await;
    if !matches!(changed, Ok(false)) {
        state.gate.was_right(&lane, state.now());
    }
    match changed? {
        true => {
            Ok((StatusCode::NO_CONTENT, AppendHeaders(cookies::taken(&headers, transport))).into_response())
        }
        false => Err(Problem::invalid("Nothing was changed: the password you have now is another one.")),
    }
}
