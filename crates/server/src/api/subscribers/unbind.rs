//! POST /api/v1/subscribers/{subscriber}/unbind

use utoipa::IntoResponses;

use super::bind::request;
use super::shape::rebound;
use crate::api::model::bound_login::LoginOfSubscriber;
use crate::api::model::subscriber::Rebound;
use crate::auth::{Caller, Within};
use crate::extract::{Json, Path};
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::write(&[(404, "No subscriber has this username or id.")])
    }
}

/// Ends the binding of a login to a subscriber: what it uses from now on is nobody's. What was counted stays. Routers
/// that show the login are read first, for 5 seconds at most.
#[utoipa::path(
    post,
    path = "/api/v1/subscribers/{subscriber}/unbind",
    tag = "subscribers",
    operation_id = "unbind_login",
    params(("subscriber" = String, Path, description = "Username or id")),
    request_body = LoginOfSubscriber,
    responses((status = 200, description = "What it came to", body = Rebound), Errors)
)]
pub(in crate::api) async fn unbind(
    Within(state): Within,
    Caller(caller): Caller,
    Path(key): Path<String>,
    Json(asked): Json<LoginOfSubscriber>,
) -> Result<axum::Json<Rebound>, Problem> {
    let unbound = state.operations.unbind_login(&caller.actor, &key, request(asked)).await?;
    Ok(axum::Json(rebound(unbound)))
}
