//! GET /api/v1/subscribers/{subscriber}/cycles

use axum::Json;
use serde::Deserialize;
use utoipa::{IntoParams, IntoResponses};

use super::shape::cycle;
use crate::api::model::list::List;
use crate::api::model::subscriber::Cycle;
use crate::api::paging;
use crate::auth::Within;
use crate::extract::{Path, Query};
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[(404, "No subscriber has this username or id.")])
    }
}

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct Asked {
    /// Where the page before said to go on.
    cursor: Option<String>,
    /// How many items the page shall have.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<u32>,
}

/// A subscriber's cycles, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/subscribers/{subscriber}/cycles",
    tag = "subscribers",
    operation_id = "list_cycles",
    params(("subscriber" = String, Path, description = "Username or id"), Asked),
    responses((status = 200, description = "A page of cycles", body = List<Cycle>), Errors)
)]
pub(in crate::api) async fn cycles(
    Within(state): Within,
    Path(key): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Json<List<Cycle>>, Problem> {
    let size = paging::size(asked.limit)?;
    let before = asked.cursor.as_deref().map(read_cursor).transpose()?;
    let rows = state.operations.cycles(&key, before, paging::one_more(size)).await?;
    let shape = |(totals, seen)| cycle(totals, seen);
    Ok(Json(paging::page(rows, size, |(totals, _)| totals.seq_no.to_string(), shape)))
}

fn read_cursor(cursor: &str) -> Result<u32, Problem> {
    let [seq_no] = paging::numbers(cursor)?;
    Ok(u32::try_from(seq_no).unwrap_or(u32::MAX))
}
