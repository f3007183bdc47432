//! What a router's certificate is recognised by.

use std::fmt;
use std::str::FromStr;

/// SHA-256 of a certificate's DER form. Shown and read as 64 hex digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint(pub [u8; 32]);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

/// Not a SHA-256 fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a fingerprint is the SHA-256 of a certificate: 64 hex digits, with or without colons")]
pub struct NoFingerprint;

impl FromStr for Fingerprint {
    type Err = NoFingerprint;

    /// Reads upper and lower case, with colons between the bytes or without, as tools print it.
    fn from_str(text: &str) -> Result<Self, NoFingerprint> {
        let digits = text.chars().filter(|digit| *digit != ':').map(|digit| digit.to_digit(16));
        let digits: Vec<u32> = digits.collect::<Option<_>>().ok_or(NoFingerprint)?;
        let bytes: Vec<u8> = digits
            .chunks_exact(2)
            .map(|pair| u8::try_from(pair[0] << 4 | pair[1]))
            .collect::<Result<_, _>>()
            .map_err(|_| NoFingerprint)?;
        match <[u8; 32]>::try_from(bytes) {
            Ok(bytes) if digits.len() == 64 => Ok(Fingerprint(bytes)),
            _ => Err(NoFingerprint),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_as_tools_print_it_and_shown_in_one_way() {
        let plain = "00ff".repeat(16);
        let colons = ["00", "FF"].repeat(16).join(":");
        assert_eq!(colons.parse::<Fingerprint>().unwrap().to_string(), plain);
        assert_eq!(plain.parse(), colons.parse::<Fingerprint>());
    }

    #[test]
    fn anything_else_is_refused() {
        let long = "0".repeat(66);
        for text in ["", "00", &long, &long[..65], &long[..63], &"g0".repeat(32), &"ü".repeat(32)] {
            assert_eq!(text.parse::<Fingerprint>(), Err(NoFingerprint), "{text}");
        }
    }
}
