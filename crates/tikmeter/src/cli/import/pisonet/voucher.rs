//! A voucher as it is sent.

use serde::Serialize;

/// What vouchers give.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Terms {
    pub(super) plan: Option<String>,
    pub(super) developer: bool,
    pub(super) price: Option<String>,
    pub(super) validity: Option<String>,
    pub(super) devices: Option<u32>,
    pub(super) rate_up_bps: u64,
    pub(super) rate_down_bps: u64,
    pub(super) seller: Option<String>,
}

/// One of them.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Voucher {
    pub(super) code: String,
    pub(super) used: Option<Used>,
}

/// How it was used.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Used {
    /// An instant; as long ago as its time that is gone where nothing says it.
    pub(super) first_used_at: Option<String>,
    /// `None` of one without a time limit.
    pub(super) left_seconds: Option<u64>,
}
