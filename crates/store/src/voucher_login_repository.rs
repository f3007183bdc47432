//! What the logins of vouchers' devices moved, as looks at their routers showed it: younger than the ledger, which is of the last
//! reading, and kept for each login, so that what was moved before a device was put off is counted with what it moves when it is back.

use accounting::Octets;
use accounting::time::{Micros, StartInterval, StartMove};
use async_trait::async_trait;

use crate::error::StoreError;
use crate::ids::{NasId, VoucherDeviceId, VoucherId};

/// A voucher's device, as its router showed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenVoucherLogin {
    /// The hotspot user's name.
    pub login: Vec<u8>,
    /// The device, as routers write it.
    pub mac: String,
    /// Its login; `None`: it is not logged in.
    pub session: Option<SeenVoucherSession>,
    /// What the row of the user adds up, where there is one.
    pub row: Option<SeenVoucherRow>,
    /// When that was seen (the time in the books of vouchers).
    pub at: Micros,
    /// It was in after all that was done in that pass.
    pub is_up: bool,
}

/// A login at a hotspot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenVoucherSession {
    /// When it began, on the router's own axis.
    pub began: StartInterval,
    /// Whole seconds since then, as the router says.
    pub age_s: u64,
    /// What it moved since, both ways together.
    pub octets: u64,
}

/// A row of `/ip/hotspot/user`: it may count a login while it is up, when it ends, or never (routeros.md U5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenVoucherRow {
    /// Its `.id`.
    pub id: Vec<u8>,
    /// What it adds up since it was made or reset, both ways together.
    pub octets: u64,
}

/// Whole seconds are told, and a little passes between a look and its answer.
const SLACK_US: u64 = 3_000_000;

impl SeenVoucherSession {
    /// Whether it, seen at `at`, is the same login as one of that user and device that was seen `before`, with that start: one that is
    /// older than that sight was there then, whatever its start says (ADR 0014).
    pub fn continues(&self, at: Micros, began: StartInterval, before: Micros) -> bool {
        let since_us = at.0.saturating_sub(before.0).max(0).unsigned_abs();
        let was_there = self.age_s.saturating_mul(1_000_000) > since_us.saturating_add(SLACK_US);
        was_there || self.began.compared_to(began) == StartMove::Same
    }
}

/// What looks at a router showed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VoucherLook {
    /// The devices of vouchers, in the order in which they were seen.
    pub logins: Vec<SeenVoucherLogin>,
    /// When all of them were looked at; `None`: only some were.
    pub whole_at: Option<Micros>,
}

/// What a voucher's devices moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VoucherUsage {
    /// As the ledger has it.
    pub booked: Octets,
    /// By the ledger or by looks, of each hotspot user whichever has more; both ways together.
    pub moved: u64,
    /// The last look that this is of; `None`: nobody looked yet.
    pub as_of: Option<Micros>,
}

/// See the module.
#[async_trait]
pub trait VoucherLoginRepository: Send + Sync {
    /// Keeps what looks at a router showed. A login that is none of a voucher's is passed over; what is as it was is not written again.
    async fn note_voucher_logins(&self, nas: NasId, look: VoucherLook) -> Result<(), StoreError>;

    /// What the devices of each of these vouchers moved.
    async fn voucher_usage(&self, ids: Vec<VoucherId>) -> Result<Vec<VoucherUsage>, StoreError>;

    /// Those of a voucher's devices that are in: let in, not to leave, and shown by the last look at their router that there was since.
    async fn voucher_devices_online(&self, id: VoucherId) -> Result<Vec<VoucherDeviceId>, StoreError>;
}
