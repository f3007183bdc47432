//! Importing vouchers of another program.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::count::Count;
use super::time::Time;

/// Vouchers that are to be imported.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVoucherImport {
    /// Those that give the same stand together; each becomes a batch.
    #[schema(max_items = 10_000)]
    #[serde(deserialize_with = "crate::extract::objects")]
    pub batches: Vec<ForeignVouchers>,
}

/// Vouchers that give the same. What is left out is as the plan of that name has it, if there is one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForeignVouchers {
    /// What they were sold as.
    pub plan: Option<String>,
    /// Without a time limit.
    #[serde(default)]
    pub developer: bool,
    /// What each costs, a decimal number in text.
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
    /// Who sells them.
    pub seller: Option<String>,
    /// The vouchers.
    #[schema(max_items = 10_000)]
    #[serde(deserialize_with = "crate::extract::objects")]
    pub vouchers: Vec<ForeignVoucher>,
}

/// A voucher of another program.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForeignVoucher {
    /// What its owner types; capitals or not.
    pub code: String,
    /// How it was used; left out: nobody did.
    #[serde(default, deserialize_with = "crate::extract::object")]
    pub used: Option<ForeignUse>,
}

/// How a voucher was used.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForeignUse {
    /// When first; left out: as long ago as what is gone of its time.
    pub first_used_at: Option<Time>,
    /// Seconds of its time that are left, which go on running now; left out of one without a time limit.
    pub left_seconds: Option<Count>,
}

/// What it came to, or would come to.
#[derive(Debug, Serialize, ToSchema)]
pub struct VoucherImport {
    /// Vouchers made.
    pub new: u64,
    /// How many of them are in use.
    pub in_use: u64,
    /// Vouchers whose codes were there already; they are left as they are.
    pub known: u64,
    /// Vouchers that are not taken: the first hundred.
    pub not_taken: Vec<LeftVoucher>,
    /// How many those are.
    pub not_taken_total: u64,
}

/// A voucher that is not taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct LeftVoucher {
    /// Its code as it was given.
    pub code: String,
    /// Why, as half a sentence.
    pub why: String,
}
