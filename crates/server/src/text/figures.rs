//! Figures and instants within sentences.

use accounting::time::Micros;

/// An instant as a person says it, to the minute, in UTC. One before 1970 comes from an impossible uptime.
pub(super) fn minute(at: Micros) -> String {
    match jiff::Timestamp::from_microsecond(at.0) {
        Ok(instant) if at.0 >= 0 => instant.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        _ => "an unknown time".to_owned(),
    }
}

/// A length of time in its largest useful units.
pub(super) fn duration(micros: u64) -> String {
    let seconds = micros.div_ceil(1_000_000);
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7_199 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_rounded_up_to_seconds() {
        assert_eq!(duration(1), "1 s");
        assert_eq!(duration(125_000_000), "2 min 5 s");
        assert_eq!(duration(7_200_000_000), "2 h 0 min");
    }

    #[test]
    fn minutes_are_in_utc() {
        assert_eq!(minute(Micros(1_795_000_000_000_000)), "2026-11-18 11:06 UTC");
        assert_eq!(minute(Micros(-1)), "an unknown time");
    }
}
