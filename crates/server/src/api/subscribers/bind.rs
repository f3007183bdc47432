//! POST /api/v1/subscribers/{subscriber}/bind

use operations::LoginRequest;
use store::Scope;
use utoipa::IntoResponses;

use super::shape::rebound;
use crate::api::model::bound_login::{LoginOfSubscriber, LoginToBind};
use crate::api::model::subscriber::Rebound;
use crate::auth::{Caller, Within};
use crate::extract::{Json, Path};
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::write(&[
            (404, "No subscriber has this username or id."),
            (409, "The login is a subscriber's there already, or there is nothing to adopt."),
        ])
    }
}

/// Binds a login to a subscriber from now on, beside those it has. Routers that show the login are read first, for 5
/// seconds at most: what was used until now stays where it was counted. With `adopt_from` it counts in the open cycle too,
/// as after an adoption; then nothing is bound unless there is something to adopt.
#[utoipa::path(
    post,
    path = "/api/v1/subscribers/{subscriber}/bind",
    tag = "subscribers",
    operation_id = "bind_login",
    params(("subscriber" = String, Path, description = "Username or id")),
    request_body = LoginToBind,
    responses((status = 200, description = "What it came to", body = Rebound), Errors)
)]
pub(in crate::api) async fn bind(
    Within(state): Within,
    Caller(caller): Caller,
    Path(key): Path<String>,
    Json(asked): Json<LoginToBind>,
) -> Result<axum::Json<Rebound>, Problem> {
    let LoginToBind { login, service, router, adopt_from } = asked;
    let adopt_from = adopt_from.map(|from| from.0);
    let asked = LoginRequest { adopt_from, ..request(LoginOfSubscriber { login, service, router }) };
    let bound = state.operations.bind_login(&caller.actor, &key, asked).await?;
    Ok(axum::Json(rebound(bound)))
}

pub(super) fn request(asked: LoginOfSubscriber) -> LoginRequest {
    let LoginOfSubscriber { login, service, router } = asked;
    let scope = router.map_or(Scope::All, Scope::Router);
    LoginRequest { login: login.0.into(), service, scope, adopt_from: None }
}
