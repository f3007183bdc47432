//! When somebody's time runs out, as people write it: an instant, or a date for the end of that day.

use operations::Expiry;
use serde::{Deserialize, Deserializer, de};

use super::time::Time;

/// An instant (RFC 3339) or a bare date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpiryText(pub Expiry);

impl ExpiryText {
    fn parse(text: &str) -> Result<Self, String> {
        if let Ok(Time(at)) = Time::parse(text) {
            return Ok(ExpiryText(Expiry::At(at)));
        }
        let bare = text.len() == "2026-12-31".len();
        let day = text.parse::<jiff::civil::Date>().ok().filter(|_| bare);
        day.map(|day| ExpiryText(Expiry::EndOf(day))).ok_or_else(|| {
            format!(
                "\"{}\" is neither an instant like 2026-12-31T14:02:00Z nor a date like 2026-12-31",
                text.escape_debug()
            )
        })
    }
}

impl<'de> Deserialize<'de> for ExpiryText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        ExpiryText::parse(&text).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use accounting::time::Micros;

    use super::*;

    #[test]
    fn instants_and_dates_are_understood_and_nothing_else() {
        let parse = |text| ExpiryText::parse(text).map(|expiry| expiry.0);
        assert_eq!(parse("1970-01-01T08:00:01+08:00"), Ok(Expiry::At(Micros(1_000_000))));
        assert_eq!(parse("2026-02-28"), Ok(Expiry::EndOf(jiff::civil::date(2026, 2, 28))));
        for wrong in ["", "2026-02-30", "2026-02-28T10:00:00", "tomorrow", "20260228"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
