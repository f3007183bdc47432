//! Sentences to bytes.

use super::length;

/// Appends one sentence to a buffer, so that many sentences go out in one write.
///
/// A writer that is dropped without [`finish`](Self::finish) takes its words back: half a sentence would make the
/// peer swallow whatever follows as part of it (`routeros.md` §1.2).
#[must_use = "the sentence is taken back unless finish() is called"]
pub struct SentenceWriter<'b> {
    out: &'b mut Vec<u8>,
    began: usize,
    finished: bool,
}

impl<'b> SentenceWriter<'b> {
    /// Begins a sentence at the end of `out`.
    pub fn new(out: &'b mut Vec<u8>) -> Self {
        let began = out.len();
        Self { out, began, finished: false }
    }

    /// Appends a word. An empty one is left out, since on the wire it would end the sentence.
    pub fn word(&mut self, w: &[u8]) -> &mut Self {
        self.pieces(&[w])
    }

    /// Appends `=name=value` as one word.
    pub fn attribute(&mut self, name: &[u8], value: &[u8]) -> &mut Self {
        self.pieces(&[b"=", name, b"=", value])
    }

    /// Appends `=name=` and whatever `value` appends, as one word written in place; nothing when it answers false.
    /// It must leave alone what stands there already.
    pub fn attribute_with(&mut self, name: &[u8], value: impl FnOnce(&mut Vec<u8>) -> bool) -> bool {
        let began = self.out.len();
        self.out.extend_from_slice(b"\0=");
        self.out.extend_from_slice(name);
        self.out.push(b'=');
        if !value(self.out) {
            self.out.truncate(began);
            return false;
        }
        let length = self.out.len().saturating_sub(began + 1);
        match (u8::try_from(length), self.out.get_mut(began)) {
            (Ok(short @ 0..=0x7F), Some(prefix)) => *prefix = short,
            _ => {
                let mut prefix = Vec::with_capacity(5);
                length::encode(length, &mut prefix);
                self.out.splice(began..=began, prefix);
            }
        }
        true
    }

    /// Appends one word given in pieces, so that nothing is copied together first.
    pub(crate) fn pieces(&mut self, pieces: &[&[u8]]) -> &mut Self {
        let length = pieces.iter().map(|piece| piece.len()).sum();
        if length > 0 {
            length::encode(length, self.out);
            for piece in pieces {
                self.out.extend_from_slice(piece);
            }
        }
        self
    }

    /// Ends the sentence. A sentence without words leaves nothing behind.
    pub fn finish(mut self) {
        self.finished = true;
        if self.out.len() > self.began {
            self.out.push(0);
        }
    }
}

impl Drop for SentenceWriter<'_> {
    fn drop(&mut self) {
        if !self.finished {
            self.out.truncate(self.began);
        }
    }
}
