//! What can be said of vouchers that are to be made.

use super::codes::CodeSigns;

/// Vouchers that can be made at once.
pub const MOST_VOUCHERS: u32 = 10_000;

/// Vouchers as somebody wants them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VoucherBatchRequest {
    /// How many, up to [`MOST_VOUCHERS`].
    pub count: u32,
    /// The plan whose terms they have, but for what stands below.
    pub plan: Option<String>,
    /// Without a time limit.
    pub developer: bool,
    /// What each costs, a decimal number.
    pub price: Option<String>,
    /// How long each lasts from its first use on: `30m`, `12h`, `30d`.
    pub validity: Option<String>,
    /// Devices that may be in at once with one of them.
    pub devices: Option<u32>,
    /// Upload limit of each device, bits per second.
    pub rate_up_bps: Option<u64>,
    /// Download limit of each device, bits per second.
    pub rate_down_bps: Option<u64>,
    /// Octets of both directions, of all devices of one of them.
    pub quota_octets: Option<u64>,
    /// Who sells them.
    pub seller: Option<String>,
    /// Whatever else there is to say.
    pub note: Option<String>,
    /// What their codes are made of.
    pub signs: CodeSigns,
    /// Of how many signs; as few as are safe when `None`.
    pub length: Option<u32>,
}
