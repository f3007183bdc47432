//! GET /api/v1/operators/{name}/sign-ins and DELETE /api/v1/operators/{name}/sign-ins/{id}

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use utoipa::IntoResponses;

use crate::api::model::list::List;
use crate::api::model::sign_in::SignIn;
use crate::api::sign_ins::{id_of, sign_in};
use crate::auth::Caller;
use crate::extract::Path;
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[(404, "No operator has this name, or no sign-in of theirs this id.")])
    }
}

/// The browsers in which an operator is signed in, the latest first.
#[utoipa::path(
    get,
    path = "/api/v1/operators/{name}/sign-ins",
    tag = "operators",
    operation_id = "list_operator_sign_ins",
    params(("name" = String, Path, description = "Their name, however it is written")),
    responses((status = 200, description = "All in one page", body = List<SignIn>), Errors)
)]
pub(in crate::api) async fn list(
    State(state): State<ServerState>,
    Caller(caller): Caller,
    Path(name): Path<String>,
) -> Result<Json<List<SignIn>>, Problem> {
    let operator = state.operations.operator(&name).await?;
    let found = state.operations.sign_ins(operator.id).await?;
    Ok(Json(List::whole(found.into_iter().map(|one| sign_in(one, &caller)).collect())))
}

/// Signs an operator out in one of their browsers, at once.
#[utoipa::path(
    delete,
    path = "/api/v1/operators/{name}/sign-ins/{id}",
    tag = "operators",
    operation_id = "end_operator_sign_in",
    params(
        ("name" = String, Path, description = "Their name, however it is written"),
        ("id" = String, Path, description = "The sign-in's id")
    ),
    responses((status = 204, description = "It has ended"), Errors)
)]
pub(in crate::api) async fn end(
    State(state): State<ServerState>,
    Caller(caller): Caller,
    Path((name, id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let operator = state.operations.operator(&name).await?;
    state.operations.end_sign_in(&caller.actor, operator.id, id_of(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
