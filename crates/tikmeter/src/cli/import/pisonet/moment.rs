//! Dates of the old program: seconds since 1970, a date with its zone, or one without.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// The instant.
///
/// # Errors
/// Half a sentence.
pub(super) fn moment(text: &str, zone: Option<&str>) -> Result<Timestamp, String> {
    if let Ok(seconds) = text.parse::<i64>() {
        return Timestamp::from_second(seconds).map_err(|_| no_date(text));
    }
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(instant);
    }
    let civil: DateTime = text.parse().map_err(|_| no_date(text))?;
    let zone = zone
        .ok_or("its dates are in a zone that it does not say; say it with --zone, for example Asia/Manila")?;
    let zone = TimeZone::get(zone).map_err(|_| format!("\"{}\" is no zone", zone.escape_debug()))?;
    zone.to_timestamp(civil).map_err(|_| no_date(text))
}

fn no_date(text: &str) -> String {
    format!("\"{}\" is no date", text.escape_debug())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_is_an_instant_and_one_without_a_zone_needs_one() {
        let at = |text, zone| moment(text, zone).map(|at| at.to_string());
        assert_eq!(at("1767225600", None).unwrap(), "2026-01-01T00:00:00Z");
        assert_eq!(at("2026-01-01T08:00:00+08:00", None).unwrap(), "2026-01-01T00:00:00Z");
        assert_eq!(at("2026-01-01 08:00:00.250000", Some("Asia/Manila")).unwrap(), "2026-01-01T00:00:00.25Z");
        assert!(at("2026-01-01 08:00:00", None).unwrap_err().contains("--zone"));
        assert!(at("soon", Some("UTC")).unwrap_err().contains("no date"));
    }
}
