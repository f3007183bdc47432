//! Routers.

pub(super) mod add;
pub(super) mod change;
pub(super) mod list;
pub(super) mod queues;
pub(super) mod read_now;
pub(super) mod remove;
mod shape;
pub(super) mod show;
pub(super) mod test;
pub(super) mod test_address;
