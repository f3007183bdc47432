//! Every zone, ten years and more: no overlap, no hole, and nothing that depends on when it was worked out.

use super::*;

use crate::steps::zone;

const DAY_US: i64 = 86_400_000_000;

fn micros(text: &str) -> Micros {
    Micros(text.parse::<Timestamp>().unwrap().as_microsecond())
}

fn calendar(cycle: &str, name: &str) -> CycleCalendar {
    CycleCalendar::new(cycle.parse().unwrap(), zone(name).unwrap())
}

/// The next edges, as the zone's clock shows them.
fn edges(cycle: &str, name: &str, opened: &str, count: usize) -> Vec<String> {
    let calendar = calendar(cycle, name);
    let mut at = micros(opened);
    let mut shown = Vec::new();
    for _ in 0..count {
        at = calendar.edge_after(at, at).unwrap();
        let zoned = Timestamp::from_microsecond(at.0).unwrap().to_zoned(calendar.zone.clone());
        shown.push(zoned.strftime("%Y-%m-%dT%H:%M%:z").to_string());
    }
    shown
}

#[test]
fn a_day_that_a_month_has_not_is_its_last() {
    assert_eq!(
        edges("day 31", "UTC", "2028-01-15T10:00:00Z", 4),
        [
            "2028-01-31T00:00+00:00",
            "2028-02-29T00:00+00:00",
            "2028-03-31T00:00+00:00",
            "2028-04-30T00:00+00:00"
        ]
    );
    assert_eq!(
        edges("day 29", "UTC", "2027-02-01T00:00:00Z", 2),
        ["2027-02-28T00:00+00:00", "2027-03-29T00:00+00:00"]
    );
    assert_eq!(edges("day 1", "UTC", "2026-12-31T23:59:59Z", 1), ["2027-01-01T00:00+00:00"]);
}

#[test]
fn days_are_counted_from_the_day_of_opening_in_the_zone() {
    assert_eq!(
        edges("every 30 days", "Asia/Manila", "2026-11-27T17:00:00Z", 2),
        ["2026-12-28T00:00+08:00", "2027-01-27T00:00+08:00"],
        "it opened on the 28th there"
    );
    let calendar = calendar("every 7 days", "UTC");
    let late = calendar.edge_after(micros("2026-01-01T12:00:00Z"), micros("2026-03-03T00:00:00Z"));
    assert_eq!(late, Some(micros("2026-03-05T00:00:00Z")), "nine weeks after the first");
    let on_time = calendar.edge_after(micros("2026-01-01T12:00:00Z"), micros("2026-03-05T00:00:00Z"));
    assert_eq!(on_time, Some(micros("2026-03-12T00:00:00Z")), "the edge itself is past");
}

#[test]
fn a_midnight_that_the_clock_leaves_out_is_the_first_instant_after() {
    assert_eq!(
        edges("every 1 days", "America/Santiago", "2026-09-04T12:00:00Z", 3),
        ["2026-09-05T00:00-04:00", "2026-09-06T01:00-03:00", "2026-09-07T00:00-03:00"]
    );
    assert_eq!(edges("every 1 days", "Asia/Gaza", "2022-03-26T10:00:00Z", 1), ["2022-03-27T01:00+03:00"]);
}

#[test]
fn a_midnight_that_the_clock_shows_twice_is_the_first_of_them() {
    assert_eq!(
        edges("every 1 days", "America/Havana", "2026-10-31T12:00:00Z", 2),
        ["2026-11-01T00:00-04:00", "2026-11-02T00:00-05:00"]
    );
}

#[test]
fn a_day_that_a_zone_left_out_is_no_empty_cycle() {
    assert_eq!(
        edges("every 1 days", "Pacific/Apia", "2011-12-29T12:00:00Z", 2),
        ["2011-12-31T00:00+14:00", "2012-01-01T00:00+14:00"]
    );
    assert_eq!(edges("day 30", "Pacific/Apia", "2011-12-20T12:00:00Z", 2)[0], "2011-12-31T00:00+14:00");
}

