//! Explain.

mod consistent;
pub(super) mod shape;
pub(super) mod show;
mod subject;
