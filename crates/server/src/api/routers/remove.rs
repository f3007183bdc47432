//! DELETE /api/v1/routers/{name}

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use utoipa::IntoResponses;

use crate::api::model::router::RouterRemoved;
use crate::auth::Caller;
use crate::extract::Path;
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[(404, "No router has this name."), (409, "It is configured in the file.")])
    }
}

/// Stops reading a router and removes it. What was counted stays; what was set on it for limits is taken off first.
#[utoipa::path(
    delete,
    path = "/api/v1/routers/{name}",
    tag = "routers",
    operation_id = "remove_router",
    params(("name" = String, Path, description = "The router's name")),
    responses(
        (status = 200, description = "It is removed, and something of ours stays on it", body = RouterRemoved),
        (status = 204, description = "It is removed"),
        Errors
    )
)]
pub(in crate::api) async fn remove(
    State(state): State<ServerState>,
    Caller(caller): Caller,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    // Who asked may go away in between; what was begun is brought to its end.
    let removing = async move { state.operations.remove_router(&caller.actor, &name).await };
    let removed = operations::spawn_on_behalf(removing).await.map_err(|broken| {
        tracing::error!(%broken, "removing a router broke off");
        Problem::internal("Removing the router broke off. Look at the routers before you try again.")
    })?;
    Ok(match removed? {
        Some(stays) => Json(RouterRemoved { stays }).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    })
}
