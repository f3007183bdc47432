//! GET /api/v1/routers/{name}/doctor

use axum::Json;
use utoipa::IntoResponses;

use super::shape::diagnosis;
use crate::api::model::finding::Diagnosis;
use crate::auth::Within;
use crate::extract::Path;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[(404, "No router has this name.")])
    }
}

/// The same, about one router alone.
#[utoipa::path(
    get,
    path = "/api/v1/routers/{name}/doctor",
    tag = "routers",
    operation_id = "diagnose_router",
    params(("name" = String, Path, description = "The router's name")),
    responses((status = 200, description = "What was found", body = Diagnosis), Errors)
)]
pub(in crate::api) async fn one(
    Within(state): Within,
    Path(name): Path<String>,
) -> Result<Json<Diagnosis>, Problem> {
    Ok(Json(diagnosis(state.operations.diagnose(Some(&name), &state.house).await?)))
}
