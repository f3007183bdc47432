//! The arithmetic of the login before RouterOS 6.43.

use md5::{Digest, Md5};

/// Bytes of a challenge.
const CHALLENGE: usize = 16;

/// The value of `=response=`: `00` and the hexadecimal MD5 of a zero byte, the password and the challenge.
///
/// `None` when `challenge_hex` is not 32 hexadecimal digits. Source: `routeros.md` §1.8, vector in §9.
pub fn challenge_response(password: &[u8], challenge_hex: &[u8]) -> Option<String> {
    let challenge = from_hex(challenge_hex)?;
    let mut hash = Md5::new();
    hash.update([0]);
    hash.update(password);
    hash.update(challenge);
    Some(format!("00{}", to_hex(&hash.finalize())))
}

/// Lower-case hexadecimal digits.
pub(super) fn to_hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 0x0F])
        .filter_map(|half| char::from_digit(half.into(), 16))
        .collect()
}

fn from_hex(text: &[u8]) -> Option<[u8; CHALLENGE]> {
    if text.len() != 2 * CHALLENGE {
        return None;
    }
    let mut bytes = [0; CHALLENGE];
    for (byte, digits) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        *byte = digits.iter().try_fold(0, |sum, digit| Some(sum << 4 | half(*digit)?))?;
    }
    Some(bytes)
}

fn half(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| value.try_into().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verified_vector() {
        let response = challenge_response(b"", b"93b438ec9b80057c06dd9fe67d56aa9a");
        assert_eq!(response.as_deref(), Some("00e134102a9d330dd7b1849fedfea3cb57"));
    }

    #[test]
    fn digits_of_either_case() {
        let lower = challenge_response(b"secret", b"93b438ec9b80057c06dd9fe67d56aa9a");
        assert_eq!(lower, challenge_response(b"secret", b"93B438EC9B80057C06DD9FE67D56AA9A"));
        assert_ne!(lower, challenge_response(b"", b"93b438ec9b80057c06dd9fe67d56aa9a"));
    }

    #[test]
    fn anything_but_32_digits_is_no_challenge() {
        for wrong in
            [&b""[..], b"93b4", b"93b438ec9b80057c06dd9fe67d56aa9g", b"93b438ec9b80057c06dd9fe67d56aa9a0"]
        {
            assert_eq!(challenge_response(b"", wrong), None, "{wrong:?}");
        }
    }
}
