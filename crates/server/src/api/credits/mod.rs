//! Credits of a subscriber.

pub(super) mod add;
pub(super) mod cancel;
pub(super) mod list;
mod shape;
