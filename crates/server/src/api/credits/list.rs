//! GET /api/v1/subscribers/{subscriber}/credits

use axum::Json;
use serde::Deserialize;
use utoipa::{IntoParams, IntoResponses};

use super::shape::credit;
use crate::api::model::credit::Credit;
use crate::api::model::list::List;
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

/// A subscriber's credits and what takes them back, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/subscribers/{subscriber}/credits",
    tag = "credits",
    operation_id = "list_credits",
    params(("subscriber" = String, Path, description = "Username or id"), Asked),
    responses((status = 200, description = "A page of the journal", body = List<Credit>), Errors)
)]
pub(in crate::api) async fn list(
    Within(state): Within,
    Path(key): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Json<List<Credit>>, Problem> {
    let size = paging::size(asked.limit)?;
    let before = asked.cursor.as_deref().map(paging::numbers::<1>).transpose()?.map(|[id]| id);
    let rows = state.operations.credits(&key, before, paging::one_more(size)).await?;
    Ok(Json(paging::page(rows, size, |row| row.id.to_string(), credit)))
}
