//! GET /api/v1/doctor

use axum::Json;
use utoipa::IntoResponses;

use super::shape::diagnosis;
use crate::api::model::finding::Diagnosis;
use crate::auth::Within;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[])
    }
}

/// Looks for what makes figures or limits wrong: on every router, each asked now with one login, and on the server's machine. Nothing is
/// changed. What cannot be looked at is in the answer, which is then a 200 all the same.
#[utoipa::path(
    get,
    path = "/api/v1/doctor",
    tag = "status",
    operation_id = "diagnose",
    responses((status = 200, description = "What was found", body = Diagnosis), Errors)
)]
pub(in crate::api) async fn all(Within(state): Within) -> Result<Json<Diagnosis>, Problem> {
    Ok(Json(diagnosis(state.operations.diagnose(None, &state.house).await?)))
}
