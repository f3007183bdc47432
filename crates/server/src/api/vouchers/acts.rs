//! POST /api/v1/vouchers/{code}/pause, /resume and /revoke

use axum::Json;
use utoipa::IntoResponses;

use super::shape::voucher;
use crate::api::model::voucher::Voucher;
use crate::auth::{Caller, Within};
use crate::extract::Path;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[
            (404, "No voucher has this code."),
            (409, "It does not stand so that this can be done to it; the detail says how it stands."),
        ])
    }
}

/// Stops the time of a voucher that runs. Its devices are taken off the routers within seconds, and nothing of its time is
/// used until it goes on.
#[utoipa::path(
    post,
    path = "/api/v1/vouchers/{code}/pause",
    tag = "vouchers",
    operation_id = "pause_voucher",
    params(("code" = String, Path, description = "Its code")),
    responses((status = 200, description = "The voucher as it stands then", body = Voucher), Errors)
)]
pub(in crate::api) async fn pause(
    Within(state): Within,
    Caller(caller): Caller,
    Path(code): Path<String>,
) -> Result<Json<Voucher>, Problem> {
    Ok(Json(voucher(state.operations.pause_voucher(&caller.actor, &code).await?)))
}

/// Lets the time of a voucher go on that is paused.
#[utoipa::path(
    post,
    path = "/api/v1/vouchers/{code}/resume",
    tag = "vouchers",
    operation_id = "resume_voucher",
    params(("code" = String, Path, description = "Its code")),
    responses((status = 200, description = "The voucher as it stands then", body = Voucher), Errors)
)]
pub(in crate::api) async fn resume(
    Within(state): Within,
    Caller(caller): Caller,
    Path(code): Path<String>,
) -> Result<Json<Voucher>, Problem> {
    Ok(Json(voucher(state.operations.resume_voucher(&caller.actor, &code).await?)))
}

/// Takes a voucher out of use for good: nobody is let in with it, and whoever is in is taken off the routers within seconds.
#[utoipa::path(
    post,
    path = "/api/v1/vouchers/{code}/revoke",
    tag = "vouchers",
    operation_id = "revoke_voucher",
    params(("code" = String, Path, description = "Its code")),
    responses((status = 200, description = "The voucher as it stands then", body = Voucher), Errors)
)]
pub(in crate::api) async fn revoke(
    Within(state): Within,
    Caller(caller): Caller,
    Path(code): Path<String>,
) -> Result<Json<Voucher>, Problem> {
    Ok(Json(voucher(state.operations.revoke_voucher(&caller.actor, &code).await?)))
}
