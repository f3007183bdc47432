//! One sentence from a client, understood as a command.

use crate::wire::{Sentence, attribute};

/// A command as received, borrowed from the decoder's buffer.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    sentence: Sentence<'a>,
    path: &'a [u8],
}

impl<'a> Request<'a> {
    /// A sentence whose first word is a path; anything else is no command. (One client library sends a lone `#` to
    /// keep a connection alive, `routeros.md` §1.8.)
    pub fn parse(s: Sentence<'a>) -> Option<Request<'a>> {
        let path = s.word(0).filter(|word| word.starts_with(b"/"))?;
        Some(Self { sentence: s, path })
    }

    /// The first word, for example `/interface/print`.
    pub fn path(&self) -> &'a [u8] {
        self.path
    }

    /// The value of the first `.tag` word, at whatever position it stands.
    pub fn tag(&self) -> Option<&'a [u8]> {
        self.rest().find_map(attribute::tag)
    }

    /// Names and values in the order received. `=name` alone has an empty value, which is how flags are often sent.
    pub fn attributes(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> + Clone + use<'a> {
        self.rest().filter_map(attribute::split)
    }

    /// The value of an attribute; of a repeated one, the last.
    pub fn get(&self, name: &[u8]) -> Option<&'a [u8]> {
        self.rest().rev().find_map(|word| attribute::value_of(word, name))
    }

    /// The names asked for with `=.proplist=a,b`; `None` asks for all (`routeros.md` §1.5).
    pub fn proplist(&self) -> Option<impl Iterator<Item = &'a [u8]> + Clone + use<'a>> {
        let list = self.get(b".proplist")?;
        Some(list.split(|byte| *byte == b',').filter(|name| !name.is_empty()))
    }

    /// The query words in the order received, each with its leading `?`.
    pub fn queries(&self) -> impl Iterator<Item = &'a [u8]> + Clone + use<'a> {
        self.rest().filter(|word| word.starts_with(b"?"))
    }

    fn rest(&self) -> impl DoubleEndedIterator<Item = &'a [u8]> + Clone + use<'a> {
        self.sentence.arguments()
    }
}
