//! Vouchers: what they were made to give, how each stands, and whom they let in.

use accounting::time::Micros;

use crate::ids::{NasId, VoucherBatchId, VoucherDeviceId, VoucherId};
use crate::rate_limit_repository::RateLimit;
use crate::voucher_clock::VoucherClock;

/// What a voucher gives. A copy that is made with the voucher: a plan that changes later changes none that are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoucherTerms {
    /// Microseconds from its first use on; `None`: no time limit (a developer code).
    pub validity_us: Option<u64>,
    /// Devices that may be in at once, at least 1.
    pub devices: u32,
    /// How fast each of them may be.
    pub rate: RateLimit,
    /// Octets of both directions, of all its devices together; `None`: no limit.
    pub quota_octets: Option<u64>,
}

/// What is told of vouchers that are made together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoucherIssue {
    /// When (our clock).
    pub made_at: Micros,
    /// Who made them.
    pub made_by: String,
    /// Who sells them.
    pub seller: Option<String>,
    /// The plan's name at that time.
    pub plan: Option<String>,
    /// What each costs, a decimal number as text without a currency.
    pub price: Option<String>,
    /// What each gives.
    pub terms: VoucherTerms,
    /// Whatever else there is to say.
    pub note: Option<String>,
}

/// How a voucher stands at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VoucherPhase {
    /// Nobody was let in with it.
    Unused,
    /// Its time runs.
    Running,
    /// It was used, and somebody stopped its time.
    Paused,
    /// Its time or its data is over.
    Over,
    /// Somebody took it out of use.
    Revoked,
}

/// Every phase with its stable name, in the order in which a voucher can pass through them.
pub const VOUCHER_PHASES: [(VoucherPhase, &str); 5] = [
    (VoucherPhase::Unused, "unused"),
    (VoucherPhase::Running, "running"),
    (VoucherPhase::Paused, "paused"),
    (VoucherPhase::Over, "over"),
    (VoucherPhase::Revoked, "revoked"),
];

impl VoucherPhase {
    /// The stable name in the API.
    pub fn as_str(self) -> &'static str {
        VOUCHER_PHASES.iter().find(|(phase, _)| *phase == self).map_or("", |(_, name)| name)
    }

    /// The phase of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        VOUCHER_PHASES.iter().find(|(_, known)| *known == name).map(|(phase, _)| *phase)
    }
}

/// One voucher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voucher {
    /// Its row.
    pub id: VoucherId,
    /// The batch it was made in.
    pub batch: VoucherBatchId,
    /// What its owner types, in capitals.
    pub code: String,
    /// When somebody was let in with it first.
    pub first_used_at: Option<Micros>,
    /// What is left of its time.
    pub clock: VoucherClock,
    /// When it was paused; `None` while it is not.
    pub paused_at: Option<Micros>,
    /// When it was taken out of use.
    pub revoked_at: Option<Micros>,
    /// When it was found that its data is used up.
    pub used_up_at: Option<Micros>,
    /// When it was over and all its devices were off the routers.
    pub ended_at: Option<Micros>,
}

impl Voucher {
    /// How it stands.
    pub fn phase(&self, now: Micros) -> VoucherPhase {
        if self.revoked_at.is_some() {
            VoucherPhase::Revoked
        } else if self.first_used_at.is_none() {
            VoucherPhase::Unused
        } else if self.ended_at.is_some() || self.used_up_at.is_some() || self.clock.is_over(now) {
            VoucherPhase::Over
        } else if self.clock.runs_from.is_none() {
            VoucherPhase::Paused
        } else {
            VoucherPhase::Running
        }
    }

    /// Microseconds of its time that are left, whether or not they run; `None`: no limit.
    pub fn left_us(&self, terms: &VoucherTerms, now: Micros) -> Option<u64> {
        match self.first_used_at {
            None => terms.validity_us,
            Some(_) => self.clock.left_at(now),
        }
    }
}

/// How many of a batch's vouchers stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VoucherCounts {
    /// [`VoucherPhase::Unused`].
    pub unused: u64,
    /// [`VoucherPhase::Running`].
    pub running: u64,
    /// [`VoucherPhase::Paused`].
    pub paused: u64,
    /// [`VoucherPhase::Over`].
    pub over: u64,
    /// [`VoucherPhase::Revoked`].
    pub revoked: u64,
}

/// Vouchers that were made together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoucherBatch {
    /// Its row.
    pub id: VoucherBatchId,
    /// What is told of them.
    pub issue: VoucherIssue,
    /// How many were made.
    pub size: u64,
    /// How they stand.
    pub counts: VoucherCounts,
}

/// How far a voucher's device came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VoucherDeviceState {
    /// It is being let in; nothing is used yet.
    Wanted,
    /// The router let it in.
    In,
    /// It is off, and its place is free.
    Out,
}

/// A device that is or was a voucher's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoucherDevice {
    /// Its row.
    pub id: VoucherDeviceId,
    /// The voucher.
    pub voucher: VoucherId,
    /// Its place among the voucher's devices, from 1; no two that are live have the same.
    pub ordinal: u32,
    /// The router whose hotspot it is at.
    pub nas: NasId,
    /// As routers write it: `AA:BB:CC:DD:EE:FF`.
    pub mac: String,
    /// The hotspot user's name: the code for the first place, `CODE-2` for the second...
    pub login: Vec<u8>,
    /// How far it came.
    pub state: VoucherDeviceState,
    /// When it was asked for.
    pub wanted_at: Micros,
    /// When the router let it in.
    pub in_at: Option<Micros>,
    /// When it was put out.
    pub out_at: Option<Micros>,
    /// SHA-256 of the token that its owner holds.
    pub proof: Option<[u8; 32]>,
    /// Since when it is not to be in any more, while its place is its own until the router showed it off.
    pub leaving_at: Option<Micros>,
}

/// A voucher with what it gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedVoucher {
    /// The voucher.
    pub voucher: Voucher,
    /// What is told of it.
    pub issue: VoucherIssue,
}

/// A voucher's device with all there is to know about what it may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoucherHolder {
    /// The voucher, and what it gives.
    pub issued: IssuedVoucher,
    /// The device.
    pub device: VoucherDevice,
}
