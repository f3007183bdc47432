//! One sentence from the router, understood as a reply.

use crate::wire::{Sentence, attribute};

/// What a reply word says (`routeros.md` §1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReplyKind {
    /// `!re`: one row.
    Row,
    /// `!done`: the command ended.
    Done,
    /// `!trap`: the command failed; its `!done` follows.
    Trap,
    /// `!fatal`: the connection is going away.
    Fatal,
    /// `!empty` (RouterOS 7.18 and later): no rows; the `!done` follows.
    Empty,
    /// Any other word. To be skipped: newer versions invent new ones.
    Unknown,
}

impl ReplyKind {
    #[inline]
    fn of(word: &[u8]) -> Self {
        match word {
            b"!re" => Self::Row,
            b"!done" => Self::Done,
            b"!trap" => Self::Trap,
            b"!fatal" => Self::Fatal,
            b"!empty" => Self::Empty,
            _ => Self::Unknown,
        }
    }
}

/// A reply, borrowed from the decoder's buffer. Attributes are looked up on demand; parsing only reads the first word.
#[derive(Clone, Copy, Debug)]
pub struct Reply<'a> {
    sentence: Sentence<'a>,
    kind: ReplyKind,
}

impl<'a> Reply<'a> {
    /// Understands any sentence; one that is no reply at all has the kind [`ReplyKind::Unknown`].
    #[inline]
    pub fn parse(s: Sentence<'a>) -> Reply<'a> {
        Self { sentence: s, kind: ReplyKind::of(s.word(0).unwrap_or_default()) }
    }

    /// What the reply word says.
    #[inline]
    pub fn kind(&self) -> ReplyKind {
        self.kind
    }

    /// The value of the first `.tag` word, at whatever position it stands.
    pub fn tag(&self) -> Option<&'a [u8]> {
        self.rest().find_map(attribute::tag)
    }

    /// Names and values in the order received, repeated names included (`routeros.md` §1.2). A value is everything
    /// after the second `=` and may be empty, hold more `=`, newlines and any bytes. The tag is not among them.
    #[inline]
    pub fn attributes(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> + Clone + use<'a> {
        self.rest().filter_map(attribute::split)
    }

    /// The value of an attribute; of a repeated one, the last. `None` means the row does not have it, which is not
    /// the same as zero or empty. No attribute name holds a `=`.
    #[inline]
    pub fn get(&self, name: &[u8]) -> Option<&'a [u8]> {
        let mut words = self.rest();
        while let Some(word) = words.next_back() {
            if let Some(value) = attribute::value_of(word, name) {
                return Some(value);
            }
        }
        None
    }

    /// The first word after the reply word that is neither attribute nor tag: the text of a bare `!fatal`
    /// (`routeros.md` §1.3).
    pub fn bare(&self) -> Option<&'a [u8]> {
        self.rest().find(|word| !word.starts_with(b"=") && attribute::tag(word).is_none())
    }

    /// The text that goes with a trap or a fatal, whichever way the router gave it.
    pub(super) fn message(&self) -> String {
        let text = self.get(b"message").or_else(|| self.bare()).unwrap_or_default();
        String::from_utf8_lossy(text).into_owned()
    }

    #[inline]
    fn rest(&self) -> impl DoubleEndedIterator<Item = &'a [u8]> + Clone + use<'a> {
        self.sentence.arguments()
    }
}
