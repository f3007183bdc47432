//! Usage.

mod asked;
pub(super) mod export;
pub(super) mod history;
mod shape;
pub(super) mod show;
