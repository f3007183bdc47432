//! Steps of a history: which hour or day, in a zone's own calendar, a 15-minute bucket lies in.

use accounting::time::Micros;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::error::OperationError;

/// How long the steps of a history are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Step {
    /// 15 minutes, as the ledger keeps them.
    Quarter,
    /// Hours of the zone's clock. An hour that the clock shows twice is two steps.
    Hour,
    /// Calendar days of the zone: 23 to 25 hours.
    #[default]
    Day,
}

/// A calendar that buckets are sorted into.
#[derive(Clone, Debug)]
pub struct Calendar {
    step: Step,
    zone: TimeZone,
}

/// A zone by its IANA name, like `Asia/Manila`.
///
/// # Errors
/// [`OperationError::Invalid`] with a sentence when no zone has that name.
pub fn zone(name: &str) -> Result<TimeZone, OperationError> {
    TimeZone::get(name).map_err(|_| {
        OperationError::Invalid(format!(
            "\"{}\" is no time zone; write one of the IANA names, like Asia/Manila or UTC",
            name.escape_debug()
        ))
    })
}

/// The first instant of a day in a zone.
pub(crate) fn begin_of_day(day: jiff::civil::Date, zone: &TimeZone) -> Result<Micros, OperationError> {
    let begin = day.to_zoned(zone.clone()).and_then(|midnight| midnight.start_of_day());
    let begin = begin.map_err(|_| {
        OperationError::Invalid(format!("{day} is outside the calendar; nothing was changed"))
    })?;
    Ok(Micros(begin.timestamp().as_microsecond()))
}

/// The last second of a day in a zone.
pub(crate) fn end_of_day(day: jiff::civil::Date, zone: &TimeZone) -> Result<Micros, OperationError> {
    let end = day.tomorrow().and_then(|next| next.to_zoned(zone.clone()));
    let end = end.map_err(|_| {
        OperationError::Invalid(format!("{day} is outside the calendar; nothing was changed"))
    })?;
    Ok(Micros(end.timestamp().as_microsecond() - 1_000_000))
}

impl Calendar {
    /// Steps of that length in that zone.
    pub fn new(step: Step, zone: TimeZone) -> Self {
        Calendar { step, zone }
    }

    /// The half-open step that `instant` lies in. An instant outside the calendar (years -9999 to 9999) is a step of
    /// its own bucket.
    pub fn step_of(&self, instant: Micros) -> std::ops::Range<Micros> {
        let quarter = || {
            let begin = instant.bucket().saturating_mul(Micros::BUCKET);
            Micros(begin)..Micros(begin.saturating_add(Micros::BUCKET))
        };
        match self.step {
            Step::Quarter => quarter(),
            Step::Hour => self.hour(instant).unwrap_or_else(quarter),
            Step::Day => self.day(instant).unwrap_or_else(quarter),
        }
    }

    /// The instant with the zone's offset, as RFC 3339 (`2026-11-28T00:00:00+08:00`).
    pub fn label(&self, instant: Micros) -> String {
        match self.zoned(instant) {
            Some(zoned) => zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            None => instant.0.to_string(),
        }
    }

    fn zoned(&self, instant: Micros) -> Option<Zoned> {
        Some(Timestamp::from_microsecond(instant.0).ok()?.to_zoned(self.zone.clone()))
    }

    /// The hour on the zone's clock: a change of offset ends it.
    fn hour(&self, instant: Micros) -> Option<std::ops::Range<Micros>> {
        let zoned = self.zoned(instant)?;
        let into = i64::from(zoned.minute()) * 60_000_000
            + i64::from(zoned.second()) * 1_000_000
            + i64::from(zoned.subsec_nanosecond()) / 1_000;
        let begin = zoned.timestamp().as_microsecond() - into;
        // One past the instant, because a change at the instant itself begins its hour.
        let past = Timestamp::from_microsecond(instant.0.checked_add(1)?).ok()?;
        let changed = self.zone.preceding(past).next();
        let since = changed.map_or(begin, |change| change.timestamp().as_microsecond().max(begin));
        let next = self.zone.following(zoned.timestamp()).next();
        let end = begin + 3_600_000_000;
        let until = next.map_or(end, |change| change.timestamp().as_microsecond().min(end));
        Some(Micros(since)..Micros(until))
    }

