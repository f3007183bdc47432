//! Integers, booleans, rates and pairs.

/// A plain decimal integer, as counters come: no sign, no grouping, at most 64 bits.
#[inline]
pub fn unsigned(b: &[u8]) -> Option<u64> {
    // Nineteen digits always fit, so the usual counter needs no overflow check at each digit.
    let (head, tail) = b.split_at(b.len().min(19));
    let (mut sum, head) = match head.split_first_chunk() {
        Some((eight, rest)) => (eight_digits(*eight)?, rest),
        None => (0, head),
    };
    for digit in head {
        sum = sum.wrapping_mul(10).wrapping_add(u64::from(digit_of(*digit)?));
    }
    if b.is_empty() { None } else { append_digits(sum, tail) }
}

/// Eight digits at once: counters are the bulk of what is read, and most have nine to eleven digits.
///
/// Each step joins neighbours: eight digits to four pairs, to two fours, to one eight. The first byte is the most
/// significant digit and, read little-endian, the lowest byte of the word.
#[inline]
fn eight_digits(bytes: [u8; 8]) -> Option<u64> {
    const HIGH_BITS: u64 = 0x8080_8080_8080_8080;
    let digits = u64::from_le_bytes(bytes) ^ 0x3030_3030_3030_3030;
    // Adding 0x76 sets the high bit of a byte above 9. A carry out of a byte means that byte had its high bit set.
    if (digits | digits.wrapping_add(0x7676_7676_7676_7676)) & HIGH_BITS != 0 {
        return None;
    }
    let pairs = (digits.wrapping_mul(10 << 8 | 1) >> 8) & 0x00FF_00FF_00FF_00FF;
    let fours = (pairs.wrapping_mul(100 << 16 | 1) >> 16) & 0x0000_FFFF_0000_FFFF;
    Some(fours.wrapping_mul(10_000 << 32 | 1) >> 32)
}

fn append_digits(sum: u64, digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(sum, |sum, digit| sum.checked_mul(10)?.checked_add(u64::from(digit_of(*digit)?)))
}

#[inline]
fn digit_of(byte: u8) -> Option<u8> {
    let digit = byte.wrapping_sub(b'0');
    (digit <= 9).then_some(digit)
}

/// `true`/`false`, and the `yes`/`no` of older replies.
pub fn boolean(b: &[u8]) -> Option<bool> {
    match b {
        b"true" | b"yes" => Some(true),
        b"false" | b"no" => Some(false),
        _ => None,
    }
}

/// A rate in bits per second: an integer, as routers answer, or one with `k`, `M` or `G` (1000, in either case), as
/// people write.
pub fn rate_bps(b: &[u8]) -> Option<u64> {
    let (number, factor) = match b.split_last()? {
        (b'k' | b'K', number) => (number, 1_000),
        (b'm' | b'M', number) => (number, 1_000_000),
        (b'g' | b'G', number) => (number, 1_000_000_000),
        _ => (b, 1),
    };
    unsigned(number)?.checked_mul(factor)
}

/// `a/b`. In simple queues and rate limits the first is the subscriber's upload, the second the download
/// (`routeros.md` §3). `None` when there is not exactly one slash.
pub fn pair(b: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut parts = b.split(|byte| *byte == b'/');
    let both = (parts.next()?, parts.next()?);
    parts.next().is_none().then_some(both)
}

/// A pair of integers, for example the `bytes` of a simple queue: upload, download.
pub fn octets_pair(b: &[u8]) -> Option<(u64, u64)> {
    let (first, second) = pair(b)?;
    Some((unsigned(first)?, unsigned(second)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_up_to_64_bits_and_nothing_else() {
        assert_eq!(unsigned(b"15358415653"), Some(15_358_415_653));
        assert_eq!(unsigned(b"18446744073709551615"), Some(u64::MAX));
        assert_eq!(unsigned(b"18446744073709551616"), None);
        assert_eq!(unsigned(b"007"), Some(7));
        for length in 1..=20 {
            let text = &b"12345678901234567890"[..length];
            let expected = text.iter().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'));
            assert_eq!(unsigned(text), Some(expected));
            for at in 0..length {
                for wrong in (0..=255).filter(|byte: &u8| !byte.is_ascii_digit()) {
                    let mut text = text.to_vec();
                    text[at] = wrong;
                    assert_eq!(unsigned(&text), None, "{text:?}");
                }
            }
        }
        for wrong in [&b""[..], b"-1", b"+1", b"1 000", b"1.5", b"0x10", b"40.2MiB", b"/", b":"] {
            assert_eq!(unsigned(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn both_spellings_of_booleans() {
        assert_eq!(boolean(b"true"), Some(true));
        assert_eq!(boolean(b"yes"), Some(true));
        assert_eq!(boolean(b"false"), Some(false));
        assert_eq!(boolean(b"no"), Some(false));
        assert_eq!(boolean(b"TRUE"), None);
        assert_eq!(boolean(b""), None);
    }

    #[test]
    fn rates_are_decimal() {
        assert_eq!(rate_bps(b"512k"), Some(512_000));
        assert_eq!(rate_bps(b"512K"), Some(512_000));
        assert_eq!(rate_bps(b"10M"), Some(10_000_000));
        assert_eq!(rate_bps(b"1g"), Some(1_000_000_000));
        assert_eq!(rate_bps(b"1000000000"), Some(1_000_000_000));
        assert_eq!(rate_bps(b"0"), Some(0));
        for wrong in [&b""[..], b"k", b"10 M", b"10Mb", b"99999999999G", b"-1k"] {
            assert_eq!(rate_bps(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn pairs_have_exactly_one_slash() {
        assert_eq!(octets_pair(b"45666/172388"), Some((45_666, 172_388)));
        assert_eq!(
            pair(b"default-small/default-small"),
            Some((&b"default-small"[..], &b"default-small"[..]))
        );
        assert_eq!(pair(b"/"), Some((&b""[..], &b""[..])));
        assert_eq!(pair(b"8"), None);
        assert_eq!(pair(b"1/2/3"), None);
        assert_eq!(octets_pair(b"1/x"), None);
    }
}
