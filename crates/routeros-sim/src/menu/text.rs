//! Values as RouterOS writes them over the API (routeros.md §1.10).

use std::io::Write as _;

use routeros_proto::value;

use super::calendar;
use crate::world::{BooleanWords, UptimeStyle, World};

const SECOND_US: u64 = 1_000_000;

/// Plain digits. Written by hand because a table of 100,000 sessions is mostly numbers.
pub(crate) fn number(n: u64, out: &mut Vec<u8>) -> bool {
    let mut digits = [b'0'; 20];
    let mut first = digits.len();
    let mut rest = n;
    // Two at a time: dividing is what costs.
    while rest >= 100 {
        let pair = rest % 100;
        rest /= 100;
        first -= 2;
        digits[first] += low_byte(pair / 10);
        digits[first + 1] += low_byte(pair % 10);
    }
    first -= 1;
    digits[first] += low_byte(rest % 10);
    if rest >= 10 {
        first -= 1;
        digits[first] += low_byte(rest / 10);
    }
    out.extend_from_slice(&digits[first..]);
    true
}

fn low_byte(n: u64) -> u8 {
    n.to_le_bytes()[0]
}

/// `*F00000`
pub(crate) fn item_id(id: u64, out: &mut Vec<u8>) -> bool {
    value::write_item_id(id, out);
    true
}

/// Bytes as they are.
pub(crate) fn bytes(text: impl AsRef<[u8]>, out: &mut Vec<u8>) -> bool {
    out.extend_from_slice(text.as_ref());
    true
}

/// `true` or `yes`, as the device is set.
pub(crate) fn boolean(world: &World, truth: bool, out: &mut Vec<u8>) -> bool {
    let word = match (world.device.switches.boolean_words, truth) {
        (BooleanWords::TrueFalse, true) => "true",
        (BooleanWords::TrueFalse, false) => "false",
        (BooleanWords::YesNo, true) => "yes",
        (BooleanWords::YesNo, false) => "no",
    };
    bytes(word, out)
}

/// Whole seconds that have passed since `since_us`, in the device's style.
pub(crate) fn elapsed(world: &World, since_us: u64, out: &mut Vec<u8>) -> bool {
    duration(world, world.now_us() - since_us, out)
}

/// Whole seconds of so many microseconds, in the device's style.
pub(crate) fn duration(world: &World, micros: u64, out: &mut Vec<u8>) -> bool {
    let micros = micros / SECOND_US * SECOND_US;
    let text = match world.device.uptime_style {
        UptimeStyle::Words => value::write_duration_words(micros),
        UptimeStyle::Colon => value::write_duration_colon(micros),
    };
    bytes(text, out)
}

/// What the router's calendar shows at a virtual time, seconds since 1970.
pub(crate) fn calendar_at(world: &World, at_us: u64) -> i64 {
    world.calendar_at_start + i64::try_from(at_us / SECOND_US).unwrap_or(i64::MAX / 2)
}

/// A date with time in the device's style.
pub(crate) fn date_time(world: &World, at_us: u64, out: &mut Vec<u8>) -> bool {
    calendar::write_date_time(world.device.date_style, calendar_at(world, at_us), out);
    true
}

/// `100.64.0.1`
pub(crate) fn ipv4(address: u32, out: &mut Vec<u8>) -> bool {
    write!(out, "{}", std::net::Ipv4Addr::from_bits(address)).expect("a Vec takes every byte");
    true
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn digits_are_those_of_the_standard_library() {
        for n in [0, 1, 9, 10, 99, 100, 12_345_678_901, u64::MAX] {
            let mut out = Vec::new();
            assert!(number(n, &mut out));
            assert_eq!(out, n.to_string().as_bytes());
        }
    }
}
