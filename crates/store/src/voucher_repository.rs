//! The books of vouchers: making them, finding them, and what people do to them.

use accounting::time::Micros;
use async_trait::async_trait;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::ids::{VoucherBatchId, VoucherId};
use crate::reach::Reach;
use crate::voucher::{IssuedVoucher, Voucher, VoucherBatch, VoucherDevice, VoucherIssue, VoucherPhase};

/// What became of making vouchers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MadeVouchers {
    /// They are there.
    Made(Box<VoucherBatch>),
    /// Nothing was written: these codes are other vouchers' already, so others have to be drawn.
    Taken(Vec<String>),
}

/// Which batches are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VoucherBatchQuery {
    /// Only of that plan, exactly.
    pub plan: Option<String>,
    /// Only of that seller, exactly.
    pub seller: Option<String>,
    /// Only before this one; from the newest when `None`.
    pub before: Option<VoucherBatchId>,
    /// At most so many.
    pub limit: u32,
}

/// Which vouchers are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VoucherQuery {
    /// Only of that batch.
    pub batch: Option<VoucherBatchId>,
    /// Only those that stand like this.
    pub phase: Option<VoucherPhase>,
    /// Only of that plan, exactly.
    pub plan: Option<String>,
    /// Only of that seller, exactly.
    pub seller: Option<String>,
    /// Only those that a device of this MAC, as routers write it, was ever let in with.
    pub mac: Option<String>,
    /// Only before this one; from the newest when `None`.
    pub before: Option<VoucherId>,
    /// Only those of whom asks.
    pub whose: WhoseVouchers,
    /// At most so many.
    pub limit: u32,
}

/// Whose vouchers are told: all, or those of somebody who is bound to groups of routers. Theirs are what they made, and what was used on
/// routers that they reach and on no other. What others made and nobody used yet is good anywhere, and so nobody's who is bound.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WhoseVouchers {
    /// Which routers they reach.
    pub reach: Reach,
    /// As what they make vouchers.
    pub maker: String,
}

impl WhoseVouchers {
    /// All vouchers.
    pub fn all() -> Self {
        WhoseVouchers { reach: Reach::Everywhere, maker: String::new() }
    }
}

/// Vouchers of one plan, seller and price that were used first on one day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SoldVouchers {
    /// Which of the days that were asked for, from 0.
    pub day: usize,
    /// Their plan.
    pub plan: Option<String>,
    /// Their seller.
    pub seller: Option<String>,
    /// What each cost, a decimal number as text.
    pub price: Option<String>,
    /// How many.
    pub sold: u64,
    /// How many of them were revoked since.
    pub revoked: u64,
}

/// See the module. Codes are compared in capitals: who asks gives them so.
#[async_trait]
pub trait VoucherRepository: Send + Sync {
    /// Makes vouchers with these codes, which are all different; none is written when one is taken. The batch's number becomes the
    /// act's subject.
    async fn insert_vouchers(
        &self,
        issue: VoucherIssue,
        codes: Vec<String>,
        act: NewAudit,
    ) -> Result<MadeVouchers, StoreError>;

    /// Batches as asked for, newest first; how their vouchers stand now.
    async fn list_voucher_batches(
        &self,
        query: VoucherBatchQuery,
        now: Micros,
    ) -> Result<Vec<VoucherBatch>, StoreError>;

    /// The batch of that number; how its vouchers stand now.
    async fn voucher_batch(
        &self,
        id: VoucherBatchId,
        now: Micros,
    ) -> Result<Option<VoucherBatch>, StoreError>;

    /// Vouchers as asked for, newest first; of one batch from its last to its first.
    async fn list_vouchers(&self, query: VoucherQuery, now: Micros)
    -> Result<Vec<IssuedVoucher>, StoreError>;

    /// The voucher of that code with all devices it ever had, in the order in which they came.
    async fn voucher_by_code(
        &self,
        code: String,
    ) -> Result<Option<(IssuedVoucher, Vec<VoucherDevice>)>, StoreError> {
        self.voucher_by_code_within(code, WhoseVouchers::all()).await
    }

    /// The same if it is of these; of its devices those on routers that are reached.
    async fn voucher_by_code_within(
        &self,
        code: String,
        whose: WhoseVouchers,
    ) -> Result<Option<(IssuedVoucher, Vec<VoucherDevice>)>, StoreError>;

    /// Stops the time of one that runs, at the act's instant; `None`: it does not run. Its devices are to be taken off the routers
    /// as long as it is paused.
    async fn pause_voucher(&self, id: VoucherId, act: NewAudit) -> Result<Option<Voucher>, StoreError>;

    /// Lets the time of one that is paused go on, at the act's instant; `None`: it is not paused.
    async fn resume_voucher(&self, id: VoucherId, act: NewAudit) -> Result<Option<Voucher>, StoreError>;

    /// Stops the time of all of a batch that run, at the act's instant; how many those were. Writes `act` only if there was one.
    async fn pause_voucher_batch(&self, id: VoucherBatchId, act: NewAudit) -> Result<u64, StoreError>;

    /// Lets the time of all of a batch go on that are paused, at the act's instant; how many those were. Writes `act` only if there
    /// was one.
    async fn resume_voucher_batch(&self, id: VoucherBatchId, act: NewAudit) -> Result<u64, StoreError>;

    /// Takes one out of use that is not over, at the act's instant; `None`: it is over or revoked.
    async fn revoke_voucher(&self, id: VoucherId, act: NewAudit) -> Result<Option<Voucher>, StoreError>;

    /// Takes all out of use that are not over, at the act's instant; how many those were. Writes `act` only if there was one.
    async fn revoke_voucher_batch(&self, id: VoucherBatchId, act: NewAudit) -> Result<u64, StoreError>;

    /// What was first used in each of these days, which begin at one instant and end at the next; in the order of [`SoldVouchers`].
    async fn voucher_sales(&self, edges: Vec<Micros>) -> Result<Vec<SoldVouchers>, StoreError>;
}
