//! Instants as people read and write them.

use accounting::time::Micros;
use jiff::Timestamp;

/// Why a text is no instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoInstant {
    /// It is not written as RFC 3339 has it.
    Form,
    /// It is, and the calendar has no such day and time from the year 1 until 9999-12-30.
    Calendar,
}

impl std::fmt::Display for NoInstant {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            NoInstant::Form => "is not an instant like 2026-11-21T14:02:00Z",
            NoInstant::Calendar => "names no day and time from the year 1 until 9999-12-30",
        })
    }
}

/// An instant as RFC 3339 section 5.6 writes it, with any offset; finer parts than microseconds are cut off. The blank in
/// place of the T, which that section leaves to agreement, is not taken.
///
/// # Errors
/// [`NoInstant`]; as a text it goes on a sentence that begins with what was written.
pub fn parse_instant(text: &str) -> Result<Micros, NoInstant> {
    if !is_rfc_3339(text.as_bytes()) {
        return Err(NoInstant::Form);
    }
    let instant: Timestamp = text.parse().map_err(|_| NoInstant::Calendar)?;
    let first = Timestamp::from_second(FIRST_S).map_err(|_| NoInstant::Calendar)?;
    if instant < first { Err(NoInstant::Calendar) } else { Ok(Micros(instant.as_microsecond())) }
}

/// Begin of the year 1 in UTC: what is before has no form in RFC 3339.
const FIRST_S: i64 = -62_135_596_800;

/// `0000-00-00T00:00:00`, a fraction or none, and `Z` or `+00:00`.
fn is_rfc_3339(text: &[u8]) -> bool {
    let Some((day_and_time, rest)) = text.split_at_checked(19) else { return false };
    let digits =
        rest.strip_prefix(b".").map(|rest| rest.iter().take_while(|byte| byte.is_ascii_digit()).count());
    let offset = match digits {
        Some(0) => return false,
        Some(digits) => &rest[digits + 1..],
        None => rest,
    };
    has_form(day_and_time, b"0000-00-00T00:00:00")
        && (offset.eq_ignore_ascii_case(b"Z") || has_form(offset, b"+00:00") && offset[1..3] < b"24"[..])
}

/// Digits where the form has one, either sign for its plus, and letters of either case.
fn has_form(text: &[u8], form: &[u8]) -> bool {
    let fits = |(byte, form): (&u8, &u8)| match form {
        b'0' => byte.is_ascii_digit(),
        b'+' => matches!(byte, b'+' | b'-'),
        form => byte.eq_ignore_ascii_case(form),
    };
    text.len() == form.len() && text.iter().zip(form).all(fits)
}

/// RFC 3339 in UTC; the calendar's end for instants beyond it.
pub(crate) fn instant_text(at: Micros) -> String {
    let beyond = if at.0 < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_microsecond(at.0).unwrap_or(beyond).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rfc_3339_writes_is_understood() {
        let parse = |text| parse_instant(text).map(|at| at.0);
        assert_eq!(parse("1970-01-01T08:00:01+08:00"), Ok(1_000_000));
        assert_eq!(parse("1970-01-01t00:00:00.1234567z"), Ok(123_456));
        assert_eq!(parse("1969-12-31T23:59:59.999999-00:00"), Ok(-1));
        assert!(parse("0001-01-01T00:00:00Z").is_ok());
        assert!(parse("9999-12-30T22:00:00Z").is_ok());
    }

    #[test]
    fn other_forms_and_days_that_are_not_are_told_apart() {
        for text in [
            "",
            "2026-11-21",
            "20270101T000000Z",
            "2027-01-01T00Z",
            "2027-01-01T00:00Z",
            "2027-01-01 00:00:00Z",
            "2027-01-01T00:00:00",
            "2027-01-01T00:00:00.Z",
            "2027-01-01T00:00:00,5Z",
            "2027-01-01T00:00:00Z[UTC]",
            "2027-01-01T00:00:00+25:00",
            "2027-01-01T00:00:00+08",
            "2027-01-01T00:00:00+0800",
            "-009999-01-02T01:59:59Z",
            "2027-01-01T00:00:00\u{e9}",
        ] {
            assert_eq!(parse_instant(text), Err(NoInstant::Form), "{text}");
        }
        for text in
            ["2026-02-30T00:00:00Z", "2026-02-28T25:00:00Z", "9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z"]
        {
            assert_eq!(parse_instant(text), Err(NoInstant::Calendar), "{text}");
        }
    }

    #[test]
    fn an_instant_is_told_in_utc_and_none_is_too_far() {
        assert_eq!(instant_text(Micros(1_795_000_000_120_000)), "2026-11-18T11:06:40.12Z");
        assert!(instant_text(Micros(i64::MIN)).starts_with("-009999"));
        assert!(instant_text(Micros(i64::MAX)).starts_with("9999"));
    }
}
