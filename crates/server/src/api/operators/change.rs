//! PATCH /api/v1/operators/{name}

use axum::extract::State;
use utoipa::IntoResponses;

use super::shape::operator;
use crate::api::model::operator::{Operator, OperatorPatch};
use crate::auth::Caller;
use crate::extract::{Json, Path};
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::write(&[
            (404, "No operator has this name."),
            (
                409,
                "They are the last admin who can sign in, a group is not there, an admin would be bound, or too many passwords are being set at once.",
            ),
        ])
    }
}

/// Changes an operator, who is signed out everywhere at once. The last admin who can sign in stays one.
#[utoipa::path(
    patch,
    path = "/api/v1/operators/{name}",
    tag = "operators",
    operation_id = "change_operator",
    params(("name" = String, Path, description = "Their name, however it is written")),
    request_body = OperatorPatch,
    responses((status = 200, description = "The operator as they are now", body = Operator), Errors)
)]
pub(in crate::api) async fn change(
    State(state): State<ServerState>,
    Caller(caller): Caller,
    Path(name): Path<String>,
    Json(asked): Json<OperatorPatch>,
) -> Result<axum::Json<Operator>, Problem> {
    let patch = operations::OperatorPatch {
        role: asked.role.map(Into::into),
        password: asked.password,
        disabled: asked.disabled,
        groups: asked.groups,
        instead_of: None,
    };
    let is_new_password = patch.password.is_some();
    let changed = state.operations.change_operator(&caller.actor, &name, patch).await?;
    if is_new_password {
        state.gate.forget_account(&changed.name);
    }
    Ok(axum::Json(operator(changed)))
}
