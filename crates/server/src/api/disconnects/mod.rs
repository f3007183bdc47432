//! Ending sessions.

pub(super) mod bulk;
pub(super) mod one;
mod sentence;
