//! GET /api/v1/session

use axum::Json;
use utoipa::IntoResponses;

use super::shape::session;
use crate::api::model::sign_in::Who;
use crate::auth::Caller;
use crate::problem::{self, Declared};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[])
    }
}

/// Who asks, and what they may do.
#[utoipa::path(
    get,
    path = "/api/v1/session",
    tag = "operators",
    operation_id = "show_session",
    responses((status = 200, description = "Whoever comes with this token, or is signed in", body = Who), Errors)
)]
pub(in crate::api) async fn show(Caller(caller): Caller) -> Json<Who> {
    Json(session(&caller))
}
