//! Tables that a round can do without.

use crate::link::LinkError;

/// A table that the router refuses, or breaks off in the middle (routeros.md §1.4), was not read: what it would have shown
/// waits for the next round, and the sessions of PPP do not. What ends the connection stays an error.
pub(super) fn unless_refused<T>(what: &str, answer: Result<T, LinkError>) -> Result<Option<T>, LinkError> {
    match answer {
        Err(error) if !error.ends_link() => {
            tracing::warn!(%error, "{what} could not be read; PPP sessions are, and it is tried again");
            Ok(None)
        }
        answer => answer.map(Some),
    }
}
