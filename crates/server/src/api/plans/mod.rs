//! Plans.

pub(super) mod add;
pub(super) mod change;
pub(super) mod list;
mod shape;