    fn day(&self, instant: Micros) -> Option<std::ops::Range<Micros>> {
        let zoned = self.zoned(instant)?;
        let begin = zoned.start_of_day().ok()?;
        let next = zoned.date().tomorrow().ok()?.to_datetime(Time::midnight());
        let end = next.to_zoned(self.zone.clone()).ok()?.start_of_day().ok()?;
        let micros = |zoned: &Zoned| Micros(zoned.timestamp().as_microsecond());
        Some(micros(&begin)..micros(&end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn micros(text: &str) -> Micros {
        Micros(text.parse::<Timestamp>().unwrap().as_microsecond())
    }

    fn step(step: Step, name: &str, instant: &str) -> (String, String) {
        let calendar = Calendar::new(step, zone(name).unwrap());
        let found = calendar.step_of(micros(instant));
        (calendar.label(found.start), calendar.label(found.end))
    }

    fn texts(begin: &str, end: &str) -> (String, String) {
        (begin.to_owned(), end.to_owned())
    }

    #[test]
    fn a_day_is_the_zones_own() {
        assert_eq!(
            step(Step::Day, "Asia/Manila", "2026-11-27T16:00:00Z"),
            texts("2026-11-28T00:00:00+08:00", "2026-11-29T00:00:00+08:00")
        );
        assert_eq!(
            step(Step::Day, "Europe/Berlin", "2026-10-25T12:00:00Z"),
            texts("2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00"),
            "25 hours"
        );
    }

    #[test]
    fn an_hour_that_the_clock_shows_twice_is_two_steps() {
        let first = step(Step::Hour, "Europe/Berlin", "2026-10-25T00:30:00Z");
        assert_eq!(first, texts("2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00"));
        let second = step(Step::Hour, "Europe/Berlin", "2026-10-25T01:30:00Z");
        assert_eq!(second, texts("2026-10-25T02:00:00+01:00", "2026-10-25T03:00:00+01:00"));
    }

    #[test]
    fn half_an_hour_set_back_is_a_step_of_its_own() {
        let before = step(Step::Hour, "Australia/Lord_Howe", "2026-04-04T14:50:00Z");
        assert_eq!(before, texts("2026-04-05T01:00:00+11:00", "2026-04-05T01:30:00+10:30"));
        let after = step(Step::Hour, "Australia/Lord_Howe", "2026-04-04T15:00:00Z");
        assert_eq!(after, texts("2026-04-05T01:30:00+10:30", "2026-04-05T02:00:00+10:30"));
    }

    #[test]
    fn an_unknown_zone_is_named() {
        assert!(zone("Mars/Phobos").is_err_and(|error| error.to_string().contains("Mars/Phobos")));
    }

    /// Steps neither overlap nor leave a hole: in every zone, around every change of its clock within ten years.
    #[test]
    fn steps_cover_every_zones_time_once() {
        let (begin, end) = (micros("2024-01-01T00:00:00Z"), micros("2034-01-01T00:00:00Z"));
        let mut zones = 0;
        for name in jiff::tz::db().available() {
            let zone = zone(name.as_str()).unwrap();
            zones += 1;
            let since = Timestamp::from_microsecond(begin.0).unwrap();
            let changes = zone.following(since).map(|change| Micros(change.timestamp().as_microsecond()));
            let changes: Vec<Micros> = changes.take_while(|change| *change < end).collect();
            for length in [Step::Quarter, Step::Hour, Step::Day] {
                let calendar = Calendar::new(length, zone.clone());
                for at in changes.iter().copied().chain([begin]) {
                    chain(&calendar, name.as_str(), Micros(at.0 - 100_000_000_000), 6);
                }
            }
        }
        assert!(zones > 400, "{zones}");
    }

    fn chain(calendar: &Calendar, zone: &str, from: Micros, steps: usize) {
        let mut at = from;
        for _ in 0..steps {
            let step = calendar.step_of(at);
            assert!(step.contains(&at), "{zone} {step:?} {at:?}");
            assert_eq!(calendar.step_of(step.start), step, "{zone}");
            assert_eq!(calendar.step_of(Micros(step.end.0 - 1)), step, "{zone}");
            assert_eq!(step.start.0.rem_euclid(Micros::BUCKET), 0, "{zone}: buckets would be cut");
            at = step.end;
        }
    }
}
