//! GET /api/v1/monitors

use axum::Json;
use utoipa::IntoResponses;

use super::shape::monitor;
use crate::api::model::monitor::Monitors;
use crate::auth::Within;
use crate::problem::{self, Declared, Problem};

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
pub(in crate::api) async fn list(Within(state): Within) -> Result<Json<Monitors>, Problem> {
    let reached = state.operations.reached_names().await?;
    let status = state.operations.monitors.status();
    let (slots, taken) = (status.most as usize, status.monitors.len());
    let shown = status.monitors.into_iter().filter(|one| reached.show(&one.customer));
    Ok(Json(Monitors {
        items: shown.map(monitor).collect(),
        next: None,
        slots,
        slots_free: slots.saturating_sub(taken),
    }))
}
