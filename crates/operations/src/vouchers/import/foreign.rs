//! Vouchers of another program as they are given, and what became of them.

use accounting::time::Micros;

use crate::error::OperationError;
use crate::vouchers::VoucherBatchRequest;

/// Vouchers that give the same. What is not said is as the plan of that name has it, if there is one here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ForeignVouchers {
    /// What they were sold as.
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
    /// Who sells them.
    pub seller: Option<String>,
    /// The vouchers.
    pub vouchers: Vec<ForeignVoucher>,
}

/// A voucher of another program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignVoucher {
    /// What its owner types.
    pub code: String,
    /// How it was used; `None`: nobody did.
    pub used: Option<ForeignUse>,
}

/// How a voucher was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForeignUse {
    /// When first; `None`: as long ago as what is gone of its time.
    pub first_used_at: Option<Micros>,
    /// Seconds of its time that are left now; `None` of one without a time limit.
    pub left_s: Option<u64>,
}

/// What an import came to, or would.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VoucherImportReport {
    /// Vouchers that were made.
    pub new: u64,
    /// How many of them are in use.
    pub in_use: u64,
    /// Vouchers whose codes were there already.
    pub known: u64,
    /// Those that were not taken.
    pub left: Vec<LeftVoucher>,
}

/// A voucher that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftVoucher {
    /// Its code as it was given.
    pub code: String,
    /// Why, as half a sentence.
    pub why: &'static str,
}

impl ForeignVouchers {
    /// What its vouchers give, as it is said of those that are made here.
    pub(super) fn request(&self) -> VoucherBatchRequest {
        VoucherBatchRequest {
            developer: self.developer,
            price: self.price.clone(),
            validity: self.validity.clone(),
            devices: self.devices,
            rate_up_bps: self.rate_up_bps,
            rate_down_bps: self.rate_down_bps,
            ..VoucherBatchRequest::default()
        }
    }

    /// With which vouchers that is wrong.
    pub(super) fn says(&self, error: &OperationError) -> OperationError {
        let first = self.vouchers.first().map_or("", |voucher| &voucher.code);
        OperationError::Invalid(format!("the vouchers like {}: {error}", first.escape_debug()))
    }
}
