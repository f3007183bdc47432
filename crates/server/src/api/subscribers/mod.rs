//! Subscribers.

pub(super) mod add;
pub(super) mod list;
mod shape;
pub(super) mod show;
