//! GET /api/v1/live

use axum::response::Response;
use utoipa::IntoResponses;

use super::client::Form;
use super::upgrade::{Asked, open, upgrade};
use crate::auth::{Credential, Within};
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[
            (426, "The request is no WebSocket's beginning."),
            (503, "All places for live connections are taken, or the database does not answer."),
        ])
    }
}

/// A WebSocket to look at subscribers: send a LiveQuestion to add one or to leave one, each message that comes is a
/// LiveMessage. Whom it looks at is watched for as long as the connection is open. A page in a browser, which can send no header
/// of its own with it, offers two protocols: `tikmeter`, and `bearer.` followed by its token.
#[utoipa::path(
    get,
    path = "/api/v1/live",
    tag = "monitors",
    operation_id = "live",
    responses((status = 101, description = "A WebSocket"), Errors)
)]
pub(super) async fn live(
    Within(state): Within,
    credential: Credential,
    asked: Asked,
) -> Result<Response, Problem> {
    let upgrade = upgrade(asked)?;
    let place = state.live.place()?;
    let view = state.operations.view_nobody();
    let reached = state.operations.reached_names().await?;
    Ok(open(upgrade, credential, (place, (view, reached), Form::V1), &state))
}
