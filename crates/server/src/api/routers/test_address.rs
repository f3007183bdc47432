//! POST /api/v1/router-tests

use axum::extract::State;
use operations::{AddressLogin, AddressTest};
use utoipa::IntoResponses;

use super::shape::{fingerprint, found, tls};
use crate::api::model::check::{RouterTest, RouterTestRequest};
use crate::extract::Json;
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::write(&[
            (409, "Several addresses are being tested at this moment; nothing was sent to this one."),
            (424, "The authorities cannot be used, or the router took too long."),
        ])
    }
}

/// Tests an address before a router is added or moved there, from the process that answers: item by item with one login, or
/// without a user only whether something answers and, with TLS, which certificate it shows. Nothing of it is kept. What fails is in
/// the answer, which is then a 200 all the same.
#[utoipa::path(
    post,
    path = "/api/v1/router-tests",
    tag = "routers",
    operation_id = "test_address",
    request_body = RouterTestRequest,
    responses((status = 200, description = "What was found", body = RouterTest), Errors)
)]
pub(in crate::api) async fn test(
    State(state): State<ServerState>,
    Json(asked): Json<RouterTestRequest>,
) -> Result<axum::Json<RouterTest>, Problem> {
    Ok(axum::Json(found(state.operations.check_address(address(asked)?).await?)))
}

fn address(asked: RouterTestRequest) -> Result<AddressTest, Problem> {
    let mode = tls(asked.tls);
    let password = asked.password.unwrap_or_default();
    Ok(AddressTest {
        host: asked.host,
        port: asked.port.unwrap_or(mode.usual_port()),
        tls: mode,
        fingerprint: asked.fingerprint.as_deref().map(fingerprint).transpose()?,
        login: asked.username.map(|username| AddressLogin { username, password }),
    })
}
