//! GET /api/v1/vouchers/{code}

use axum::Json;
use operations::ShownVoucherUse;
use utoipa::IntoResponses;

use super::shape::{device, voucher};
use crate::api::model::voucher::VoucherDetail;
use crate::auth::Within;
use crate::extract::Path;
use crate::problem::{self, Declared, Problem};

struct Errors;

impl IntoResponses for Errors {
    fn responses() -> Declared {
        problem::read(&[(404, "No voucher has this code.")])
    }
}

/// A voucher with all devices that it ever had, and what they moved.
#[utoipa::path(
    get,
    path = "/api/v1/vouchers/{code}",
    tag = "vouchers",
    operation_id = "show_voucher",
    params(("code" = String, Path, description = "Its code; capitals and blanks do not matter")),
    responses((status = 200, description = "The voucher", body = VoucherDetail), Errors)
)]
pub(in crate::api) async fn show(
    Within(state): Within,
    Path(code): Path<String>,
) -> Result<Json<VoucherDetail>, Problem> {
    let (shown, ShownVoucherUse { devices, usage, left_octets }) = state.operations.voucher(&code).await?;
    let phase = shown.phase;
    Ok(Json(VoucherDetail {
        voucher: voucher(shown),
        upload_octets: usage.booked.input,
        download_octets: usage.booked.output,
        moved_octets: usage.moved,
        left_octets,
        octets_as_of: usage.as_of.map(Into::into),
        used_by: devices.into_iter().map(|shown| device(shown, phase)).collect(),
    }))
}
