//! POST /api/v1/voucher-batches/{id}/revoke

use axum::Json;
use store::VoucherBatchId;
use utoipa::IntoResponses;

use super::shape::batch;
use crate::api::model::voucher::RevokedBatch;
use crate::auth::{Caller, Within};
use crate::extract::Path;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[(404, "No batch has this number.")])
    }
}

/// Takes all vouchers of a batch out of use that are not over: nobody is let in with them, and whoever is in is taken off the
/// routers within seconds.
#[utoipa::path(
    post,
    path = "/api/v1/voucher-batches/{id}/revoke",
    tag = "vouchers",
    operation_id = "revoke_voucher_batch",
    params(("id" = i64, Path, description = "Its number")),
    responses((status = 200, description = "How many were revoked, and the batch", body = RevokedBatch), Errors)
)]
pub(in crate::api) async fn revoke(
    Within(state): Within,
    Caller(caller): Caller,
    Path(id): Path<i64>,
) -> Result<Json<RevokedBatch>, Problem> {
    let revoked = state.operations.revoke_voucher_batch(&caller.actor, VoucherBatchId(id)).await?;
    Ok(Json(RevokedBatch { revoked: revoked.0, batch: batch(revoked.1) }))
}
