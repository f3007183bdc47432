//! Vouchers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::count::Count;
use super::name::Name;
use super::time::Time;

/// Vouchers that are to be made. What stands here goes before what the plan says.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVoucherBatch {
    /// How many.
    #[schema(minimum = 1, maximum = 10_000, format = Int64)]
    pub count: u32,
    /// The plan whose terms they have.
    pub plan: Option<String>,
    /// Without a time limit.
    #[serde(default)]
    pub developer: bool,
    /// What each costs, a decimal number in text, in the installation's currency.
    #[schema(examples("5.50"))]
    pub price: Option<String>,
    /// How long each lasts from its first use on.
    #[schema(examples("30m", "12h", "30d"))]
    pub validity: Option<String>,
    /// Devices that may be in at once with one of them; 1 when neither this nor the plan says it.
    #[schema(minimum = 1, maximum = 100, format = Int64)]
    pub devices: Option<u32>,
    /// What each device may send, bits per second.
    pub rate_up_bps: Option<Count>,
    /// What each device may receive, bits per second.
    pub rate_down_bps: Option<Count>,
    /// Octets of both directions, of all devices of one of them.
    pub quota_octets: Option<Count>,
    /// Who sells them.
    pub seller: Option<String>,
    /// Whatever else there is to say.
    pub note: Option<String>,
    /// What their codes are made of; no sign looks like another.
    #[serde(default)]
    pub signs: CodeSigns,
    /// Of how many signs codes are; as few as are safe when left out. Fewer are refused.
    #[schema(minimum = 8, maximum = 20, format = Int64)]
    pub length: Option<u32>,
}

/// What codes are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CodeSigns {
    /// Letters and digits.
    #[default]
    Mixed,
    /// Letters only.
    Letters,
    /// Digits only.
    Digits,
}

/// How a voucher stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VoucherState {
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

/// What is told of vouchers that were made together. A copy of what the plan said then.
#[derive(Debug, Serialize, ToSchema)]
pub struct VoucherTerms {
    /// When they were made.
    pub made_at: Time,
    /// Who made them.
    pub made_by: String,
    /// Who sells them.
    #[schema(required)]
    pub seller: Option<String>,
    /// The plan's name then.
    #[schema(required)]
    pub plan: Option<String>,
    /// What each costs, a decimal number in text.
    #[schema(required)]
    pub price: Option<String>,
    /// Seconds from the first use on; null: no time limit.
    #[schema(required)]
    pub validity_seconds: Option<u64>,
    /// Devices that may be in at once.
    pub devices: u32,
    /// What each device may send, bits per second; null: as fast as it can.
    #[schema(required)]
    pub rate_up_bps: Option<u64>,
    /// What each device may receive, bits per second; null: as fast as it can.
    #[schema(required)]
    pub rate_down_bps: Option<u64>,
    /// Octets of both directions, of all devices; null: no limit.
    #[schema(required)]
    pub quota_octets: Option<u64>,
    /// Whatever else there is to say.
    #[schema(required)]
    pub note: Option<String>,
}

/// How many of a batch's vouchers stand how.
#[derive(Debug, Serialize, ToSchema)]
pub struct VoucherCounts {
    /// Nobody was let in with them.
    pub unused: u64,
    /// Their time runs.
    pub running: u64,
    /// They were used, and somebody stopped their time.
    pub paused: u64,
    /// Their time or their data is over.
    pub over: u64,
    /// Somebody took them out of use.
    pub revoked: u64,
}

/// Vouchers that were made together.
#[derive(Debug, Serialize, ToSchema)]
pub struct VoucherBatch {
    /// Its number.
    pub id: i64,
    /// How many were made.
    pub size: u64,
    /// How they stand.
    pub states: VoucherCounts,
    /// What they give.
    #[serde(flatten)]
    pub terms: VoucherTerms,
}

