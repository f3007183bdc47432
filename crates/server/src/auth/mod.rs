//! Who is asking, and what that allows.

mod ability;
mod bearer;
mod caller;
mod credential;
mod guard;
mod reaching;
mod rules;

pub(crate) use ability::{Ability, abilities, may};
pub(crate) use caller::Caller;
pub(crate) use credential::Credential;
pub(crate) use guard::{guard, guard_or_in_address, guard_or_in_protocol, guard_unless_local, must};
pub(crate) use reaching::Within;
