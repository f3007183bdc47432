//! What people are told when a round failed or its reading waits.

use operations::RouterCommandError;

use super::asked::ReadRequest;
use crate::actor::Trouble;
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
        request.answer(Err(told.clone()));
    }
}

/// What whoever asked for a reading is told when the router answered and the database does not take it.
pub(crate) fn not_written(trouble: &Trouble) -> RouterCommandError {
    RouterCommandError::StoreStalled(match (&trouble.store, &trouble.refused) {
        (Some(error), _) => {
            format!("the router answered, but its reading waits in memory, because {error}")
        }
        (None, Some(error)) => format!(
            "the router answered, but its reading was dropped, because the database can never take it: {error}"
        ),
        (None, None) => {
            "the router answered, but the database is slow: its reading waits in memory and will be \
                         counted; look in a moment"
                .to_owned()
        }
    })
}

/// What whoever asks for a reading is told while too many wait for the database.
pub(super) fn paused(trouble: &Trouble) -> RouterCommandError {
    let because = trouble.store.as_deref().unwrap_or("the database is too slow");
    RouterCommandError::StoreStalled(format!(
        "the database does not take readings at the moment, so this router pauses: {because}"
    ))
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
