//! POST /api/v1/subscribers/{subscriber}/bind

use axum::extract::State;
use operations::LoginRequest;
use store::Scope;
use utoipa::IntoResponses;

use super::shape::rebound;
use crate::api::model::bound_login::LoginOfSubscriber;
use crate::api::model::subscriber::Rebound;
use crate::auth::Caller;
use crate::extract::{Json, Path};
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::write(&[
            (404, "No subscriber has this username or id, or no router this name."),
            (409, "The login is a subscriber's there already."),
        ])
    }
}

/// Binds a login to a subscriber from now on, beside those it has. Routers that show the login are read first, for 5
/// seconds at most: what was used until now stays where it was counted.
#[utoipa::path(
    post,
    path = "/api/v1/subscribers/{subscriber}/bind",
    tag = "subscribers",
    operation_id = "bind_login",
    params(("subscriber" = String, Path, description = "Username or id")),
    request_body = LoginOfSubscriber,
    responses((status = 200, description = "What it came to", body = Rebound), Errors)
)]
pub(in crate::api) async fn bind(
    State(state): State<ServerState>,
    Caller(caller): Caller,
    Path(key): Path<String>,
    Json(asked): Json<LoginOfSubscriber>,
) -> Result<axum::Json<Rebound>, Problem> {
    let bound = state.operations.bind_login(&caller.actor, &key, request(asked)).await?;
    Ok(axum::Json(rebound(bound)))
}

pub(super) fn request(asked: LoginOfSubscriber) -> LoginRequest {
    let LoginOfSubscriber { login, service, router } = asked;
    LoginRequest { login: login.0.into(), service, scope: router.map_or(Scope::All, Scope::Router) }
}
