//! Instants in the journal, which people read.

use accounting::time::Micros;
use jiff::Timestamp;

/// RFC 3339 in UTC; the calendar's end for instants beyond it.
pub(crate) fn instant_text(at: Micros) -> String {
    let beyond = if at.0 < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_microsecond(at.0).unwrap_or(beyond).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_told_in_utc_and_none_is_too_far() {
        assert_eq!(instant_text(Micros(1_795_000_000_120_000)), "2026-11-18T11:06:40.12Z");
        assert!(instant_text(Micros(i64::MIN)).starts_with("-009999"));
        assert!(instant_text(Micros(i64::MAX)).starts_with("9999"));
    }
}
