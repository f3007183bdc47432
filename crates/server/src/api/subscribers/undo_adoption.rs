//! POST /api/v1/subscribers/{subscriber}/undo-adoption

use utoipa::IntoResponses;

use super::adopt::adopted;
use crate::api::model::adoption::AdoptedLogin;
use crate::api::model::list::List;
use crate::auth::{Caller, Within};
use crate::extract::Path;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[
            (404, "No subscriber has this username or id."),
            (409, "Nothing was adopted that is not undone, or the cycle it counts in is closed."),
        ])
    }
}

/// Undoes the last adoption: what it added counts in no cycle any more, no entry changes, and the logins can be adopted anew.
/// They stay the subscriber's.
#[utoipa::path(
    post,
    path = "/api/v1/subscribers/{subscriber}/undo-adoption",
    tag = "subscribers",
    operation_id = "undo_adoption",
    params(("subscriber" = String, Path, description = "Username or id")),
    responses((status = 200, description = "What is adopted no more, in one page", body = List<AdoptedLogin>), Errors)
)]
pub(in crate::api) async fn undo(
    Within(state): Within,
    Caller(caller): Caller,
    Path(key): Path<String>,
) -> Result<axum::Json<List<AdoptedLogin>>, Problem> {
    let undone = state.operations.undo_adoption(&caller.actor, &key).await?;
    Ok(axum::Json(List::whole(undone.into_iter().map(adopted).collect())))
}
