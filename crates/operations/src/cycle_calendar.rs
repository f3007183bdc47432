//! On which instants a plan's cycles begin: pure calendar arithmetic in a zone, the same whenever it is done.

use accounting::time::Micros;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};
use store::PlanCycle;

/// The calendar of a plan's cycle in a zone.
#[derive(Clone, Debug)]
pub struct CycleCalendar {
    cycle: PlanCycle,
    zone: TimeZone,
}

impl CycleCalendar {
    /// That of a cycle in a zone.
    pub fn new(cycle: PlanCycle, zone: TimeZone) -> Self {
        CycleCalendar { cycle, zone }
    }

    /// The first edge after both instants, counted from the cycle that opened at `opened`: always the first instant of
    /// a day in the zone, whatever the clock shows then. `None`: there is none, or the calendar ends before it.
    pub fn edge_after(&self, opened: Micros, after: Micros) -> Option<Micros> {
        let after = after.max(opened);
        let today = self.date(after)?;
        match self.cycle {
            PlanCycle::Renewal => None,
            PlanCycle::EveryDays(days) => {
                let (first, days) = (self.date(opened)?, i64::from(days));
                let past = first.until(today).ok()?.get_days();
                let begun = i64::from(past) / days;
                self.first_after(after, (begun..).map(move |cycle| plus(first, (cycle * days).days())))
            }
            PlanCycle::DayOfMonth(day) => {
                let month = today.first_of_month();
                self.first_after(
                    after,
                    (0_i64..).map(move |months| of_month(plus(month, months.months())?, day)),
                )
            }
        }
    }

    /// The begin of the first of `days` that is later than `after`; they grow.
    fn first_after(&self, after: Micros, days: impl Iterator<Item = Option<Date>>) -> Option<Micros> {
        for day in days {
            let begin = self.begin(day?)?;
            if begin > after {
                return Some(begin);
            }
        }
        None
    }

    fn date(&self, at: Micros) -> Option<Date> {
        Some(self.zone.to_datetime(Timestamp::from_microsecond(at.0).ok()?).date())
    }

    /// The first instant that the zone calls that day; of the next day it has, where it skipped that one.
    fn begin(&self, day: Date) -> Option<Micros> {
        let begin = day.to_zoned(self.zone.clone()).ok()?.start_of_day().ok()?;
        Some(Micros(begin.timestamp().as_microsecond()))
    }
}

fn plus(day: Date, span: Span) -> Option<Date> {
    day.checked_add(span).ok()
}

fn of_month(first: Date, day: u8) -> Option<Date> {
    let day = i8::try_from(day).ok()?.min(first.days_in_month());
    first.with().day(day).build().ok()
}

#[cfg(test)]
#[path = "cycle_calendar_tests.rs"]
mod tests;
