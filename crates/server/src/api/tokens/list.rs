//! GET /api/v1/tokens

use axum::Json;
use axum::extract::State;
use utoipa::IntoResponses;

use super::shape::token;
use crate::api::model::list::List;
use crate::api::model::token::Token;
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[])
    }
}

/// All tokens without their secrets, newest first, revoked ones included.
#[utoipa::path(
    get,
    path = "/api/v1/tokens",
    tag = "tokens",
    operation_id = "list_tokens",
    responses((status = 200, description = "All tokens in one page", body = List<Token>), Errors)
)]
pub(in crate::api) async fn list(State(state): State<ServerState>) -> Result<Json<List<Token>>, Problem> {
    let tokens = state.operations.list_tokens().await?;
    Ok(Json(List::whole(tokens.into_iter().map(token).collect())))
}
