//! POST /api/v1/tokens

use axum::extract::State;
use axum::http::StatusCode;
use secrecy::ExposeSecret;
use utoipa::IntoResponses;

use crate::api::model::token::{CreatedToken, NewToken};
use crate::auth::Caller;
use crate::extract::Json;
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::write(&[(409, "A group is not there, or an admin's token would be bound.")])
    }
}

/// Makes a token. The answer is the only place where its secret is ever shown.
#[utoipa::path(
    post,
    path = "/api/v1/tokens",
    tag = "tokens",
    operation_id = "create_token",
    request_body = NewToken,
    responses((status = 201, description = "The token with its secret", body = CreatedToken), Errors)
)]
pub(in crate::api) async fn create(
    State(state): State<ServerState>,
    Caller(caller): Caller,
    Json(new): Json<NewToken>,
) -> Result<(StatusCode, axum::Json<CreatedToken>), Problem> {
    let expires_at = new.expires_at.map(|at| at.0);
    let role = new.role.into();
    let issued =
        state.operations.create_token(&caller.actor, &new.name, role, expires_at, new.groups).await?;
    let created = CreatedToken {
        id: issued.id.to_string(),
        name: issued.name,
        role: issued.role.into(),
        groups: issued.groups,
        token: issued.token.expose_secret().to_owned(),
    };
    Ok((StatusCode::CREATED, axum::Json(created)))
}