#[test]
fn without_a_day_there_is_no_edge() {
    assert_eq!(calendar("renewal", "UTC").edge_after(micros("2026-01-01T00:00:00Z"), Micros(0)), None);
    let end_of_time = micros("9999-12-30T00:00:00Z");
    assert_eq!(calendar("every 30 days", "UTC").edge_after(end_of_time, end_of_time), None);
}

/// From edge to edge through ten years in every zone: each is later than the one before and at most the cycle's length
/// and two days away; each begins a day, and where the plan names one of the month, that day or the month's last; and from
/// wherever in a cycle one looks, also when away since the beginning, the next edge is the same.
#[test]
fn cycles_cover_every_zones_time_once() {
    let names: Vec<_> = jiff::tz::db().available().collect();
    assert!(names.len() > 400, "{}", names.len());
    let halves = names.split_at(names.len() / 2);
    std::thread::scope(|scope| {
        for half in [halves.0, halves.1] {
            scope.spawn(move || half.iter().for_each(|name| walk_ten_years(name.as_str())));
        }
    });
}

fn walk_ten_years(name: &str) {
    let years = micros("2024-01-01T05:30:00Z")..micros("2034-01-01T00:00:00Z");
    for (cycle, most_days) in [("every 7 days", 7), ("every 30 days", 30)] {
        walk(&calendar(cycle, name), most_days, years.clone());
    }
    for day in ["day 1", "day 28", "day 29", "day 30", "day 31"] {
        walk(&calendar(day, name), 31, years.clone());
    }
    let daily = calendar("every 1 days", name);
    let begin = Timestamp::from_microsecond(years.start.0).unwrap();
    for change in daily.zone.following(begin) {
        let at = change.timestamp().as_microsecond();
        if at > years.end.0 {
            break;
        }
        walk(&daily, 1, Micros(at - 3 * DAY_US)..Micros(at + 3 * DAY_US));
    }
}

fn walk(calendar: &CycleCalendar, most_days: i64, time: std::ops::Range<Micros>) {
    let (mut opened, mut count) = (time.start, 0);
    while opened < time.end {
        let next = calendar.edge_after(opened, opened).unwrap();
        let most = (most_days + 2) * DAY_US;
        assert!(opened < next && next.0 - opened.0 < most, "{calendar:?} {opened:?} {next:?}");
        let day_before = calendar.date(Micros(next.0 - 1)).unwrap();
        assert!(day_before < calendar.date(next).unwrap(), "{calendar:?}: {next:?} is within a day");
        begins_on_its_day(calendar, next);
        looked_at_anywhere(calendar, time.start, opened..next);
        (opened, count) = (next, count + 1);
    }
    assert!(count >= (time.end.0 - time.start.0) / DAY_US / (most_days + 1), "{calendar:?}: {count}");
}

/// No zone has left out a day since 2011.
fn begins_on_its_day(calendar: &CycleCalendar, edge: Micros) {
    if let PlanCycle::DayOfMonth(day) = calendar.cycle {
        let date = calendar.date(edge).unwrap();
        let named = day.min(u8::try_from(date.days_in_month()).unwrap());
        assert_eq!(u8::try_from(date.day()).unwrap(), named, "{calendar:?}: {date}");
    }
}

/// The edge that ends a cycle is found from everywhere in it.
fn looked_at_anywhere(calendar: &CycleCalendar, begin: Micros, cycle: std::ops::Range<Micros>) {
    let (opened, next) = (cycle.start, cycle.end);
    for looked_at in [opened.0 + 1, i64::midpoint(opened.0, next.0), next.0 - 1] {
        assert_eq!(calendar.edge_after(opened, Micros(looked_at)), Some(next), "{calendar:?}");
    }
    assert_eq!(calendar.edge_after(begin, Micros(next.0 - 1)), Some(next), "{calendar:?}");
}
