//! POST /api/v1/operators

use axum::extract::State;
use axum::http::StatusCode;
use utoipa::IntoResponses;

use super::shape::operator;
use crate::api::model::operator::{NewOperator, Operator};
use crate::auth::Caller;
use crate::extract::Json;
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::write(&[(
            409,
            "Somebody has this name, a group is not there, an admin would be bound, or too many passwords are being set at once.",
        )])
    }
}

/// Adds an operator, who may sign in at once.
#[utoipa::path(
    post,
    path = "/api/v1/operators",
    tag = "operators",
    operation_id = "create_operator",
    request_body = NewOperator,
    responses((status = 201, description = "The operator", body = Operator), Errors)
)]
pub(in crate::api) async fn create(
    State(state): State<ServerState>,
    Caller(caller): Caller,
    Json(new): Json<NewOperator>,
) -> Result<(StatusCode, axum::Json<Operator>), Problem> {
    let NewOperator { name, role, password, groups } = new;
    let created =
        state.operations.create_operator(&caller.actor, &name, role.into(), password, groups).await?;
    Ok((StatusCode::CREATED, axum::Json(operator(created))))
}
