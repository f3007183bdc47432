//! What people can do, against a database in memory and routers that only note what they were told.

#![expect(clippy::unwrap_used, reason = "a test ends at its first surprise")]

mod bench;
mod books;
mod file_routers;
mod history;
mod keys;
mod leaving;
mod live;
mod live_between;
mod routers;
mod subscribers;
mod tokens;
mod voucher_clock;
mod voucher_keeping;
mod voucher_slowed;
mod voucher_stop;
mod vouchers;
