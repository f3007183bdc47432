//! Making one item's answer.

use operations::{Check, CheckItem, CheckState};

use crate::link::LinkError;

pub(super) fn check(item: CheckItem, state: CheckState, told: impl Into<String>) -> Check {
    Check { item, state, told: told.into(), refused: None }
}

/// What stops a print; a connection that ended leaves the rest unseen.
pub(super) fn failure(item: CheckItem, error: &LinkError) -> Check {
    let state = match error {
        LinkError::NoRights(_) => CheckState::Failed,
        _ => CheckState::NotObserved,
    };
    check(item, state, error.to_string())
}
