//! One sentence: its words, borrowed from the buffer they were received into.

use crate::redact::Redacted;

/// Where a word lies, counted from the first byte of its sentence. 32 bits suffice because a sentence is bounded.
#[derive(Clone, Copy, Debug)]
pub(super) struct WordRange {
    pub(super) start: u32,
    pub(super) length: u32,
}

impl WordRange {
    #[inline]
    fn of(self, bytes: &[u8]) -> &[u8] {
        let start = self.start as usize;
        bytes.get(start..start + self.length as usize).unwrap_or_default()
    }
}

/// The words of one sentence. Never empty when it comes from a [`Decoder`](crate::Decoder).
#[derive(Clone, Copy)]
pub struct Sentence<'a> {
    bytes: &'a [u8],
    ranges: &'a [WordRange],
}

impl<'a> Sentence<'a> {
    pub(super) fn new(bytes: &'a [u8], ranges: &'a [WordRange]) -> Self {
        Self { bytes, ranges }
    }

    /// All words in the order received.
    #[inline]
    pub fn words(&self) -> impl DoubleEndedIterator<Item = &'a [u8]> + ExactSizeIterator + Clone + use<'a> {
        words_of(self.bytes, self.ranges)
    }

    /// All words but the first, which says what the others are about.
    #[inline]
    pub(crate) fn arguments(&self) -> impl DoubleEndedIterator<Item = &'a [u8]> + Clone + use<'a> {
        words_of(self.bytes, self.ranges.get(1..).unwrap_or_default())
    }

    /// The word at position `i`, counted from 0.
    #[inline]
    pub fn word(&self, i: usize) -> Option<&'a [u8]> {
        self.ranges.get(i).map(|range| range.of(self.bytes))
    }

    /// Number of words.
    #[inline]
    pub fn len(&self) -> usize {
        self.ranges.len()
    }

    /// Whether there is no word at all.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }
}

#[inline]
fn words_of<'a>(
    bytes: &'a [u8],
    ranges: &'a [WordRange],
) -> impl DoubleEndedIterator<Item = &'a [u8]> + ExactSizeIterator + Clone + use<'a> {
    ranges.iter().map(move |range| range.of(bytes))
}

impl std::fmt::Debug for Sentence<'_> {
    /// The words as ASCII with escapes; the values of secrets are hidden.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.words().map(Redacted)).finish()
    }
}
