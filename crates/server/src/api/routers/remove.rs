//! DELETE /api/v1/routers/{name}

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
        problem::read(&[(404, "No router has this name."), (409, "It is configured in the file.")])
    }
}

/// Stops reading a router and removes it. What was counted stays.
#[utoipa::path(
    delete,
    path = "/api/v1/routers/{name}",
    tag = "routers",
    operation_id = "remove_router",
    params(("name" = String, Path, description = "The router's name")),
    responses((status = 204, description = "It is removed"), Errors)
)]
pub(in crate::api) async fn remove(
    State(state): State<ServerState>,
    Caller(caller): Caller,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    state.operations.remove_router(&caller.actor, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}
