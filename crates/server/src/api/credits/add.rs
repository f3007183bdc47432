//! POST /api/v1/subscribers/{subscriber}/credits

use accounting::octets::Octets;
use axum::http::StatusCode;
use utoipa::IntoResponses;

use super::shape::credit;
use crate::api::model::count::Count;
use crate::api::model::credit::{Credit, NewCredit};
use crate::auth::{Caller, Within};
use crate::extract::{Json, Path};
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::write(&[(404, "No subscriber has this username or id.")])
    }
}

/// Gives a subscriber octets in the open cycle, beside what was measured.
#[utoipa::path(
    post,
    path = "/api/v1/subscribers/{subscriber}/credits",
    tag = "credits",
    operation_id = "add_credit",
    params(("subscriber" = String, Path, description = "Username or id")),
    request_body = NewCredit,
    responses((status = 201, description = "The credit as given", body = Credit), Errors)
)]
pub(in crate::api) async fn add(
    Within(state): Within,
    Caller(caller): Caller,
    Path(key): Path<String>,
    Json(new): Json<NewCredit>,
) -> Result<(StatusCode, axum::Json<Credit>), Problem> {
    let count = |count: Option<Count>| count.map_or(0, |count| count.0);
    let octets = Octets::new(count(new.upload_octets), count(new.download_octets));
    let given = state.operations.add_credit(&caller.actor, &key, octets, new.reason).await?;
    Ok((StatusCode::CREATED, axum::Json(credit(given))))
}
