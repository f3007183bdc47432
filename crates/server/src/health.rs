//! For load balancers and service managers: does the process run, and can it work? Public, hence without detail.

use axum::extract::State;
use utoipa::IntoResponses;

use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::public(&[])
    }
}

/// The process runs.
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "server",
    security(()),
    responses((status = 200, description = "It runs", content_type = "text/plain", body = str), Errors)
)]
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// The process runs, its database answers and takes the readings of every router. `degraded`: so it does, but Redis does not
/// take or carry all that is wanted of it: events, live samples, what goes between processes.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "server",
    security(()),
    responses((status = 200, description = "It can work: `ready` or `degraded`", content_type = "text/plain", body = str), Errors)
)]
pub(crate) async fn readyz(State(state): State<ServerState>) -> Result<&'static str, Problem> {
    let degraded = !state.redis_troubles().is_empty();
    let why = match state.operations.store_trouble().await {
        Ok(None) if degraded => return Ok("degraded\n"),
        Ok(None) => return Ok("ready\n"),
        Ok(Some(trouble)) => trouble,
        Err(error) => error.to_string(),
    };
    tracing::warn!(%why, "not ready");
    Err(Problem::unavailable("Not ready; ask the status with a token to learn why."))
}
