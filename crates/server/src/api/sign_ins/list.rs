//! GET /api/v1/sign-ins

use axum::Json;
use axum::extract::State;
use utoipa::IntoResponses;

use super::shape::sign_in;
use crate::api::model::list::List;
use crate::api::model::sign_in::SignIn;
use crate::auth::Caller;
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[])
    }
}

/// The browsers in which whoever asks is signed in, the latest first; none for a token.
#[utoipa::path(
    get,
    path = "/api/v1/sign-ins",
    tag = "operators",
    operation_id = "list_sign_ins",
    responses((status = 200, description = "All in one page", body = List<SignIn>), Errors)
)]
pub(in crate::api) async fn list(
    State(state): State<ServerState>,
    Caller(caller): Caller,
) -> Result<Json<List<SignIn>>, Problem> {
    let found = match caller.signed_in() {
        Some((operator, _)) => state.operations.sign_ins(operator).await?,
        None => Vec::new(),
    };
    Ok(Json(List::whole(found.into_iter().map(|one| sign_in(one, &caller)).collect())))
}
