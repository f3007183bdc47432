//! Vouchers that are made together.

pub(super) mod add;
pub(super) mod list;
pub(super) mod pause;
pub(super) mod resume;
pub(super) mod revoke;
mod shape;
pub(super) mod sheet;
pub(super) mod show;
