//! The mark in the comment of our queues. Nothing without it is ever changed (DESIGN 16). It names the installation, so that two of them
//! on one router leave each other's queues alone.

use std::sync::Arc;

/// How every mark begins, and what it was before it named the installation.
const BEGIN: &str = "tikmeter limit";
/// So much of the installation's random name: enough to tell those on one router apart.
const NAMED: usize = 8;

/// The mark of this installation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LimitMark(Arc<str>);

/// Whose a queue is, by its mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// This installation's.
    Ours,
    /// Of before marks named the installation: ours as long as nobody else marks it.
    OfBefore,
    /// Of another installation.
    OfAnother,
    /// Nobody's that we know.
    Foreign,
}

impl Whose {
    /// Whether it may be changed here.
    pub fn is_ours(self) -> bool {
        matches!(self, Whose::Ours | Whose::OfBefore)
    }
}

impl LimitMark {
    /// That of the installation of that name.
    pub fn of(installation: &str) -> LimitMark {
        let name: String = installation.chars().take(NAMED).collect();
        LimitMark(format!("{BEGIN} {name}").into())
    }

    /// As the comment has it.
    pub fn comment(&self) -> &str {
        &self.0
    }

    /// Whose the queue with that comment is.
    pub fn whose(&self, comment: &[u8]) -> Whose {
        match comment.strip_prefix(BEGIN.as_bytes()) {
            _ if comment == self.0.as_bytes() => Whose::Ours,
            Some(b"") => Whose::OfBefore,
            Some(rest) if rest.len() == NAMED + 1 && rest[0] == b' ' => Whose::OfAnother,
            _ => Whose::Foreign,
        }
    }
}

impl Default for LimitMark {
    /// Of before marks named the installation.
    fn default() -> Self {
        LimitMark(BEGIN.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_tells_this_installation_from_others_and_knows_those_of_before() {
        let mark = LimitMark::of("0123456789abcdef");
        assert_eq!(mark.comment(), "tikmeter limit 01234567");
        for (comment, whose) in [
            ("tikmeter limit 01234567", Whose::Ours),
            ("tikmeter limit", Whose::OfBefore),
            ("tikmeter limit 89abcdef", Whose::OfAnother),
            ("tikmeter limit of mine", Whose::Foreign),
            ("tikmeter limits", Whose::Foreign),
            ("", Whose::Foreign),
        ] {
            assert_eq!(mark.whose(comment.as_bytes()), whose, "{comment}");
        }
    }
}
