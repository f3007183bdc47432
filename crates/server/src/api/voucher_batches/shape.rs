//! A batch towards clients.

use crate::api::model::voucher::{VoucherBatch, VoucherCounts};
use crate::api::vouchers::shape::terms;

pub(super) fn batch(batch: store::VoucherBatch) -> VoucherBatch {
    let store::VoucherCounts { unused, running, paused, over, revoked } = batch.counts;
    VoucherBatch {
        id: batch.id.0,
        size: batch.size,
        states: VoucherCounts { unused, running, paused, over, revoked },
        terms: terms(batch.issue),
    }
}
