//! The number that ties replies to a command.

use crate::value;

/// A tag as this crate's [`Tagged`](crate::Tagged) gives it out. Tags of the protocol are arbitrary text, repeated by
/// the router in each reply (`routeros.md` §1.7); ours are decimal numbers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct Tag(pub u32);

impl Tag {
    /// Reads a tag that we could have sent.
    pub(crate) fn parse(text: &[u8]) -> Option<Self> {
        value::unsigned(text)?.try_into().ok().map(Self)
    }
}

impl std::fmt::Display for Tag {
    /// The text on the wire.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
