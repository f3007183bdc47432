//! POST /api/v1/voucher-batches/{id}/resume

use axum::Json;
use store::VoucherBatchId;
use utoipa::IntoResponses;

use super::shape::batch;
use crate::api::model::voucher::ResumedBatch;
use crate::auth::{Caller, Within};
use crate::extract::Path;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[(404, "No batch has this number.")])
    }
}

/// Lets the time of all vouchers of a batch go on that are paused, whoever paused them.
#[utoipa::path(
    post,
    path = "/api/v1/voucher-batches/{id}/resume",
    tag = "vouchers",
    operation_id = "resume_voucher_batch",
    params(("id" = i64, Path, description = "Its number")),
    responses((status = 200, description = "How many go on, and the batch", body = ResumedBatch), Errors)
)]
pub(in crate::api) async fn resume(
    Within(state): Within,
    Caller(caller): Caller,
    Path(id): Path<i64>,
) -> Result<Json<ResumedBatch>, Problem> {
    let (resumed, after) = state.operations.resume_voucher_batch(&caller.actor, VoucherBatchId(id)).await?;
    Ok(Json(ResumedBatch { resumed, batch: batch(after) }))
}
