//! POST /api/v1/held/{router}/{bucket}/{no}/reject

use axum::Json;
use store::HeldAct;
use utoipa::IntoResponses;

use super::decision::decision;
use crate::api::model::held::Decision;
use crate::auth::{Caller, Within};
use crate::extract::Path;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[(404, "No such entry is held."), (409, "It was decided on before.")])
    }
}

/// Never counts a held entry. Once and for all.
#[utoipa::path(
    post,
    path = "/api/v1/held/{router}/{bucket}/{no}/reject",
    tag = "held",
    operation_id = "reject_held",
    params(
        ("router" = String, Path, description = "The router's name"),
        ("bucket" = i64, Path, description = "Number of the entry's 15-minute bucket"),
        ("no" = u64, Path, description = "The entry's number within the router")
    ),
    responses((status = 200, description = "It is decided", body = Decision), Errors)
)]
pub(in crate::api) async fn reject(
    Within(state): Within,
    Caller(caller): Caller,
    Path((router, bucket, no)): Path<(String, i64, u64)>,
) -> Result<Json<Decision>, Problem> {
    let taken = state.operations.decide_held(&caller.actor, &router, bucket, no, HeldAct::Rejected).await?;
    Ok(Json(decision(taken)))
}
