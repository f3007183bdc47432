//! PUT /api/v1/monitors/{subscriber}

use axum::Json;
use utoipa::IntoResponses;

use super::shape::monitor;
use crate::api::model::monitor::Monitor;
use crate::auth::Within;
use crate::extract::Path;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[
            (404, "No active subscriber has this username or id."),
            (409, "They are not connected, or watching is switched off."),
            (422, "No login is theirs, so no router can be asked about them."),
            (
                424,
                "Their router is not connected, or how many slots other processes have taken is not known.",
            ),
            (429, "All slots are taken."),
        ])
    }
}

/// Watches a subscriber until it is stopped, or nobody reads it for long. Once more is the same as once.
#[utoipa::path(
    put,
    path = "/api/v1/monitors/{subscriber}",
    tag = "monitors",
    operation_id = "start_monitor",
    params(("subscriber" = String, Path, description = "Username or id")),
    responses((status = 200, description = "They are watched", body = Monitor), Errors)
)]
pub(in crate::api) async fn start(
    Within(state): Within,
    Path(key): Path<String>,
) -> Result<Json<Monitor>, Problem> {
    let customer = state.operations.start_monitor(&key).await?;
    let mut monitors = state.operations.monitors.status().monitors.into_iter();
    let started = monitors.find(|monitor| monitor.customer.id == customer);
    let started = started.ok_or_else(|| {
        Problem::conflict("Somebody else stopped watching them at the same moment; start it again.")
    })?;
    Ok(Json(monitor(started)))
}
