//! The router's clock and zone beside ours (routeros.md §2.2, §1.12).

use accounting::time::Micros;
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use operations::{CheckState, Finding, FindingCode, MendPlace, Patient};

use super::visit::Visit;
use crate::checkup::clock::{Shown, judge, read};
use crate::link::{Link, LinkError};

pub(super) async fn look(link: &mut Link, visit: &Visit<'_>) -> Result<Vec<Finding>, LinkError> {
    let shown = read(link).await?;
    let wrong = clock(&shown, visit.now);
    // A clock that is wrong is set first: then its zone is looked at.
    Ok(wrong.or_else(|| zone(&shown, visit.patient)).into_iter().collect())
}

fn clock(shown: &Shown, now: Micros) -> Option<Finding> {
    let (state, told) = judge(shown, now.0.div_euclid(1_000_000));
    if state != CheckState::Attention {
        return None;
    }
    let finding = Finding::new(FindingCode::WrongClock, told);
    Some(match set(shown, now) {
        Some(command) => finding.mended(MendPlace::Router, command),
        None => finding.mended(MendPlace::Admin, "Let the router take its time from an NTP server."),
    })
}

/// Sets it to our time, in its own zone and its own way to write dates.
fn set(shown: &Shown, now: Micros) -> Option<String> {
    let zone =
        TimeZone::fixed(Offset::from_seconds(i32::try_from(shown.offset_s().unwrap_or(0)).ok()?).ok()?);
    let local = Timestamp::from_microsecond(now.0).ok()?.to_zoned(zone);
    let date = if shown.writes_months() {
        local.strftime("%b/%d/%Y").to_string().to_lowercase()
    } else {
        local.strftime("%Y-%m-%d").to_string()
    };
    Some(format!("/system/clock/set date={date} time={}", local.strftime("%H:%M:%S")))
}

fn zone(shown: &Shown, patient: &Patient) -> Option<Finding> {
    let theirs = shown.offset_s()?;
    if theirs == patient.zone_offset_s {
        return None;
    }
    let what = format!(
        "Its clock is {} from UTC, and the days of its subscribers begin at {}.",
        hours(theirs),
        hours(patient.zone_offset_s)
    );
    let finding = Finding::new(FindingCode::OtherZone, what);
    Some(match patient.zone_name.as_deref().map(as_routers_name_it) {
        Some(name) => finding.mended(MendPlace::Router, format!("/system/clock/set time-zone-name={name}")),
        None => finding.mended(MendPlace::Admin, "Give the router and its subscribers one zone."),
    })
}

/// Routers call it so, as captured in the simulator's model of them.
fn as_routers_name_it(zone: &str) -> &str {
    if zone == "UTC" { "Etc/UTC" } else { zone }
}

fn hours(seconds: i64) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.unsigned_abs() / 60;
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2023-07-21 07:00:47 UTC.
    const NOW: Micros = Micros(1_689_922_847_000_000);

    #[test]
    fn a_clock_is_set_to_our_time_as_it_writes_it() {
        let shown = Shown::of("jan/02/1970", "00:00:12", Some("+03:00"));
        assert_eq!(set(&shown, NOW).unwrap(), "/system/clock/set date=jul/21/2023 time=10:00:47");
        let shown = Shown::of("1970-01-02", "00:00:12", Some("-03:30"));
        assert_eq!(set(&shown, NOW).unwrap(), "/system/clock/set date=2023-07-21 time=03:30:47");
        assert_eq!(clock(&Shown::of("2023-07-21", "07:01:00", Some("+00:00")), NOW), None);
    }

    #[test]
    fn a_zone_at_the_same_distance_is_no_fault_whatever_it_is_called() {
        let patient = |zone_offset_s| Patient {
            zone_offset_s,
            zone_name: Some("Asia/Manila".to_owned()),
            ..Patient::default()
        };
        let shown = Shown::of("2023-07-21", "15:00:47", Some("+08:00"));
        assert_eq!(zone(&shown, &patient(8 * 3_600)), None);
        let found = zone(&shown, &patient(0)).unwrap();
        assert!(found.what.contains("+08:00") && found.what.contains("+00:00"), "{found:?}");
        assert_eq!(zone(&Shown::of("2023-07-21", "15:00:47", None), &patient(0)), None);
    }
}
