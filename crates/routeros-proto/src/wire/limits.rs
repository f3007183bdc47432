//! How much of one sentence a peer may make us hold.

/// Upper bounds of what a [`Decoder`](crate::Decoder) accepts.
///
/// The protocol itself allows words of 4 GiB, so a peer that is not a router (or a hostile one) could otherwise fill
/// the memory with one length prefix. Values near 1 MiB were never seen from a router (`routeros.md` §1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest word in bytes, without its length prefix.
    pub max_word: usize,
    /// Most words in one sentence.
    pub max_words: usize,
    /// Longest sentence in bytes, with its length prefixes. At most 4 GiB whatever is set here.
    pub max_sentence: usize,
}

impl Default for Limits {
    /// 1 MiB a word, 4096 words, 4 MiB a sentence.
    fn default() -> Self {
        Self { max_word: 1 << 20, max_words: 4096, max_sentence: 4 << 20 }
    }
}
