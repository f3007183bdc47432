//! Who is kept out of a router for a while.

pub(super) mod list;
pub(super) mod release;
pub(super) mod set;
mod shape;
