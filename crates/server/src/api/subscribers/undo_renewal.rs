//! POST /api/v1/subscribers/{subscriber}/undo-renewal

use utoipa::IntoResponses;

use super::shape::subscriber;
use crate::api::model::subscriber::Subscriber;
use crate::auth::{Caller, Within};
use crate::extract::Path;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[
            (404, "No subscriber has this username or id."),
            (409, "The open cycle was not opened by a renewal, or that renewal was undone before."),
        ])
    }
}

/// Undoes the last renewal: what was counted since counts with the cycle of before, no entry changes, and the expiry is
/// again what it was unless it was changed since.
#[utoipa::path(
    post,
    path = "/api/v1/subscribers/{subscriber}/undo-renewal",
    tag = "subscribers",
    operation_id = "undo_renewal",
    params(("subscriber" = String, Path, description = "Username or id")),
    responses((status = 200, description = "The subscriber with its open cycle", body = Subscriber), Errors)
)]
pub(in crate::api) async fn undo(
    Within(state): Within,
    Caller(caller): Caller,
    Path(key): Path<String>,
) -> Result<axum::Json<Subscriber>, Problem> {
    Ok(axum::Json(subscriber(state.operations.undo_renewal(&caller.actor, &key).await?)))
}
