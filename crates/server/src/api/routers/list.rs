//! GET /api/v1/routers

use axum::Json;
use utoipa::IntoResponses;

use super::shape::router;
use crate::api::model::list::List;
use crate::api::model::router::Router;
use crate::auth::Within;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[])
    }
}

/// All routers by name, and how they stand.
#[utoipa::path(
    get,
    path = "/api/v1/routers",
    tag = "routers",
    operation_id = "list_routers",
    responses((status = 200, description = "All routers in one page", body = List<Router>), Errors)
)]
pub(in crate::api) async fn list(Within(state): Within) -> Result<Json<List<Router>>, Problem> {
    let routers = state.operations.list_routers().await?;
    Ok(Json(List::whole(routers.into_iter().map(router).collect())))
}
