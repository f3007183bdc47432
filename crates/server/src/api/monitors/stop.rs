//! DELETE /api/v1/monitors/{subscriber}

use axum::http::StatusCode;
use utoipa::IntoResponses;

use crate::auth::Within;
use crate::extract::Path;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[
            (404, "No subscriber has this username or id."),
            (424, "It is not started here any more; others, which did so or may have, cannot be told."),
        ])
    }
}

/// Ends what was started; who looks at them meanwhile goes on. Where nothing was started nothing happens.
#[utoipa::path(
    delete,
    path = "/api/v1/monitors/{subscriber}",
    tag = "monitors",
    operation_id = "stop_monitor",
    params(("subscriber" = String, Path, description = "Username or id")),
    responses((status = 204, description = "It is ended"), Errors)
)]
pub(in crate::api) async fn stop(
    Within(state): Within,
    Path(key): Path<String>,
) -> Result<StatusCode, Problem> {
    let subscriber = state.operations.subscriber(&key).await?.subscriber;
    state.operations.stop_monitor(subscriber.id).await?;
    Ok(StatusCode::NO_CONTENT)
}
