//! POST /api/v1/verify

use axum::Json;
use axum::extract::State;
use utoipa::IntoResponses;

use crate::api::model::verify::Verification;
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[])
    }
}

/// Recomputes every total from its entries. Reads the whole database; counting goes on meanwhile.
#[utoipa::path(
    post,
    path = "/api/v1/verify",
    tag = "audit",
    responses((status = 200, description = "What was found", body = Verification), Errors)
)]
pub(super) async fn verify(State(state): State<ServerState>) -> Result<Json<Verification>, Problem> {
    let report = state.operations.verify().await?;
    Ok(Json(Verification {
        sessions_checked: report.sessions_checked,
        cycles_checked: report.cycles_checked,
        entries_checked: report.entries_checked,
        counters_checked: report.counters_checked,
        audit_checked: report.audit_checked,
        mismatches: report.mismatches,
        mismatches_total: report.mismatches_total,
    }))
}
