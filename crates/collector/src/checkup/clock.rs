//! The router's clock beside ours. Counting never uses it (DESIGN rule 4); certificates, logs and schedules do.

use std::fmt;

use accounting::time::Micros;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use operations::{Check, CheckItem, CheckState};
use routeros_proto::Command;

use super::item::{check, failure};
use crate::link::{Link, LinkError};

/// A difference people should know.
const FAR_S: i64 = 300;
/// No zone is further from UTC; a clock that does not tell its own may be so far off and right.
const FURTHEST_ZONE_S: i64 = 14 * 3600;
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Judges the router's clock by ours.
pub(super) async fn look(link: &mut Link, now: Micros) -> Check {
    match read(link).await {
        Ok(shown) => {
            let (state, told) = judge(&shown, now.0.div_euclid(1_000_000));
            check(CheckItem::Clock, state, told)
        }
        Err(error) => failure(CheckItem::Clock, &error),
    }
}

pub(crate) async fn read(link: &mut Link) -> Result<Shown, LinkError> {
    let print = Command::new("/system/clock/print").proplist(&["date", "time", "gmt-offset"]);
    let mut shown = Shown::default();
    link.print(&print, |row| {
        let text = |name: &[u8]| row.get(name).map(|value| value.escape_ascii().to_string());
        shown = Shown { date: text(b"date"), time: text(b"time"), offset: text(b"gmt-offset") };
    })
    .await?;
    Ok(shown)
}

pub(crate) fn judge(shown: &Shown, now_s: i64) -> (CheckState, String) {
    let Some(clock_s) = shown.local_s() else {
        return (CheckState::NotObserved, format!("Its clock could not be read ({shown})."));
    };
    let zone_s = shown.offset_s();
    let off = clock_s - zone_s.unwrap_or(0) - now_s;
    let apart = off.unsigned_abs();
    if off.abs() <= FAR_S {
        return (CheckState::Ok, format!("Its clock and ours are {apart} s apart."));
    }
    if zone_s.is_none() && off.abs() <= FURTHEST_ZONE_S {
        return (CheckState::NotObserved, format!("Its clock shows {shown}, but not in which zone."));
    }
    let side = if off < 0 { "behind" } else { "ahead of" };
    let told = format!(
        "Its clock shows {shown}, {} {side} ours. Counting does not use it, but logs and certificates do: \
         `/system ntp client set enabled=yes` (and its servers), `/system clock set time-zone-name=...`.",
        rough(apart)
    );
    (CheckState::Attention, told)
}

/// Seconds in the largest unit of which there are a few.
fn rough(seconds: u64) -> String {
    match seconds {
        0..7_200 => format!("{seconds} s"),
        7_200..172_800 => format!("{} hours", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// The row of `/system/clock` (routeros.md §2.2): local time and its distance from UTC.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    date: Option<String>,
    time: Option<String>,
    offset: Option<String>,
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = |value: &Option<String>| value.clone().unwrap_or_else(|| "?".to_owned());
        write!(f, "{} {} {}", word(&self.date), word(&self.time), word(&self.offset))
    }
}

impl Shown {
    /// Whether it writes dates as routers did before (routeros.md §1.10).
    pub(crate) fn writes_months(&self) -> bool {
        self.date.as_ref().is_some_and(|date| date.contains('/'))
    }

    /// What it would be that a router shows so.
    #[cfg(test)]
    pub(crate) fn of(date: &str, time: &str, offset: Option<&str>) -> Shown {
        Shown { date: Some(date.into()), time: Some(time.into()), offset: offset.map(Into::into) }
    }

    /// Seconds since 1970 of the local time, as if it were UTC.
    fn local_s(&self) -> Option<i64> {
        let [hour, minute, second] = numbers(self.time.as_ref()?, ':')?;
        let (year, month, day) = date(self.date.as_ref()?)?;
        let small = |number: i64| i8::try_from(number).ok();
        let local = DateTime::new(year, month, day, small(hour)?, small(minute)?, small(second)?, 0).ok()?;
        Some(local.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second())
    }

    /// Seconds from UTC, east positive.
    pub(crate) fn offset_s(&self) -> Option<i64> {
        let offset = self.offset.as_ref()?;
        let sign = if offset.starts_with('-') { -1 } else { 1 };
        let [hours, minutes] = numbers(offset.trim_start_matches(['+', '-']), ':')?;
        Some(sign * (hours * 3_600 + minutes * 60))
    }
}

/// `jul/21/2023` or `2023-07-21` (routeros.md §1.10).
fn date(text: &str) -> Option<(i16, i8, i8)> {
    let (year, month, day) = match text.split_once('/') {
        Some((month, rest)) => {
            let [day, year] = numbers(rest, '/')?;
            let month = MONTHS.iter().position(|name| *name == month)?;
            (year, i64::try_from(month).ok()? + 1, day)
        }
        None => {
            let [year, month, day] = numbers(text, '-')?;
            (year, month, day)
        }
    };
    Some((year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?))
}

fn numbers<const N: usize>(text: &str, between: char) -> Option<[i64; N]> {
    let numbers: Option<Vec<i64>> = text.split(between).map(|digits| digits.parse().ok()).collect();
    numbers?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(date: &str, time: &str, offset: Option<&str>) -> Shown {
        Shown { date: Some(date.into()), time: Some(time.into()), offset: offset.map(Into::into) }
    }

    /// 2023-07-21 07:00:47 UTC.
    const NOW_S: i64 = 1_689_922_847;

    #[test]
    fn both_ways_to_write_the_date_are_read_in_their_zone() {
        for date in ["jul/21/2023", "2023-07-21"] {
            let (state, told) = judge(&shown(date, "10:00:47", Some("+03:00")), NOW_S);
            assert_eq!(state, CheckState::Ok, "{told}");
            assert!(told.contains("0 s apart"), "{told}");
        }
        assert_eq!(judge(&shown("2023-07-21", "03:30:47", Some("-03:30")), NOW_S).0, CheckState::Ok);
    }

    #[test]
    fn a_wrong_clock_is_told_and_an_unknown_zone_is_no_mistake() {
        let (state, told) = judge(&shown("jan/02/1970", "00:00:12", Some("+00:00")), NOW_S);
        assert!(state == CheckState::Attention && told.contains("19558 days behind ours"), "{told}");
        assert_eq!(judge(&shown("2023-07-21", "10:00:47", None), NOW_S).0, CheckState::NotObserved);
        assert_eq!(judge(&shown("1970-01-02", "10:00:47", None), NOW_S).0, CheckState::Attention);
        assert_eq!(judge(&shown("gestern", "10:00:47", None), NOW_S).0, CheckState::NotObserved);
        assert_eq!(judge(&Shown::default(), NOW_S).0, CheckState::NotObserved);
    }
}
