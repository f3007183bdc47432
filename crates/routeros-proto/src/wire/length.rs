//! The length prefix of a word: five forms, chosen by the first byte (`routeros.md` §1.1).

use super::decode_error::DecodeError;

/// Appends the shortest prefix for a word of `len` bytes.
///
/// # Panics
/// When `len` does not fit into 32 bits, because the protocol has no form for it. A word of 4 GiB cannot be sent,
/// and a wrong prefix would turn the rest of the stream into garbage.
pub fn encode(len: usize, out: &mut Vec<u8>) {
    let Ok(len) = u32::try_from(len) else {
        panic!("a RouterOS API word cannot be longer than 4294967295 bytes, this one has {len}")
    };
    let bytes = len.to_be_bytes();
    match len {
        0..=0x7F => out.push(bytes[3]),
        0x80..=0x3FFF => out.extend_from_slice(&[bytes[2] | 0x80, bytes[3]]),
        0x4000..=0x1F_FFFF => out.extend_from_slice(&[bytes[1] | 0xC0, bytes[2], bytes[3]]),
        0x20_0000..=0xFFF_FFFF => out.extend_from_slice(&[bytes[0] | 0xE0, bytes[1], bytes[2], bytes[3]]),
        _ => out.extend_from_slice(&[0xF0, bytes[0], bytes[1], bytes[2], bytes[3]]),
    }
}

/// A length prefix as found on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Prefix {
    /// Bytes of the word that follows.
    pub(super) length: usize,
    /// Bytes of the prefix itself.
    pub(super) width: usize,
}

/// Reads the prefix at the start of `bytes`; `None` while it is incomplete.
///
/// A prefix longer than needed is accepted: it is legal for decoders (`routeros.md` §1.1).
pub(super) fn decode(bytes: &[u8]) -> Result<Option<Prefix>, DecodeError> {
    let Some(&first) = bytes.first() else { return Ok(None) };
    let (width, high) = match first {
        0x00..=0x7F => (1, first),
        0x80..=0xBF => (2, first & 0x3F),
        0xC0..=0xDF => (3, first & 0x1F),
        0xE0..=0xEF => (4, first & 0x0F),
        0xF0 => (5, 0),
        0xF1..=0xF7 => return Err(DecodeError::UndefinedLength(first)),
        0xF8..=0xFF => return Err(DecodeError::ControlByte(first)),
    };
    let Some(rest) = bytes.get(1..width) else { return Ok(None) };
    let length = rest.iter().fold(usize::from(high), |sum, byte| (sum << 8) | usize::from(*byte));
    Ok(Some(Prefix { length, width }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(len: usize) -> Vec<u8> {
        let mut out = Vec::new();
        encode(len, &mut out);
        out
    }

    #[test]
    fn every_form_at_both_of_its_edges() {
        assert_eq!(encoded(0), [0x00]);
        assert_eq!(encoded(0x7F), [0x7F]);
        assert_eq!(encoded(0x80), [0x80, 0x80]);
        assert_eq!(encoded(130), [0x80, 0x82]);
        assert_eq!(encoded(256), [0x81, 0x00]);
        assert_eq!(encoded(0x3FFF), [0xBF, 0xFF]);
        assert_eq!(encoded(0x4000), [0xC0, 0x40, 0x00]);
        assert_eq!(encoded(0x1F_FFFF), [0xDF, 0xFF, 0xFF]);
        assert_eq!(encoded(0x20_0000), [0xE0, 0x20, 0x00, 0x00]);
        assert_eq!(encoded(0xFFF_FFFF), [0xEF, 0xFF, 0xFF, 0xFF]);
        assert_eq!(encoded(0x1000_0000), [0xF0, 0x10, 0x00, 0x00, 0x00]);
        assert_eq!(encoded(0xFFFF_FFFF), [0xF0, 0xFF, 0xFF, 0xFF, 0xFF]);
    }

    #[test]
    fn what_was_encoded_is_decoded_and_every_shorter_piece_waits() {
        for len in
            [0, 1, 0x7F, 0x80, 0x3FFF, 0x4000, 0x1F_FFFF, 0x20_0000, 0xFFF_FFFF, 0x1000_0000, 0xFFFF_FFFF]
        {
            let bytes = encoded(len);
            assert_eq!(decode(&bytes), Ok(Some(Prefix { length: len, width: bytes.len() })));
            for short in 0..bytes.len() {
                assert_eq!(decode(&bytes[..short]), Ok(None), "{short} bytes of the prefix of {len}");
            }
        }
    }

    #[test]
    fn a_prefix_wider_than_needed_is_legal() {
        assert_eq!(decode(&[0xF0, 0, 0, 0, 5]), Ok(Some(Prefix { length: 5, width: 5 })));
    }

    #[test]
    fn undefined_and_reserved_first_bytes_are_told_apart() {
        for byte in 0xF1..=0xF7 {
            assert_eq!(decode(&[byte]), Err(DecodeError::UndefinedLength(byte)));
        }
        for byte in 0xF8..=0xFF {
            assert_eq!(decode(&[byte]), Err(DecodeError::ControlByte(byte)));
        }
    }

    #[test]
    #[should_panic(expected = "cannot be longer")]
    fn a_length_without_a_form_is_refused() {
        encoded(0x1_0000_0000);
    }
}
