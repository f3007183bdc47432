//! Replies to bytes.

use crate::wire::SentenceWriter;

/// Appends one reply to a buffer, so that a whole table goes out in few writes.
///
/// The tag given to a constructor stands right after the reply word, as captures show it; give `None` and call
/// [`tag`](Self::tag) before [`finish`](Self::finish) to have it last, as the manual shows it (`routeros.md` §1.2).
/// Like [`SentenceWriter`], a writer dropped without `finish` leaves nothing behind.
#[must_use = "the reply is taken back unless finish() is called"]
pub struct ReplyWriter<'b> {
    sentence: SentenceWriter<'b>,
}

impl<'b> ReplyWriter<'b> {
    /// `!re`: one row.
    pub fn row(out: &'b mut Vec<u8>, tag: Option<&[u8]>) -> Self {
        Self::begin(out, b"!re", tag)
    }

    /// `!done`: the command ended.
    pub fn done(out: &'b mut Vec<u8>, tag: Option<&[u8]>) -> Self {
        Self::begin(out, b"!done", tag)
    }

    /// `!empty`: no rows (7.18 and later); a `!done` must follow.
    pub fn empty(out: &'b mut Vec<u8>, tag: Option<&[u8]>) -> Self {
        Self::begin(out, b"!empty", tag)
    }

    /// `!trap` with its message, and a category where the router gives one; a `!done` must follow.
    pub fn trap(out: &'b mut Vec<u8>, tag: Option<&[u8]>, category: Option<u8>, message: &str) -> Self {
        let mut reply = Self::begin(out, b"!trap", tag);
        if let Some(category) = category {
            reply.attribute(b"category", category.to_string().as_bytes());
        }
        reply.attribute(b"message", message.as_bytes());
        reply
    }

    /// `!fatal` with its text as a bare word, whole (`routeros.md` §1.3). Close the connection after it.
    pub fn fatal_bare(out: &'b mut Vec<u8>, text: &str) {
        let mut reply = Self::begin(out, b"!fatal", None);
        reply.sentence.word(text.as_bytes());
        reply.finish();
    }

    /// Appends `=name=value`.
    pub fn attribute(&mut self, name: &[u8], value: &[u8]) -> &mut Self {
        self.sentence.attribute(name, value);
        self
    }

    /// Appends `=name=` and whatever `value` appends, written in place; nothing when it answers false.
    pub fn attribute_with(&mut self, name: &[u8], value: impl FnOnce(&mut Vec<u8>) -> bool) -> bool {
        self.sentence.attribute_with(name, value)
    }

    /// Appends the tag here.
    pub fn tag(&mut self, tag: Option<&[u8]>) -> &mut Self {
        if let Some(tag) = tag {
            self.sentence.pieces(&[b".tag=", tag]);
        }
        self
    }

    /// Ends the reply.
    pub fn finish(self) {
        self.sentence.finish();
    }

    fn begin(out: &'b mut Vec<u8>, word: &[u8], tag: Option<&[u8]>) -> Self {
        let mut sentence = SentenceWriter::new(out);
        sentence.word(word);
        let mut reply = Self { sentence };
        reply.tag(tag);
        reply
    }
}
