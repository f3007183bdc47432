//! Durations in both styles routers use (`routeros.md` §1.10).

use std::fmt::Write;

const SECOND: u64 = 1_000_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const WEEK: u64 = 7 * DAY;

/// Units of the word style, longest first, in microseconds.
const UNITS: [(&str, u64); 7] =
    [("w", WEEK), ("d", DAY), ("h", HOUR), ("m", MINUTE), ("s", SECOND), ("ms", 1_000), ("us", 1)];

/// A duration, or one of the words that stand in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DurationValue {
    /// Microseconds.
    Micros(u64),
    /// `none` or `never`.
    Never,
}

/// Reads `6w5d11h55m45s`, `1m58s660ms`, `453us`, `01:22:53`, `1d02:15:30`, `none` and `never`.
///
/// Any unit may be missing and numbers may be larger than the next unit (weeks have none), but the units must
/// descend. A bare number is no duration.
pub fn duration(b: &[u8]) -> Option<DurationValue> {
    match b {
        b"none" | b"never" => Some(DurationValue::Never),
        _ => micros(b).map(DurationValue::Micros),
    }
}

/// The microseconds of a duration; `None` for `none`, `never` and everything else that has no length.
pub fn duration_micros(b: &[u8]) -> Option<u64> {
    match duration(b)? {
        DurationValue::Micros(micros) => Some(micros),
        DurationValue::Never => None,
    }
}

/// Writes `6w5d11h55m45s`, down to `ms` and `us`; zero is `0s`.
pub fn write_duration_words(micros: u64) -> String {
    if micros == 0 {
        return "0s".to_owned();
    }
    let mut text = String::new();
    let mut rest = micros;
    for (name, unit) in UNITS {
        push_unit(&mut text, rest / unit, name);
        rest %= unit;
    }
    text
}

/// Writes `1d02:15:30`. Days from the seventh on are weeks; what is shorter than a second is left out.
pub fn write_duration_colon(micros: u64) -> String {
    let mut text = String::new();
    push_unit(&mut text, micros / WEEK, "w");
    push_unit(&mut text, micros % WEEK / DAY, "d");
    let (hours, minutes, seconds) = (micros % DAY / HOUR, micros % HOUR / MINUTE, micros % MINUTE / SECOND);
    // Writing to a String has no error to report.
    let _infallible = write!(text, "{hours:02}:{minutes:02}:{seconds:02}");
    text
}

fn push_unit(text: &mut String, number: u64, name: &str) {
    if number > 0 {
        // Writing to a String has no error to report.
        let _infallible = write!(text, "{number}{name}");
    }
}

/// Both styles at once: words first, then possibly `h:mm:ss` when the last word was not shorter than a day.
fn micros(text: &[u8]) -> Option<u64> {
    let mut rest = text;
    let mut sum = 0_u64;
    let mut shorter_than = u64::MAX;
    while !rest.is_empty() {
        let (number, tail) = leading_number(rest)?;
        if tail.starts_with(b":") {
            return if shorter_than >= DAY { sum.checked_add(clock(number, tail)?) } else { None };
        }
        let (unit, tail) = leading_unit(tail)?;
        if unit >= shorter_than {
            return None;
        }
        sum = sum.checked_add(number.checked_mul(unit)?)?;
        shorter_than = unit;
        rest = tail;
    }
    (!text.is_empty()).then_some(sum)
}

/// `:mm:ss` behind the hours.
fn clock(hours: u64, tail: &[u8]) -> Option<u64> {
    let &[b':', m1, m2, b':', s1, s2] = tail else { return None };
    let minutes = two_digits(m1, m2)?;
    let seconds = two_digits(s1, s2)?;
    hours.checked_mul(HOUR)?.checked_add(minutes * MINUTE + seconds * SECOND)
}

/// A number below 60.
fn two_digits(tens: u8, ones: u8) -> Option<u64> {
    super::number::unsigned(&[tens, ones]).filter(|number| *number < 60)
}

fn leading_number(text: &[u8]) -> Option<(u64, &[u8])> {
    let end = text.iter().position(|byte| !byte.is_ascii_digit())?;
    let (digits, tail) = text.split_at(end);
    Some((super::number::unsigned(digits)?, tail))
}

fn leading_unit(text: &[u8]) -> Option<(u64, &[u8])> {
    let end = text.iter().position(|byte| !byte.is_ascii_lowercase()).unwrap_or(text.len());
    let (name, tail) = text.split_at(end);
    UNITS.iter().find(|(known, _)| known.as_bytes() == name).map(|(_, unit)| (*unit, tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<u64> {
        let micros = duration_micros(text.as_bytes())?;
        assert_eq!(micros % SECOND, 0, "{text}");
        Some(micros / SECOND)
    }

    #[test]
    fn captured_uptimes() {
        // routeros.md §7 (42)
        assert_eq!(seconds("3d3h42m53s"), Some(272_573));
        assert_eq!(seconds("15w3d3h42m53s"), Some(9_344_573));
        assert_eq!(seconds("42m53s"), Some(2_573));
        assert_eq!(seconds("7w6d9h34m"), Some(4_786_440));
    }

    #[test]
    fn every_style_met() {
        // routeros.md §1.10
        assert_eq!(seconds("6w5d11h55m45s"), Some(4_103_745));
        assert_eq!(seconds("1d6h22m"), Some(109_320));
        assert_eq!(seconds("35w13h13m15s"), Some(21_215_595));
        assert_eq!(seconds("10w2d6h21m59s"), Some(6_243_719));
        assert_eq!(seconds("0s"), Some(0));
        assert_eq!(duration_micros(b"453us"), Some(453));
        assert_eq!(duration_micros(b"1m58s660ms"), Some(118_660_000));
        assert_eq!(seconds("01:22:53"), Some(4_973));
        assert_eq!(seconds("1d02:15:30"), Some(94_530));
        assert_eq!(seconds("3d04:05:06"), Some(273_906));
        assert_eq!(seconds("00:10:00"), Some(600));
        assert_eq!(duration(b"none"), Some(DurationValue::Never));
        assert_eq!(duration(b"never"), Some(DurationValue::Never));
        assert_eq!(duration_micros(b"never"), None);
    }

    #[test]
    fn what_is_no_duration() {
        for wrong in [
            "",
            "s",
            "5",
            "1x",
            "1s1m",
            "1s1s",
            "1h02:15:30",
            "02:60:00",
            "02:15",
            "2:5:3",
            "1d02:15:30s",
            "-1s",
            "1 d",
            "99999999999999999999s",
            "99999999999999999w",
            "1m1min",
            "18446744073709551615s",
        ] {
            assert_eq!(duration(wrong.as_bytes()), None, "{wrong:?}");
        }
    }

    #[test]
    fn both_styles_are_written() {
        assert_eq!(write_duration_words(4_103_745 * SECOND), "6w5d11h55m45s");
        assert_eq!(write_duration_words(118_660_000), "1m58s660ms");
        assert_eq!(write_duration_words(453), "453us");
        assert_eq!(write_duration_words(0), "0s");
        assert_eq!(write_duration_colon(94_530 * SECOND), "1d02:15:30");
        assert_eq!(write_duration_colon(600 * SECOND), "00:10:00");
        assert_eq!(write_duration_colon(999_999), "00:00:00");
        assert_eq!(write_duration_colon(WEEK + SECOND), "1w00:00:01");
    }
}
