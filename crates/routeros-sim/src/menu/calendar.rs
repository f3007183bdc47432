//! The router's own calendar: seconds since 1970 as RouterOS writes them (routeros.md §1.10).

use std::io::Write as _;

use crate::world::DateStyle;

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAY_SECONDS: i64 = 86_400;

/// `mar/02/2025` or `2025-03-02`.
pub(crate) fn write_date(style: DateStyle, unix_seconds: i64, out: &mut Vec<u8>) {
    let (year, month, day) = civil(unix_seconds.div_euclid(DAY_SECONDS));
    let written = match style {
        DateStyle::Months => write!(out, "{}/{day:02}/{year}", MONTHS[month - 1]),
        DateStyle::Iso => write!(out, "{year}-{month:02}-{day:02}"),
    };
    written.expect("a Vec takes every byte");
}

/// `11:30:44`
pub(crate) fn write_time(unix_seconds: i64, out: &mut Vec<u8>) {
    let second = unix_seconds.rem_euclid(DAY_SECONDS);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    write!(out, "{hour:02}:{minute:02}:{second:02}").expect("a Vec takes every byte");
}

/// Both, with a space between.
pub(crate) fn write_date_time(style: DateStyle, unix_seconds: i64, out: &mut Vec<u8>) {
    write_date(style, unix_seconds, out);
    out.push(b' ');
    write_time(unix_seconds, out);
}

/// The day number, counted from 1970-01-01, of a date in either style.
pub(crate) fn read_date(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?;
    let parts: Vec<&str> = text.split(['/', '-']).collect();
    let [first, second, third] = parts[..] else { return None };
    let (year, month, day) = match MONTHS.iter().position(|month| *month == first) {
        Some(month) => (third, month + 1, second),
        None => (first, second.parse().ok()?, third),
    };
    let (year, day): (i64, i64) = (year.parse().ok()?, day.parse().ok()?);
    let is_one = (1970..10_000).contains(&year) && (1..=12).contains(&month);
    if !is_one || !(1..=month_days(year, month - 1)).contains(&day) {
        return None;
    }
    let months: i64 = (0..month - 1).map(|month| month_days(year, month)).sum();
    Some(days_before_year(year) + months + day - 1)
}

/// The second of the day.
pub(crate) fn read_time(text: &[u8]) -> Option<i64> {
    let parts: Vec<i64> =
        std::str::from_utf8(text).ok()?.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [hour @ 0..24, minute @ 0..60, second @ 0..60] = parts[..] else { return None };
    Some(hour * 3_600 + minute * 60 + second)
}

/// Year, month (from 1) and day of a day number counted from 1970-01-01, in the Gregorian calendar.
fn civil(day_number: i64) -> (i64, usize, i64) {
    let mut year = 1970 + day_number.div_euclid(366);
    while days_before_year(year + 1) <= day_number {
        year += 1;
    }
    let mut day = day_number - days_before_year(year);
    let mut month = 0;
    while day >= month_days(year, month) {
        day -= month_days(year, month);
        month += 1;
    }
    (year, month + 1, day + 1)
}

fn days_before_year(year: i64) -> i64 {
    let full = year - 1;
    let leaps = full.div_euclid(4) - full.div_euclid(100) + full.div_euclid(400);
    (year - 1970) * 365 + leaps - 477
}

fn month_days(year: i64, month: usize) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        1 if leap => 29,
        1 => 28,
        3 | 5 | 8 | 10 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::{DateStyle, read_date, read_time, write_date_time};

    fn written(style: DateStyle, seconds: i64) -> String {
        let mut out = Vec::new();
        write_date_time(style, seconds, &mut out);
        String::from_utf8(out).expect("ASCII")
    }

    #[test]
    fn what_is_written_is_read() {
        for seconds in [0, 1_740_915_044, 1_709_251_199, 951_868_800, 4_107_542_399] {
            for style in [DateStyle::Months, DateStyle::Iso] {
                let text = written(style, seconds);
                let (date, time) = text.split_once(' ').expect("both");
                let read = (read_date(date.as_bytes()), read_time(time.as_bytes()));
                assert_eq!(read, (Some(seconds / 86_400), Some(seconds % 86_400)), "{text}");
            }
        }
        for wrong in ["2025-02-29", "2025-13-01", "feb/30/2024", "1-2", "x"] {
            assert_eq!(read_date(wrong.as_bytes()), None, "{wrong}");
        }
        assert_eq!((read_time(b"24:00:00"), read_time(b"1:2")), (None, None));
    }

    #[test]
    fn known_instants_are_written_in_both_styles() {
        assert_eq!(written(DateStyle::Months, 1_740_915_044), "mar/02/2025 11:30:44");
        assert_eq!(written(DateStyle::Iso, 1_740_915_044), "2025-03-02 11:30:44");
        assert_eq!(written(DateStyle::Months, 0), "jan/01/1970 00:00:00");
        assert_eq!(written(DateStyle::Iso, 1_709_251_199), "2024-02-29 23:59:59");
        assert_eq!(written(DateStyle::Iso, 951_868_800), "2000-03-01 00:00:00");
        assert_eq!(written(DateStyle::Iso, 4_107_542_399), "2100-02-28 23:59:59");
    }
}
