//! Which vouchers.

use operations::VoucherFilter;
use serde::Deserialize;
use store::VoucherBatchId;
use utoipa::IntoParams;

use super::shape::phase;
use crate::api::model::voucher::VoucherState;

/// Which vouchers.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct Asked {
    /// Only of the batch of this number.
    pub(super) batch: Option<i64>,
    /// Only those that stand like this.
    pub(super) state: Option<VoucherState>,
    /// Only of this plan.
    pub(super) plan: Option<String>,
    /// Only of this seller.
    pub(super) seller: Option<String>,
    /// Only those that a device of this MAC was ever let in with; twelve hex digits, however they are parted.
    pub(super) mac: Option<String>,
}

impl From<Asked> for VoucherFilter {
    fn from(asked: Asked) -> VoucherFilter {
        VoucherFilter {
            batch: asked.batch.map(VoucherBatchId),
            phase: asked.state.map(phase),
            plan: asked.plan,
            seller: asked.seller,
            mac: asked.mac,
        }
    }
}