/// A batch of which vouchers were paused.
#[derive(Debug, Serialize, ToSchema)]
pub struct PausedBatch {
    /// How many were paused now: those that ran.
    pub paused: u64,
    /// The batch as it stands then.
    pub batch: VoucherBatch,
}

/// A batch of which vouchers go on.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResumedBatch {
    /// How many go on now: those that were paused, whoever paused them.
    pub resumed: u64,
    /// The batch as it stands then.
    pub batch: VoucherBatch,
}

/// A batch of which vouchers were revoked.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevokedBatch {
    /// How many were revoked now; those that are over stay over.
    pub revoked: u64,
    /// The batch as it stands then.
    pub batch: VoucherBatch,
}

/// A voucher as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct Voucher {
    /// What its owner types.
    pub code: String,
    /// The number of its batch.
    pub batch: i64,
    /// How it stands.
    pub state: VoucherState,
    /// When somebody was let in with it first.
    #[schema(required)]
    pub first_used_at: Option<Time>,
    /// Seconds that are left of its time, rounded down; null: no time limit.
    #[schema(required)]
    pub left_seconds: Option<u64>,
    /// When its time is over, if it runs.
    #[schema(required)]
    pub ends_at: Option<Time>,
    /// Since when its time is stopped, if it is.
    #[schema(required)]
    pub paused_at: Option<Time>,
    /// When it was taken out of use.
    #[schema(required)]
    pub revoked_at: Option<Time>,
    /// What of it is used up, where it is over; null: it is not over.
    #[schema(required)]
    pub over_by: Option<VoucherEnd>,
    /// When it was found that its data is used up.
    #[schema(required)]
    pub used_up_at: Option<Time>,
    /// When it was over and its devices were off the routers.
    #[schema(required)]
    pub ended_at: Option<Time>,
    /// What it gives.
    #[serde(flatten)]
    pub terms: VoucherTerms,
}

/// What of a voucher is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VoucherEnd {
    /// Its time.
    Time,
    /// Its data.
    Data,
}

/// A voucher and who used it.
#[derive(Debug, Serialize, ToSchema)]
pub struct VoucherDetail {
    /// The voucher.
    #[serde(flatten)]
    pub voucher: Voucher,
    /// What its devices sent, as it is in the books.
    pub upload_octets: u64,
    /// What its devices received, as it is in the books.
    pub download_octets: u64,
    /// What its devices moved, both ways together, by the books or by what looks at their routers showed since.
    pub moved_octets: u64,
    /// Octets that are left of its data, by the same; null: no limit.
    #[schema(required)]
    pub left_octets: Option<u64>,
    /// The look at their routers that this is of; null: there was none yet.
    #[schema(required)]
    pub octets_as_of: Option<Time>,
    /// All devices that it ever had, in the order in which they came.
    pub used_by: Vec<VoucherDevice>,
}

/// A device that is or was a voucher's.
#[derive(Debug, Serialize, ToSchema)]
pub struct VoucherDevice {
    /// Its router's name; null: that was removed.
    #[schema(required)]
    pub router: Option<String>,
    /// The device.
    #[schema(examples("AA:BB:CC:DD:EE:FF"))]
    pub mac: String,
    /// The user it has at the hotspot.
    pub username: Name,
    /// How far it came.
    pub state: VoucherDeviceState,
    /// When it asked.
    pub wanted_at: Time,
    /// When the router let it in.
    #[schema(required)]
    pub in_at: Option<Time>,
    /// When it was put out.
    #[schema(required)]
    pub out_at: Option<Time>,
}

/// How far a voucher's device came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VoucherDeviceState {
    /// It is being let in.
    Wanted,
    /// It is in: the last look at its router showed it.
    In,
    /// It was let in, and the last look at its router did not show it: it has to come again.
    Away,
    /// It is off as long as its voucher is paused.
    Paused,
    /// It is being taken off.
    Leaving,
    /// It is off, and its place is free.
    Out,
}
