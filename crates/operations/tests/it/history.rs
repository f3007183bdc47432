//! The history of a total: the same octets as the total itself, sorted into a zone's hours and days.

use std::sync::Arc;

use accounting::Octets;
use accounting::changes::Changes;
use accounting::login::{LoginKind, LoginName};
use accounting::time::Micros;
use operations::{ExportRow, HistoryRequest, HistoryStep, OperationError, Step, UsageRequest};

use crate::bench::{Bench, NOW, router};
use crate::books::{SECOND, begun, entry, round, two_rounds};

const HOUR: i64 = 3_600 * SECOND;

/// Ana on the tower, from 16:00 in Manila on for 30 hours: 5/6 octets at once, then 10/20 at the end of each hour.
async fn thirty_hours() -> Bench {
    let bench = Bench::new();
    let nas = bench.operations.add_router("eva", router("tower")).await.unwrap().nas.id;
    let store = &bench.operations.store;
    let resolved = store.resolve_logins(nas, &[LoginName::new(LoginKind::Ppp, *b"ana")]).await.unwrap();
    let (version, login) = (resolved.version, resolved.logins[0]);
    store.commit(nas, 1, version, Arc::new(begun(login))).await.unwrap();
    let mut value = Octets::new(5, 6);
    for hour in 1..=30 {
        let at = Micros(NOW.0 + hour * HOUR);
        let after = value + Octets::new(10, 20);
        let no = 1 + u64::try_from(hour).unwrap();
        let changes = Changes {
            new_entries: vec![entry(no, login, value, after, at)],
            counter_octets: vec![(1, after)],
            session_octets: vec![(1, Octets::new(10, 20))],
            ..round(no, at)
        };
        store.commit(nas, 1, version, Arc::new(changes)).await.unwrap();
        value = after;
    }
    bench.clock.advance(u64::try_from(30 * HOUR).unwrap());
    bench
}

fn asked(step: Step, usage: UsageRequest) -> HistoryRequest {
    HistoryRequest { usage, step, zone: "Asia/Manila".to_owned() }
}

fn used(steps: &[HistoryStep]) -> Vec<(&str, u64)> {
    let used = steps.iter().filter(|step| !step.octets.is_zero());
    used.map(|step| (&step.local[..13], step.octets.input)).collect()
}

async fn exported(bench: &Bench, request: HistoryRequest) -> Vec<ExportRow> {
    let mut export = bench.operations.export(request).await.unwrap();
    let mut all = Vec::new();
    loop {
        let rows = bench.operations.export_next(&mut export).await.unwrap();
        if rows.is_empty() {
            return all;
        }
        all.extend(rows);
    }
}

#[tokio::test]
async fn days_are_the_zones_and_add_up_to_the_total() {
    let bench = thirty_hours().await;
    let from = Some(Micros(NOW.0 - 40 * HOUR));
    let usage = UsageRequest { from, subscriber: None, ..Default::default() };
    let days = bench.operations.history(asked(Step::Day, usage.clone())).await.unwrap().steps;
    // Until midnight 5 and the ends of seven hours; 24 hours; the rest.
    assert_eq!(used(&days), [("2027-01-15T00", 75), ("2027-01-16T00", 230)]);
    assert_eq!(days.len(), 3, "a day without usage is there too");
    let total = bench.operations.usage(usage).await.unwrap().rows[0].octets;
    assert_eq!(days.iter().map(|day| day.octets).sum::<Octets>(), total);
}

#[tokio::test]
async fn a_step_says_how_much_of_it_the_router_was_read() {
    let bench = thirty_hours().await;
    let usage = UsageRequest { from: Some(Micros(NOW.0 - 8 * HOUR)), ..Default::default() };
    let days = bench.operations.history(asked(Step::Day, usage)).await.unwrap().steps;
    let covered: Vec<_> = days.iter().map(|day| day.covered_percent.map(f64::round)).collect();
    assert_eq!(covered, [Some(33.0), Some(100.0)], "16 of 24 hours were before the first reading");
}

#[tokio::test]
async fn hours_and_quarters_begin_where_they_should() {
    let bench = thirty_hours().await;
    let hours = |from: i64, to: i64| UsageRequest {
        from: Some(Micros(NOW.0 + from * HOUR)),
        to: Some(Micros(NOW.0 + to * HOUR)),
        ..Default::default()
    };
    let hourly = bench.operations.history(asked(Step::Hour, hours(0, 3))).await.unwrap().steps;
    assert_eq!(used(&hourly), [("2027-01-15T16", 5), ("2027-01-15T17", 10), ("2027-01-15T18", 10)]);
    let quarters = bench.operations.history(asked(Step::Quarter, hours(0, 1))).await.unwrap().steps;
    assert_eq!(quarters.iter().map(|step| step.octets.input).collect::<Vec<_>>(), [5, 0, 0, 0]);
}

#[tokio::test]
async fn an_export_has_a_row_per_router_step_and_login_and_loses_nothing() {
    let bench = thirty_hours().await;
    let rows = exported(&bench, asked(Step::Day, UsageRequest::default())).await;
    let told: Vec<_> = rows.iter().map(|row| (&row.local[..10], row.octets)).collect();
    assert_eq!(told, [("2027-01-15", Octets::new(75, 146)), ("2027-01-16", Octets::new(230, 460))]);
    assert!(rows.iter().all(|row| row.username.as_deref() == Some(b"ana") && row.router == "tower"));
    let theirs = UsageRequest { username: Some(b"ana".to_vec()), ..Default::default() };
    assert_eq!(exported(&bench, asked(Step::Day, theirs)).await, rows);
    let strangers = UsageRequest { username: Some(b"Ana".to_vec()), ..Default::default() };
    assert_eq!(exported(&bench, asked(Step::Day, strangers)).await, []);
}

#[tokio::test]
async fn a_held_jump_is_in_the_bound_of_its_step_only() {
    let bench = Bench::new();
    two_rounds(&bench).await;
    let rows = exported(&bench, asked(Step::Day, UsageRequest::default())).await;
    assert_eq!((rows.len(), rows[0].octets, rows[0].upper_octets), (1, Octets::new(5, 6), Some(3_000)));
}

#[tokio::test]
async fn what_cannot_be_answered_is_said() {
    let bench = thirty_hours().await;
    let history = async |request| bench.operations.history(request).await.unwrap_err();
    let mars = HistoryRequest { zone: "Mars/Phobos".to_owned(), ..asked(Step::Day, UsageRequest::default()) };
    assert!(matches!(history(mars).await, OperationError::Invalid(_)));
    let decades = UsageRequest { from: Some(Micros(0)), ..Default::default() };
    assert!(matches!(history(asked(Step::Quarter, decades)).await, OperationError::Invalid(_)));
    let typo = UsageRequest { router: Some("towr".to_owned()), ..Default::default() };
    assert!(matches!(history(asked(Step::Day, typo)).await, OperationError::NotFound(_)));
}
