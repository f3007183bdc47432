//! Who is asking, and what that allows.

mod admin;
mod bearer;
mod caller;
mod guard;

pub(crate) use admin::Admin;
pub(crate) use caller::Caller;
pub(crate) use guard::{guard, guard_or_in_address, guard_or_in_protocol, guard_unless_local};
