//! POST /api/v1/voucher-batches/{id}/pause

use axum::Json;
use store::VoucherBatchId;
use utoipa::IntoResponses;

use super::shape::batch;
use crate::api::model::voucher::PausedBatch;
use crate::auth::{Caller, Within};
use crate::extract::Path;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[(404, "No batch has this number.")])
    }
}

/// Stops the time of all vouchers of a batch that run. Their devices are taken off the routers within seconds, and nothing of
/// their time is used until they go on.
#[utoipa::path(
    post,
    path = "/api/v1/voucher-batches/{id}/pause",
    tag = "vouchers",
    operation_id = "pause_voucher_batch",
    params(("id" = i64, Path, description = "Its number")),
    responses((status = 200, description = "How many were paused, and the batch", body = PausedBatch), Errors)
)]
pub(in crate::api) async fn pause(
    Within(state): Within,
    Caller(caller): Caller,
    Path(id): Path<i64>,
) -> Result<Json<PausedBatch>, Problem> {
    let (paused, after) = state.operations.pause_voucher_batch(&caller.actor, VoucherBatchId(id)).await?;
    Ok(Json(PausedBatch { paused, batch: batch(after) }))
}
