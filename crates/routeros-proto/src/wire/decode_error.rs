//! Why a byte stream is not the RouterOS API, or not one we are willing to hold in memory.

/// A stream that cannot be decoded any further.
///
/// None of these can be skipped: the position of the next word is unknown afterwards, so the connection must be
/// closed (`routeros.md` §1.1). Commands that were answered before are not affected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// A first byte of 0xF8 or above. Reserved by MikroTik for control bytes that do not exist yet.
    #[error(
        "the peer sent the reserved control byte 0x{0:02X} where a word should begin; this is not the RouterOS API \
         (is it the plain port, not the TLS one?), or a newer form of it"
    )]
    ControlByte(u8),
    /// A first byte of 0xF1 to 0xF7, for which no length form is defined.
    #[error(
        "the peer sent 0x{0:02X} where a word should begin, which no length starts with; \
         this is not the RouterOS API"
    )]
    UndefinedLength(u8),
    /// A word announced more bytes than [`Limits::max_word`](crate::Limits::max_word).
    #[error(
        "the peer announced a word of {length} bytes, more than the {limit} allowed; \
         it is not the RouterOS API, or the limit is too small"
    )]
    WordTooLong {
        /// Bytes announced.
        length: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// A sentence went on after [`Limits::max_words`](crate::Limits::max_words) words.
    #[error("the peer sent a sentence of more than {limit} words")]
    TooManyWords {
        /// Words allowed.
        limit: usize,
    },
    /// A sentence went on after [`Limits::max_sentence`](crate::Limits::max_sentence) bytes.
    #[error("the peer sent a sentence of more than {limit} bytes")]
    SentenceTooLong {
        /// Bytes allowed, length prefixes included.
        limit: usize,
    },
}
