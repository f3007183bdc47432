//! Speed limits.

pub(super) mod list;
pub(super) mod remove;
pub(super) mod set;
mod shape;
pub(super) mod whom;
