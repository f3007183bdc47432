//! POST /api/v1/routers/{name}/test

use axum::Json;
use utoipa::IntoResponses;

use super::shape::found;
use crate::api::model::check::RouterTest;
use crate::auth::Within;
use crate::extract::Path;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[
            (404, "No router has this name."),
            (424, "Its password or the authorities cannot be used, so it was not asked."),
        ])
    }
}

/// Tests a router item by item, with one login. What fails is in the answer, which is then a 200 all the same.
#[utoipa::path(
    post,
    path = "/api/v1/routers/{name}/test",
    tag = "routers",
    operation_id = "test_router",
    params(("name" = String, Path, description = "The router's name")),
    responses((status = 200, description = "What was found", body = RouterTest), Errors)
)]
pub(in crate::api) async fn test(
    Within(state): Within,
    Path(name): Path<String>,
) -> Result<Json<RouterTest>, Problem> {
    Ok(Json(found(state.operations.check_router(&name).await?)))
}
