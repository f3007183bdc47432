//! GET /api/v1/usage/history

use axum::Json;
use operations::HistoryStep;

use super::asked::{Asked, Errors};
use crate::api::model::history::{History, HistoryItem};
use crate::auth::Within;
use crate::extract::Query;
use crate::problem::{self, Problem};

/// What was used, step by step: one sum of all that is asked for.
#[utoipa::path(
    get,
    path = "/api/v1/usage/history",
    tag = "usage",
    params(Asked),
    responses((status = 200, description = "The steps", body = History), Errors)
)]
pub(in crate::api) async fn history(
    Within(state): Within,
    Query(asked): Query<Asked>,
) -> Result<Json<History>, Problem> {
    let (step, zone) = asked.calendar();
    let history = state.operations.history(asked.into()).await.map_err(problem::in_query)?;
    let detail_from = history.detail_from.map(Into::into);
    let items = history.steps.into_iter().map(item).collect();
    Ok(Json(History { step, zone, detail_from, items, next: None }))
}

fn item(step: HistoryStep) -> HistoryItem {
    HistoryItem {
        from: step.span.start.into(),
        to: step.span.end.into(),
        local: step.local,
        upload_octets: step.octets.input,
        download_octets: step.octets.output,
        unobserved_upper_octets: step.upper_octets,
        covered_percent: step.covered_percent,
    }
}
