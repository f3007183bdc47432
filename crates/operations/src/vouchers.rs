//! Vouchers as people make, sell, stop and count them; [`store::VoucherClock`] counts their time.

mod acts;
mod batch;
mod codes;
mod escaped;
mod finding;
mod money;
mod qr;
mod request;
mod sales;
mod sheet;
mod terms;
mod wording;

pub use codes::{CODE_SIGNS, CodeSigns};
pub use finding::{ShownVoucher, ShownVoucherDevice, VoucherFilter};
pub use request::{MOST_VOUCHERS, VoucherBatchRequest};
pub use sales::{SalesBy, SalesLine, SalesReport, SalesRequest};
pub use sheet::{SHEET_COLUMNS, SheetRequest};
pub use wording::validity_for_people;
