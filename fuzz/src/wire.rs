//! Bytes of a connection as sentences.

use routeros_proto::{Decoder, Limits, Sentence};

/// Small, so that an input can reach them.
pub(crate) const LIMITS: Limits = Limits { max_word: 300, max_words: 20, max_sentence: 1_000 };

/// Shows each sentence that stands in the bytes, fed in pieces of so many bytes; tells the error at the end, if there was one.
pub(crate) fn each_sentence(
    bytes: &[u8],
    piece: usize,
    mut show: impl FnMut(Sentence<'_>),
) -> Option<String> {
    let mut decoder = Decoder::new(LIMITS);
    for piece in bytes.chunks(piece.max(1)) {
        decoder.feed(piece);
        loop {
            match decoder.next() {
                Ok(Some(sentence)) => show(sentence),
                Ok(None) => break,
                Err(error) => return Some(error.to_string()),
            }
        }
        // What waits for its end is shorter than a sentence may be, with the lengths before its words.
        assert!(decoder.buffered() <= LIMITS.max_sentence + 5 * (LIMITS.max_words + 1) + piece.len());
    }
    None
}

/// The first byte, and the others.
pub(crate) fn led(data: &[u8]) -> Option<(u8, &[u8])> {
    data.split_first().map(|(first, rest)| (*first, rest))
}
