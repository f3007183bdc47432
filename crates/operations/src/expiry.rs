//! When somebody's time runs out, as people write it.

use accounting::time::Micros;
use jiff::tz::TimeZone;

use crate::error::OperationError;
use crate::instants::{NoInstant, parse_instant};
use crate::steps::end_of_day;

/// When a subscriber's time runs out, as people write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// At that instant.
    At(Micros),
    /// With the end of that day in the subscriber's zone.
    EndOf(jiff::civil::Date),
}

impl Expiry {
    /// An instant (RFC 3339; finer parts than microseconds are cut off) or a bare date.
    ///
    /// # Errors
    /// [`OperationError::Invalid`] with a sentence for the person who wrote it.
    pub fn parse(text: &str) -> Result<Self, OperationError> {
        let wrong = match parse_instant(text) {
            Ok(at) => return Ok(Expiry::At(at)),
            Err(NoInstant::Form) => {
                "is neither an instant like 2026-12-31T14:02:00Z nor a date like 2026-12-31".into()
            }
            Err(wrong) => wrong.to_string(),
        };
        let bare = text.len() == "2026-12-31".len();
        let day = text.parse::<jiff::civil::Date>().ok().filter(|day| bare && day.year() > 0);
        day.map(Expiry::EndOf)
            .ok_or_else(|| OperationError::Invalid(format!("\"{}\" {wrong}", text.escape_debug())))
    }

    /// The instant it means to somebody whose days are those of `zone`.
    ///
    /// # Errors
    /// [`OperationError::Invalid`] when the day is outside the calendar.
    pub(crate) fn instant(self, zone: &TimeZone) -> Result<Micros, OperationError> {
        match self {
            Expiry::At(at) => Ok(at),
            Expiry::EndOf(day) => end_of_day(day, zone),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_and_dates_are_understood_and_nothing_else() {
        let parse = |text| Expiry::parse(text).ok();
        assert_eq!(parse("1970-01-01T08:00:01+08:00"), Some(Expiry::At(Micros(1_000_000))));
        assert_eq!(parse("2026-02-28"), Some(Expiry::EndOf(jiff::civil::date(2026, 2, 28))));
        for wrong in ["", "2026-02-30", "2026-02-28T10:00:00", "tomorrow", "20260228", "0000-01-01"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
