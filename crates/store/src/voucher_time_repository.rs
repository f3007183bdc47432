//! By what clock the time of vouchers, holds, and limits for a while is counted on each host. A host is known by its boot: its monotonic clock begins with it.

use accounting::time::Micros;
use async_trait::async_trait;

use crate::error::StoreError;

/// What a process sees of its host's clocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostTime {
    /// The process.
    pub node: String,
    /// Which boot of which host it is ([`accounting::time::HostInstant`]).
    pub epoch: u128,
    /// By how much the wall clock was ahead of the monotonic one, microseconds, as [`VoucherTimeRepository::host_time`] said.
    pub known: Option<i64>,
    /// By how much it is ahead now.
    pub ahead_us: i64,
    /// When (the wall clock).
    pub at: Micros,
}

/// See the module.
#[async_trait]
pub trait VoucherTimeRepository: Send + Sync {
    /// By how much a host's wall clock is ahead of its monotonic one by the books, microseconds; `None`: this process has not said
    /// since the host started.
    async fn host_time(&self, node: String, epoch: u128) -> Result<Option<i64>, StoreError>;

    /// By how much it is ahead from now on, by the books. A process that says it the first time gets what another of its host said.
    /// Where it differs from `known` the clock was set: once, whichever process is first, all vouchers that have not ended, all
    /// holds, and all limits that last for a while, are moved along, with a line `voucher.clock` in the journal. Where processes of another host are alive as well, whose clocks may be as
    /// they were, none is moved and it stays as it was.
    async fn settle_host_time(&self, seen: HostTime) -> Result<i64, StoreError>;
}
