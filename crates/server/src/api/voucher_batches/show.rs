//! GET /api/v1/voucher-batches/{id}

use axum::Json;
use axum::extract::State;
use store::VoucherBatchId;
use utoipa::IntoResponses;

use super::shape::batch;
use crate::api::model::voucher::VoucherBatch;
use crate::extract::Path;
use crate::problem::{self, Declared, Problem};
use crate::state::ServerState;

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[(404, "No batch has this number.")])
    }
}

/// A batch of vouchers, and how they stand.
#[utoipa::path(
    get,
    path = "/api/v1/voucher-batches/{id}",
    tag = "vouchers",
    operation_id = "show_voucher_batch",
    params(("id" = i64, Path, description = "Its number")),
    responses((status = 200, description = "The batch", body = VoucherBatch), Errors)
)]
pub(in crate::api) async fn show(
    State(state): State<ServerState>,
    Path(id): Path<i64>,
) -> Result<Json<VoucherBatch>, Problem> {
    Ok(Json(batch(state.operations.voucher_batch(VoucherBatchId(id)).await?)))
}
