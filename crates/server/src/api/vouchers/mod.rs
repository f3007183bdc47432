//! Vouchers one by one.

pub(super) mod acts;
mod asked;
pub(super) mod export;
pub(super) mod import;
pub(super) mod list;
pub(super) mod sales;
pub(super) mod shape;
pub(super) mod show;
