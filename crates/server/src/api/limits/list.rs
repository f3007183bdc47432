//! GET /api/v1/limits

use axum::Json;
use serde::Deserialize;
use utoipa::{IntoParams, IntoResponses};

use super::shape::limit;
use crate::api::model::limit::Limit;
use crate::api::model::list::List;
use crate::auth::Within;
use crate::extract::Query;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[(404, "No router has this name.")])
    }
}

/// Which limits.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct Asked {
    /// Only of this router.
    router: Option<String>,
}

/// The limits that are wanted, all on one page, and how they stand on the routers of this process.
#[utoipa::path(
    get,
    path = "/api/v1/limits",
    tag = "limits",
    operation_id = "list_limits",
    params(Asked),
    responses((status = 200, description = "All that are wanted", body = List<Limit>), Errors)
)]
pub(in crate::api) async fn list(
    Within(state): Within,
    Query(asked): Query<Asked>,
) -> Result<Json<List<Limit>>, Problem> {
    let limits = state.operations.list_limits(asked.router.as_deref()).await.map_err(problem::in_query)?;
    Ok(Json(List { items: limits.into_iter().map(limit).collect(), next: None }))
}
