//! The router's refusal of a command.

use super::sentence::Reply;
use crate::value;

/// A failed command. The session stays usable; do not reconnect because of one (`routeros.md` §1.4).
///
/// Rows received before a trap are a part of the table only, never the table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the router answered: {message}")]
pub struct Trap {
    /// 0 missing item or command, 1 argument value, 2 interrupted, 3 script, 4 general, 5 API, 6 TTY, 7 `:return`.
    /// Often absent.
    pub category: Option<u8>,
    /// The router's text. Its wording differs by menu and version; a numeric suffix such as ` (4)` is not stable.
    pub message: String,
}

impl Trap {
    /// Reads a `!trap`.
    pub fn from_reply(r: &Reply<'_>) -> Trap {
        let category = r.get(b"category").and_then(value::unsigned).and_then(|number| number.try_into().ok());
        Self { category, message: r.message() }
    }

    /// Whether the message contains `needle`, without regard to ASCII case and to a numeric suffix of either.
    pub fn is(&self, needle: &str) -> bool {
        let message = without_suffix(&self.message).to_ascii_lowercase();
        message.contains(&without_suffix(needle).to_ascii_lowercase())
    }

    /// Whether this is the normal end of a cancelled command.
    pub(super) fn is_interruption(&self) -> bool {
        self.category == Some(2) || self.is("interrupted")
    }
}

/// `no such item (4)` without ` (4)`.
fn without_suffix(text: &str) -> &str {
    let text = text.trim_end();
    let Some((head, tail)) = text.rsplit_once('(') else { return text };
    match tail.strip_suffix(')') {
        Some(number) if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => head.trim_end(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trap(message: &str) -> Trap {
        Trap { category: None, message: message.to_owned() }
    }

    #[test]
    fn the_numeric_suffix_does_not_matter_on_either_side() {
        assert!(trap("no such item (4)").is("no such item"));
        assert!(trap("no such item").is("No such item (6)"));
        assert!(trap("failure: already have such name").is("ALREADY HAVE"));
        assert!(!trap("no such item (4)").is("(4)x"));
        assert!(!trap("no such command").is("no such item"));
    }

    #[test]
    fn brackets_that_are_no_suffix_stay() {
        assert!(trap("no such command or directory (remove)").is("directory (remove)"));
        assert!(trap("value out of range (1..255)").is("(1..255)"));
        assert!(!trap("value out of range (1..255)").is("(2..255)"));
    }

    #[test]
    fn only_interruptions_are_interruptions() {
        assert!(trap("interrupted").is_interruption());
        assert!(Trap { category: Some(2), message: String::new() }.is_interruption());
        assert!(!trap("no such item (4)").is_interruption());
    }
}
