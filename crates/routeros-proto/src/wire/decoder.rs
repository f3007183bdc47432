//! Bytes in any chunking to sentences.

use super::decode_error::DecodeError;
use super::length;
use super::limits::Limits;
use super::read_buffer::ReadBuffer;
use super::sentence::{Sentence, WordRange};

/// Incremental decoder of one direction of a connection.
///
/// Give it bytes with [`feed`](Self::feed), or let the socket read straight into [`space`](Self::space), then take
/// sentences with [`next`](Self::next) until it says `None`. It holds the sentence being received and whatever was
/// fed but not taken; a table of a million rows needs no more memory than one row and one read.
///
/// Each byte is looked at once, however the input is chopped up: the decoder remembers where it stopped.
pub struct Decoder {
    limits: Limits,
    buffer: ReadBuffer,
    /// Words found so far in the sentence at the start of the unread bytes.
    ranges: Vec<WordRange>,
    /// Unread bytes already looked at.
    scanned: usize,
    /// Whether the sentence at the start of the unread bytes was handed out and can be forgotten.
    handed_out: bool,
    failed: Option<DecodeError>,
}

impl Decoder {
    /// A decoder at the start of a stream.
    pub fn new(limits: Limits) -> Self {
        let max_sentence = limits.max_sentence.min(u32::MAX as usize);
        Self {
            limits: Limits { max_sentence, ..limits },
            buffer: ReadBuffer::default(),
            ranges: Vec::new(),
            scanned: 0,
            handed_out: false,
            failed: None,
        }
    }

    /// Appends received bytes, copying them.
    pub fn feed(&mut self, bytes: &[u8]) {
        if let Some(room) = self.space(bytes.len()).get_mut(..bytes.len()) {
            room.copy_from_slice(bytes);
            self.advance(bytes.len());
        }
    }

    /// Room for at least `at_least` bytes, to be read into directly. Say with [`advance`](Self::advance) how many came.
    ///
    /// The room may hold old bytes; nothing there counts until `advance`. Take all sentences before asking for room
    /// again: what was not taken stays in memory.
    pub fn space(&mut self, at_least: usize) -> &mut [u8] {
        self.forget_handed_out();
        self.buffer.space(at_least)
    }

    /// Says that the first `n` bytes of the last [`space`](Self::space) were filled. More than there was is cut off.
    pub fn advance(&mut self, n: usize) {
        self.buffer.advance(n);
    }

    /// Gives back the memory that the bytes held do not need: for connections on which nothing is expected soon.
    pub fn release(&mut self) {
        self.forget_handed_out();
        self.buffer.release();
    }

    /// The next whole sentence, or `None` when more bytes are needed. Empty sentences are skipped.
    ///
    /// # Errors
    /// The stream is broken for good: every later call returns the same error. Close the connection.
    #[expect(
        clippy::should_implement_trait,
        reason = "the sentence borrows from the decoder; Iterator cannot lend"
    )]
    #[inline]
    pub fn next(&mut self) -> Result<Option<Sentence<'_>>, DecodeError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        self.forget_handed_out();
        match self.scan() {
            Ok(true) => {
                self.handed_out = true;
                Ok(Some(Sentence::new(self.buffer.unread(), &self.ranges)))
            }
            Ok(false) => Ok(None),
            Err(error) => {
                self.failed = Some(error);
                Err(error)
            }
        }
    }

    /// Bytes held that were not handed out yet.
    pub fn buffered(&self) -> usize {
        self.buffer.len() - if self.handed_out { self.scanned } else { 0 }
    }

    /// What is held of the sentence that is not whole yet, its first length prefix included.
    pub fn begun(&self) -> &[u8] {
        self.buffer.unread().get(if self.handed_out { self.scanned } else { 0 }..).unwrap_or_default()
    }

    /// The first byte of the first word of that sentence, as soon as it is there: what it should be, the reader knows.
    pub fn begins_with(&self) -> Option<u8> {
        let begun = self.begun();
        let prefix = length::decode(begun).ok()??;
        begun.get(prefix.width).copied()
    }

    fn forget_handed_out(&mut self) {
        if self.handed_out {
            self.handed_out = false;
            self.restart();
        }
    }

    /// The next sentence begins where the scan stands.
    fn restart(&mut self) {
        self.buffer.consume(self.scanned);
        self.scanned = 0;
        self.ranges.clear();
    }

    /// Looks at unread bytes until a sentence with words ends (`true`) or they run out (`false`).
    fn scan(&mut self) -> Result<bool, DecodeError> {
        loop {
            let unread = self.buffer.unread();
            let mut words = Words { limits: &self.limits, ranges: &mut self.ranges, at: self.scanned };
            let ended = words.collect(unread);
            self.scanned = words.at;
            if !ended? {
                return Ok(false);
            }
            if !self.ranges.is_empty() {
                return Ok(true);
            }
            self.restart();
        }
    }
}

impl std::fmt::Debug for Decoder {
    /// The state without the bytes, which may hold secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decoder")
            .field("limits", &self.limits)
            .field("buffered", &self.buffered())
            .field("failed", &self.failed)
            .finish_non_exhaustive()
    }
}

/// The scan of one sentence; separate from the decoder so that the hot loop works on plain borrowed parts.
struct Words<'s> {
    limits: &'s Limits,
    ranges: &'s mut Vec<WordRange>,
    at: usize,
}

impl Words<'_> {
    /// Records words until the zero-length word (`true`) or until `bytes` run out inside a word (`false`).
    fn collect(&mut self, bytes: &[u8]) -> Result<bool, DecodeError> {
        while let Some(&first) = bytes.get(self.at) {
            // Nearly every word of a router is shorter than 128 bytes and has a prefix of one byte.
            let (length, width) = if first < 0x80 {
                (usize::from(first), 1)
            } else {
                match length::decode(bytes.get(self.at..).unwrap_or_default())? {
                    Some(prefix) => (prefix.length, prefix.width),
                    None => return Ok(false),
                }
            };
            let start = self.at + width;
            if length == 0 {
                self.at = start;
                return Ok(true);
            }
            self.check(start, length)?;
            let end = start + length;
            if end > bytes.len() {
                return Ok(false);
            }
            self.record(start, length);
            self.at = end;
        }
        Ok(false)
    }

    /// Refuses a word as soon as its length is known, before any of its bytes are waited for.
    fn check(&self, start: usize, length: usize) -> Result<(), DecodeError> {
        let Limits { max_word, max_words, max_sentence } = *self.limits;
        if length > max_word {
            return Err(DecodeError::WordTooLong { length, limit: max_word });
        }
        if self.ranges.len() >= max_words {
            return Err(DecodeError::TooManyWords { limit: max_words });
        }
        // The word and the byte that ends the sentence.
        if length >= max_sentence.saturating_sub(start) {
            return Err(DecodeError::SentenceTooLong { limit: max_sentence });
        }
        Ok(())
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "check() kept both below max_sentence, which fits 32 bits"
    )]
    fn record(&mut self, start: usize, length: usize) {
        self.ranges.push(WordRange { start: start as u32, length: length as u32 });
    }
}
