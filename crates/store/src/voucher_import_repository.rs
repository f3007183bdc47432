//! Vouchers that another program made: their codes are given, and some of them were used there.

use accounting::time::Micros;
use async_trait::async_trait;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::voucher::VoucherIssue;

/// Vouchers of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VouchersToImport {
    /// What is told of them.
    pub issue: VoucherIssue,
    /// Each of them; their codes are all different, also from those of other batches.
    pub vouchers: Vec<VoucherToImport>,
    /// Its line of the journal; the batch's number becomes the subject.
    pub act: NewAudit,
}

/// A voucher with its code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoucherToImport {
    /// In capitals.
    pub code: String,
    /// How it was used before; `None`: nobody did.
    pub used: Option<UsedBefore>,
}

/// How a voucher was used in the other program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsedBefore {
    /// When somebody was let in with it first.
    pub first_used_at: Micros,
    /// Microseconds that are left of its time, which runs from the act's instant on; `None`: no limit.
    pub left_us: Option<u64>,
}

/// See the module.
#[async_trait]
pub trait VoucherImportRepository: Send + Sync {
    /// Those of these codes, in capitals, that are vouchers' already.
    async fn known_vouchers(&self, codes: Vec<String>) -> Result<Vec<String>, StoreError>;

    /// Makes those whose codes are no voucher's yet, all of them or none; of a batch all of whose codes are known nothing is written.
    /// How many were made.
    async fn import_vouchers(&self, batches: Vec<VouchersToImport>) -> Result<u64, StoreError>;
}
