//! Speeds as people and `profiles.json` write them.

use crate::amounts::rate_for_people;
use crate::error::OperationError;

/// Bits per second: a number, or one with `K`, `M` or `G` behind it, in either case; K = 1000 (compat.md 001).
///
/// # Errors
/// [`OperationError::Invalid`] with a sentence that shows the form.
pub fn speed(text: &str) -> Result<u64, OperationError> {
    let factors = [('k', 1_000), ('m', 1_000_000), ('g', 1_000_000_000)];
    let unit = text.chars().next_back().map(|unit| unit.to_ascii_lowercase());
    let factor = factors.iter().find(|(known, _)| Some(*known) == unit);
    let (digits, factor) = factor.map_or((text, 1), |(_, factor)| (&text[..text.len() - 1], *factor));
    let number = digits.bytes().all(|digit| digit.is_ascii_digit()).then(|| digits.parse::<u64>().ok());
    number.flatten().and_then(|number| number.checked_mul(factor)).ok_or_else(|| {
        OperationError::Invalid(format!(
            "\"{}\" is no speed; write it like 512K, 2M or 1G, in bits per second. Nothing was changed",
            text.escape_debug()
        ))
    })
}

/// The slowest and the fastest that a limit can be, bits per second: below it nothing works, above it there is no such line.
const RATES: std::ops::RangeInclusive<u64> = 1_000..=1_000_000_000_000;

/// A speed that somebody can be limited to, bits per second.
///
/// # Errors
/// [`OperationError::Invalid`] with a sentence that says which are.
pub(crate) fn check_speed(bps: u64) -> Result<(), OperationError> {
    if RATES.contains(&bps) {
        return Ok(());
    }
    Err(OperationError::Invalid(format!(
        "{} is no speed that a line has; write one from 1k to 1000G. Nothing was changed",
        rate_for_people(bps)
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_is_a_k_in_either_case() {
        for (text, bps) in [
            ("512K", 512_000),
            ("1m", 1_000_000),
            ("10M", 10_000_000),
            ("1G", 1_000_000_000),
            ("64000", 64_000),
        ] {
            assert_eq!(speed(text), Ok(bps));
        }
        for wrong in
            ["", "K", "1.5M", "-1M", "1MB", "99999999999999999999", "99999999999999G", "5\u{e9}", "+1M"]
        {
            assert!(speed(wrong).is_err(), "{wrong}");
        }
    }
}
