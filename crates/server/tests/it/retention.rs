//! Old entries become days; totals and windows stay what they were.

use accounting::time::Micros;
use serde_json::{Value, json};

use crate::harness::Desk;

const DAY: u64 = 86_400;

/// Four days of two logins, a round every quarter of an hour, two months ago; 15-minute entries are kept for a month.
async fn two_months_later() -> Desk {
    let mut desk = Desk::new().await;
    let nas = desk.add_router("tower").await;
    desk.post("/api/v1/subscribers", r#"{"username":"ana"}"#).await.expect(201);
    let mut meter = desk.meter(nas).await;
    meter.round(0, &[]).await;
    for round in 1..4 * 96 {
        let seconds = round * 900;
        let octets = |of: u64| round * of * 1_000;
        meter
            .round(
                seconds,
                &[(b"ana", seconds - 30, octets(1), octets(5)), (b"bob", seconds - 30, octets(2), 7)],
            )
            .await;
    }
    desk.clock.advance(60 * DAY * 1_000_000);
    desk.state = desk.state.clone().keeping(Some(1));
    desk
}

async fn items(desk: &Desk, window: &str) -> Value {
    desk.see(&format!("/api/v1/usage?{window}")).await["items"].clone()
}

async fn run(desk: &Desk) -> u64 {
    desk.post("/api/v1/retention/run", "").await.expect(200).json()["entries"].as_u64().unwrap()
}

#[tokio::test]
async fn a_run_folds_what_the_preview_said_and_no_total_changes() {
    let desk = two_months_later().await;
    let days = ["", "from=2027-01-16T00:00:00Z&to=2027-01-17T00:00:00Z", "subscriber=ana", "username=bob"];
    let mut before = Vec::new();
    for window in days {
        before.push(items(&desk, window).await);
    }
    let explained = desk.see("/api/v1/explain?subscriber=ana").await["download_octets"].clone();
    let preview = desk.see("/api/v1/retention").await;
    assert_eq!((&preview["detail_months"], &preview["before"]), (&json!(1), &json!("2027-02-16T00:00:00Z")));
    assert_eq!(preview["routers"][0]["detail_from"], Value::Null);
    let folded = run(&desk).await;
    assert_eq!(preview["entries"], folded);
    assert!(folded > 700);
    for (window, before) in days.into_iter().zip(before) {
        assert_eq!(items(&desk, window).await, before, "{window}");
    }
    assert_eq!(desk.see("/api/v1/explain?subscriber=ana").await["download_octets"], explained);
    assert_eq!(desk.post("/api/v1/verify", "").await.expect(200).json()["mismatches_total"], 0);
    assert_eq!(run(&desk).await, 0, "a second run finds nothing");
    let acts = desk.see("/api/v1/audit?action=retention.fold").await;
    assert_eq!(acts["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn answers_about_folded_days_say_so() {
    let desk = two_months_later().await;
    assert_eq!(desk.see("/api/v1/usage").await["detail_from"], Value::Null);
    run(&desk).await;
    let usage = desk.see("/api/v1/usage?from=2027-01-16T10:00:00Z&to=2027-01-16T12:00:00Z").await;
    let edges = ["from", "to", "detail_from"].map(|field| usage[field].as_str().unwrap().to_owned());
    assert_eq!(edges, ["2027-01-16T00:00:00Z", "2027-01-17T00:00:00Z", "2027-01-20T00:00:00Z"]);
    assert_eq!(usage["items"][0]["upload_octets"], 96 * 1_000);
    let history =
        desk.see("/api/v1/usage/history?step=day&from=2027-01-16T00:00:00Z&to=2027-01-18T00:00:00Z").await;
    assert_eq!(history["detail_from"], "2027-01-20T00:00:00Z");
    let by_day: Vec<_> =
        history["items"].as_array().unwrap().iter().map(|day| day["upload_octets"].clone()).collect();
    assert_eq!(by_day, [96 * 3_000, 96 * 3_000]);
    let told = desk.see("/api/v1/explain?subscriber=ana").await["items"][1].clone();
    assert_eq!((&told["reason"], &told["counter"]), (&json!("brought_forward"), &Value::Null));
    assert!(
        told["text"].as_str().unwrap().contains("brought forward from 96 entries of the session"),
        "{told}"
    );
}

#[tokio::test]
async fn an_export_of_folded_days_holds_every_octet() {
    let desk = two_months_later().await;
    let export = "/api/v1/usage/export.csv?step=day&to=2027-02-01T00:00:00Z";
    let before = desk.get(export, Some(&desk.viewer)).await.expect(200).body;
    run(&desk).await;
    assert_eq!(desk.get(export, Some(&desk.viewer)).await.expect(200).body, before);
}

#[tokio::test]
async fn where_all_detail_is_kept_nothing_is_folded() {
    let mut desk = two_months_later().await;
    desk.state = desk.state.clone().keeping(None);
    let kept = desk.see("/api/v1/retention").await;
    assert_eq!(
        (&kept["detail_months"], &kept["before"], &kept["entries"]),
        (&Value::Null, &Value::Null, &json!(0))
    );
    desk.post("/api/v1/retention/run", "").await.expect(409);
}

#[tokio::test]
async fn a_day_of_sessions_that_move_nothing_adds_no_row() {
    let desk = Desk::new().await;
    let nas = desk.add_router("tower").await;
    let mut meter = desk.meter(nas).await;
    meter.round(0, &[]).await;
    let rows = async || {
        let report = desk.store.verify().await.unwrap();
        let all = store::UsageQuery {
            buckets: i64::MIN..i64::MAX,
            router: None,
            username: None,
            subscriber: None,
            reach: store::Reach::Everywhere,
        };
        let coverage = desk.store.coverage(all, Micros(i64::MIN)..Micros(i64::MAX)).await.unwrap();
        let spans: usize = coverage.iter().map(|of| of.spans.len()).sum();
        (
            report.entries_checked,
            report.sessions_checked,
            report.counters_checked,
            report.audit_checked,
            spans,
        )
    };
    let mut before = None;
    for round in 1..=97 {
        let seconds = round * 900;
        let names: Vec<String> = (0..20).map(|number| format!("idle-{number}")).collect();
        let idle: Vec<_> = names.iter().map(|name| (name.as_bytes(), seconds - 30, 4_711, 815)).collect();
        meter.round(seconds, &idle).await;
        if round % 24 == 1 {
            let now = rows().await;
            assert_eq!(*before.get_or_insert(now), now, "in round {round}");
        }
    }
    assert_eq!(before.map(|(entries, ..)| entries), Some(20), "what began the sessions");
}
