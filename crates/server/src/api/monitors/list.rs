//! GET /api/v1/monitors

use axum::Json;
use axum::extract::State;
use utoipa::IntoResponses;

use super::shape::monitor;
use crate::api::model::monitor::Monitors;
use crate::problem::{self, Declared};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[])
    }
}

/// Who is watched live, how that stands, and how many slots there are.
#[utoipa::path(
    get,
    path = "/api/v1/monitors",
    tag = "monitors",
    operation_id = "list_monitors",
    responses((status = 200, description = "Who is watched", body = Monitors), Errors)
)]
pub(in crate::api) async fn list(State(state): State<ServerState>) -> Json<Monitors> {
    let status = state.operations.monitors.status();
    let (slots, taken) = (status.most as usize, status.monitors.len());
    Json(Monitors {
        items: status.monitors.into_iter().map(monitor).collect(),
        next: None,
        slots,
        slots_free: slots.saturating_sub(taken),
    })
}
