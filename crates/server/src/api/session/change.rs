//! PATCH /api/v1/session

use axum::extract::State;
use axum::http::StatusCode;
use utoipa::IntoResponses;

use super::end::not_signed_in;
use crate::api::model::sign_in::{Language, SessionPatch};
use crate::auth::Caller;
use crate::extract::Json;
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::write(&[
            (404, "They were removed in between."),
            (409, "A token has no account of which anything could be chosen."),
        ])
    }
}

/// Changes one's own account; nobody is signed out by it.
#[utoipa::path(
    patch,
    path = "/api/v1/session",
    tag = "operators",
    operation_id = "change_own_account",
    request_body = SessionPatch,
    responses((status = 204, description = "It is changed"), Errors)
)]
pub(in crate::api) async fn change(
    State(state): State<ServerState>,
    Caller(caller): Caller,
    Json(patch): Json<SessionPatch>,
) -> Result<StatusCode, Problem> {
    let (operator, _) = caller.signed_in().ok_or_else(not_signed_in)?;
    if let Some(language) = patch.language {
        let language = language.map(|language| Language::as_str(language).to_owned());
        state.operations.choose_language(operator, language).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}
