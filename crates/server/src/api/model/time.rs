//! Instants towards clients: RFC 3339 in UTC.

use accounting::time::Micros;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::ToSchema;

/// An instant as RFC 3339 in UTC, exact to the microsecond; the zeros at the end of the fraction are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ToSchema)]
#[schema(value_type = String, format = DateTime, examples("2026-11-21T14:02:00Z"))]
pub struct Time(pub Micros);

impl Time {
    /// The instant that `text` (RFC 3339 with any offset) names; finer parts than microseconds are cut off.
    ///
    /// # Errors
    /// A sentence for the person who wrote it.
    pub fn parse(text: &str) -> Result<Self, String> {
        operations::parse_instant(text)
            .map(Time)
            .map_err(|wrong| format!("\"{}\" {wrong}", text.escape_debug()))
    }
}

impl std::fmt::Display for Time {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0.0) {
            Ok(instant) => write!(out, "{instant}"),
            Err(_) if self.0.0 < 0 => write!(out, "{}", jiff::Timestamp::MIN),
            Err(_) => write!(out, "{}", jiff::Timestamp::MAX),
        }
    }
}

impl From<Micros> for Time {
    fn from(micros: Micros) -> Self {
        Time(micros)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Time::parse(&text).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_survives_the_way_out_and_back() {
        for micros in [0, 1, 1_795_000_000_000_000, 1_795_000_000_120_000, 1_795_000_000_123_456, -1] {
            let time = Time(Micros(micros));
            assert_eq!(Time::parse(&time.to_string()), Ok(time));
        }
    }

    #[test]
    fn zeros_at_the_end_are_left_out() {
        assert_eq!(Time(Micros(1_795_000_000_120_000)).to_string(), "2026-11-18T11:06:40.12Z");
        assert_eq!(Time(Micros(1_795_000_000_000_000)).to_string(), "2026-11-18T11:06:40Z");
    }

    #[test]
    fn offsets_are_understood_and_nonsense_is_named() {
        assert_eq!(Time::parse("1970-01-01T08:00:01+08:00"), Ok(Time(Micros(1_000_000))));
        assert!(Time::parse("yesterday\u{1b}").is_err_and(|text| text.contains("\\u{1b}")));
    }

    #[test]
    fn instants_beyond_the_calendar_stay_printable() {
        assert!(Time(Micros(i64::MAX)).to_string().starts_with("9999-"));
        assert!(Time(Micros(i64::MIN)).to_string().starts_with("-009999-"));
    }
}
