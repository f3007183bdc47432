//! Parsers of what strangers send, for fuzzers.

use crate::live::closed_by;

/// What a client of `/api/v1/live` is told as its connection is closed, where this is no message; `None` where it is one.
pub fn live_message(words: &str) -> Option<String> {
    closed_by(words)
}
