//! GET /api/v1/routers/{name}

use axum::Json;
use utoipa::IntoResponses;

use super::shape::router;
use crate::api::model::router::Router;
use crate::auth::Within;
use crate::extract::Path;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[(404, "No router has this name.")])
    }
}

/// One router and how it stands.
#[utoipa::path(
    get,
    path = "/api/v1/routers/{name}",
    tag = "routers",
    operation_id = "show_router",
    params(("name" = String, Path, description = "The router's name")),
    responses((status = 200, description = "The router", body = Router), Errors)
)]
pub(in crate::api) async fn show(
    Within(state): Within,
    Path(name): Path<String>,
) -> Result<Json<Router>, Problem> {
    Ok(Json(router(state.operations.router(&name).await?)))
}
