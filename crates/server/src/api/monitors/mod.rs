//! Who is watched live.

pub(super) mod list;
pub(crate) mod shape;
pub(super) mod start;
pub(super) mod stop;
