//! Usage.

mod shape;
pub(super) mod show;
