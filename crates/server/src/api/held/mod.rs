//! Held entries.

pub(super) mod list;
pub(super) mod reject;
pub(super) mod release;
