//! GET /api/v1/subscribers/{subscriber}

use axum::Json;
use utoipa::IntoResponses;

use super::shape::subscriber;
use crate::api::model::subscriber::Subscriber;
use crate::auth::Within;
use crate::extract::Path;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[(404, "No subscriber has this username or id.")])
    }
}

/// One subscriber with its open cycle.
#[utoipa::path(
    get,
    path = "/api/v1/subscribers/{subscriber}",
    tag = "subscribers",
    operation_id = "show_subscriber",
    params(("subscriber" = String, Path, description = "Username or id")),
    responses((status = 200, description = "The subscriber", body = Subscriber), Errors)
)]
pub(in crate::api) async fn show(
    Within(state): Within,
    Path(key): Path<String>,
) -> Result<Json<Subscriber>, Problem> {
    Ok(Json(subscriber(state.operations.subscriber(&key).await?)))
}
