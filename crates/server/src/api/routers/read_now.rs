//! POST /api/v1/routers/{name}/read-now

use axum::Json;
use utoipa::IntoResponses;

use crate::api::model::router::ReadNow;
use crate::auth::Within;
use crate::extract::Path;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[
            (404, "No router has this name."),
            (409, "The router is disabled or paused."),
            (424, "The router cannot be reached, refuses, or did not answer within 5 seconds."),
        ])
    }
}

/// Reads a router now and answers once the reading is committed.
#[utoipa::path(
    post,
    path = "/api/v1/routers/{name}/read-now",
    tag = "routers",
    operation_id = "read_router_now",
    params(("name" = String, Path, description = "The router's name")),
    responses((status = 200, description = "The reading", body = ReadNow), Errors)
)]
pub(in crate::api) async fn read_now(
    Within(state): Within,
    Path(name): Path<String>,
) -> Result<Json<ReadNow>, Problem> {
    let reading = state.operations.read_now(&name).await?;
    Ok(Json(ReadNow { poll_seq: reading.poll_seq, at: reading.at.into() }))
}
