//! Vouchers as people make, sell, stop and count them, and as devices are let in with them; [`store::VoucherClock`] counts their
//! time.
//!
//! * `admission`, `ending`, `standing`, `stopped`: what the owner of a voucher does and sees
//! * `thought`: who would be in if something was done that is only thought of
//! * `on_router`, `login`, `board`, `keeping`: what is said between that and who has the router
//! * `speed`: how fast its devices may be

mod acts;
mod admission;
mod batch;
mod board;
mod codes;
mod device;
mod ending;
mod escaped;
mod finding;
mod import;
mod keeping;
mod leaving;
mod login;
mod money;
mod on_router;
mod qr;
mod request;
mod sales;
mod sheet;
mod sights;
mod speed;
mod standing;
mod stopped;
mod terms;
mod thought;
mod wording;

pub use board::{RouterSeen, VoucherBoard, VouchersSeen};
pub use codes::{CODE_SIGNS, CodeSigns};
pub use device::{AdmissionError, AdmittedDevice, HotspotDevice, StandsHow, VoucherOwner, VoucherStanding};
pub use finding::{ShownVoucher, ShownVoucherDevice, ShownVoucherUse, VoucherFilter, stored_code};
pub use import::{ForeignUse, ForeignVoucher, ForeignVouchers, LeftVoucher, VoucherImportReport};
pub use keeping::{VoucherKeeping, keep_voucher_devices};
pub use on_router::{
    Admission, AdmitDevice, HostSought, HotspotHost, RouterVouchers, VoucherFound, VoucherLeaving,
    VoucherLogin, VoucherUser, VouchersKept,
};
pub use request::{MOST_VOUCHERS, VoucherBatchRequest};
pub use sales::{SalesBy, SalesLine, SalesReport, SalesRequest};
pub use sheet::{SHEET_COLUMNS, SheetRequest};
pub use sights::VoucherSights;
pub use stopped::VoucherStop;
pub use thought::{ThoughtVouchers, think_of_vouchers};
pub use wording::validity_for_people;
