//! POST /api/v1/subscribers/{subscriber}/credits/{id}/cancel

use axum::http::StatusCode;
use utoipa::IntoResponses;

use super::shape::credit;
use crate::api::model::credit::{CancelCredit, Credit};
use crate::auth::{Caller, Within};
use crate::extract::{Json, Path};
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::write(&[
            (404, "No subscriber has this username or id, or no credit of this number."),
            (409, "It was cancelled before, or is a cancellation itself."),
        ])
    }
}

/// Takes a credit back: a line of the same size in the same cycle. The credit itself stays in the journal.
#[utoipa::path(
    post,
    path = "/api/v1/subscribers/{subscriber}/credits/{id}/cancel",
    tag = "credits",
    operation_id = "cancel_credit",
    params(
        ("subscriber" = String, Path, description = "Username or id"),
        ("id" = i64, Path, description = "The credit's number")
    ),
    request_body = CancelCredit,
    responses((status = 201, description = "The line that takes it back", body = Credit), Errors)
)]
pub(in crate::api) async fn cancel(
    Within(state): Within,
    Caller(caller): Caller,
    Path((key, id)): Path<(String, i64)>,
    Json(asked): Json<CancelCredit>,
) -> Result<(StatusCode, axum::Json<Credit>), Problem> {
    let line = state.operations.cancel_credit(&caller.actor, &key, id, asked.reason).await?;
    Ok((StatusCode::CREATED, axum::Json(credit(line))))
}
