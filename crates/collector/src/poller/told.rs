//! What people are told when a round failed or its reading waits.

use operations::RouterCommandError;

use super::setup::{ReadRequest, answer};
use crate::round::RoundError;

pub(super) fn waiting_for(error: &str) -> String {
    format!(
        "Readings wait in memory because {error}. Counting goes on from the last committed reading; nothing is lost while sessions live."
    )
}

pub(super) fn dropped_for(error: &str) -> String {
    format!(
        "The last reading was dropped because the database can never take it: {error}. What was committed before is safe, and the next reading that fits counts what sessions moved meanwhile; the server's log tells more."
    )
}

pub(super) fn refuse(asked: Vec<ReadRequest>, told: &RouterCommandError) {
    for request in asked {
        answer(request, Err(told.clone()));
    }
}

pub(super) fn slow(because: &str) -> RouterCommandError {
    RouterCommandError::Unreachable(because.to_owned())
}

/// What whoever asks for a reading is told of a round that failed.
pub(super) fn told(error: &RoundError) -> RouterCommandError {
    match error {
        RoundError::Link(error) if error.is_refusal() => RouterCommandError::Refused(error.to_string()),
        RoundError::NoUptime | RoundError::NoDeviceKey => RouterCommandError::Refused(error.to_string()),
        RoundError::Link(_) | RoundError::BootChanged { .. } => {
            RouterCommandError::Unreachable(error.to_string())
        }
    }
}
