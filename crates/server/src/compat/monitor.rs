//! POST /api/monitor/start, POST /api/monitor/stop, GET /api/monitor/status

use axum::http::StatusCode;
use operations::MonitorError;
use serde::Deserialize;
use utoipa::{IntoParams, IntoResponses};
use uuid::Uuid;

use super::errors::declared;
use crate::api::model::compat_monitor::{CompatMonitorChange, CompatMonitors};
use crate::auth::Within;
use crate::extract::Query;
use crate::problem::{self, Declared, Problem};

struct StartErrors;

const REFUSALS: [(u16, &str); 5] = [
    (404, "`customer not found`, or they are not active."),
    (409, "`no active session`: they are not connected."),
    (422, "`failed to get interface name`: no login is theirs."),
    (429, "All slots are taken."),
    (503, "`MikroTik client not connected`, `traffic monitor disabled`, or the database does not answer."),
];

impl IntoResponses for StartErrors {
    fn responses() -> Declared {
        declared(problem::read(&REFUSALS))
    }
}

/// Those of its WebSocket.
pub(crate) fn watch_errors() -> Declared {
    let upgrade = (426, "The request is no WebSocket's beginning.");
    declared(problem::read(&[&REFUSALS[..], &[upgrade]].concat()))
}

struct StopErrors;

impl IntoResponses for StopErrors {
    fn responses() -> Declared {
        let [unknown, elsewhere, ..] = REFUSALS;
        declared(problem::read(&[unknown, elsewhere]))
    }
}

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        declared(problem::read(&[]))
    }
}

/// Of whom.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Id of the subscriber.
    #[param(value_type = Uuid)]
    customer_id: String,
}

/// Watches a subscriber until it is stopped, or nobody reads it for long. Once more is the same as once.
#[utoipa::path(
    post,
    path = "/api/monitor/start",
    tag = "compat",
    operation_id = "compat_start_monitor",
    params(Asked),
    responses((status = 200, description = "They are watched", body = CompatMonitorChange), StartErrors)
)]
pub(super) async fn start(
    Within(state): Within,
    Query(asked): Query<Asked>,
) -> Result<axum::Json<CompatMonitorChange>, Problem> {
    let customer_id = id(&asked.customer_id)?;
    state.operations.start_monitor(&customer_id.to_string()).await.map_err(refused)?;
    Ok(done("Monitoring started", customer_id))
}

/// Ends what was started; who looks at them meanwhile goes on. Without one nothing happens. 503 also where others, which started it or
/// may have, cannot be told.
#[utoipa::path(
    post,
    path = "/api/monitor/stop",
    tag = "compat",
    operation_id = "compat_stop_monitor",
    params(Asked),
    responses((status = 200, description = "It is ended", body = CompatMonitorChange), StopErrors)
)]
pub(super) async fn stop(
    Within(state): Within,
    Query(asked): Query<Asked>,
) -> Result<axum::Json<CompatMonitorChange>, Problem> {
    let customer_id = id(&asked.customer_id)?;
    state.operations.stop_monitor(customer_id).await.map_err(refused)?;
    Ok(done("Monitoring stopped", customer_id))
}

/// Who is watched.
#[utoipa::path(
    get,
    path = "/api/monitor/status",
    tag = "compat",
    operation_id = "compat_monitor_status",
    responses((status = 200, description = "Who is watched", body = CompatMonitors), Errors)
)]
pub(super) async fn status(Within(state): Within) -> Result<axum::Json<CompatMonitors>, Problem> {
    let reached = state.operations.reached_names().await?;
    let status = state.operations.monitors.status();
    let taken = status.monitors.len();
    let shown = status.monitors.iter().filter(|monitor| reached.show(&monitor.customer));
    let active_monitors: Vec<Uuid> = shown.map(|monitor| monitor.customer.id).collect();
    let monitor_count = active_monitors.len();
    let max_concurrent = status.most as usize;
    Ok(axum::Json(CompatMonitors {
        status: "ok",
        active_monitors,
        monitor_count,
        max_concurrent,
        slots_available: max_concurrent.saturating_sub(taken),
    }))
}

fn done(message: &'static str, customer_id: Uuid) -> axum::Json<CompatMonitorChange> {
    axum::Json(CompatMonitorChange { status: "success", message, customer_id })
}

/// The id that a text is.
pub(crate) fn id(text: &str) -> Result<Uuid, Problem> {
    text.parse().map_err(|_| Problem::bad_request("invalid customer_id: it is the UUID of a subscriber"))
}

/// The refusal in the words that its readers know.
pub(crate) fn refused(error: MonitorError) -> Problem {
    match error {
        MonitorError::Disabled => Problem::unavailable("traffic monitor disabled"),
        MonitorError::Unknown => Problem::not_found("customer not found"),
        MonitorError::NoLogin => Problem::invalid("failed to get interface name"),
        MonitorError::NoSession => Problem::conflict("no active session"),
        MonitorError::SlotsTaken { most } => {
            Problem::new(StatusCode::TOO_MANY_REQUESTS, format!("all {most} slots are taken"))
        }
        MonitorError::NotConnected { .. } => Problem::unavailable("MikroTik client not connected"),
        MonitorError::Unheard { .. } | MonitorError::Untold { .. } => Problem::unavailable(error.to_string()),
        MonitorError::Failed(error) => problem::in_query(error),
    }
}
