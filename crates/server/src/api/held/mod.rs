//! Held entries.

mod decision;
pub(super) mod list;
pub(super) mod reject;
pub(super) mod release;
