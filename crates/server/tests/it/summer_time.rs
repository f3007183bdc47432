//! History and export of traffic that flows while a zone's clocks change.

use serde_json::Value;

use crate::harness::Desk;
use crate::meter::BEGIN;

/// An octet each second and 1,000 at each reading, every quarter of an hour for 30 hours around a change of the clocks.
const READINGS: u64 = 120;

/// Seconds from the begin to that UTC instant.
fn seconds_to(instant: &str) -> u64 {
    let instant: jiff::Timestamp = instant.parse().unwrap();
    u64::try_from((instant.as_microsecond() - BEGIN.0) / 1_000_000).unwrap()
}

/// What passed in each step, by its begin and its end on the zone's clocks.
async fn steps(desk: &Desk, query: &str) -> Vec<(String, String, u64)> {
    let history = desk.see(&format!("/api/v1/usage/history?{query}")).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let step =
        |item: &Value| (text(&item["from"]), text(&item["to"]), item["upload_octets"].as_u64().unwrap());
    history["items"].as_array().unwrap().iter().map(step).collect()
}

async fn exported(desk: &Desk, query: &str) -> u64 {
    let uri = format!("/api/v1/usage/export.csv?{query}");
    let table = desk.get(&uri, Some(&desk.viewer)).await.expect(200).body;
    let mut lines = table.lines();
    let upload = lines.next().unwrap().split(',').position(|column| column == "upload_octets").unwrap();
    lines.map(|line| line.split(',').nth(upload).unwrap().parse::<u64>().unwrap()).sum()
}

/// How long the days between these instants are on a zone's clocks, and that every view holds all that flowed.
async fn days_are(zone: &str, from: &str, hours: &[i64]) {
    let desk = Desk::new().await;
    let nas = desk.add_router("tower").await;
    let mut meter = desk.meter(nas).await;
    meter.round(0, &[]).await;
    let begin = seconds_to(from);
    for reading in 0..READINGS {
        let at = begin + reading * 900 + 7;
        meter.round(at, &[(b"ana", at - 30, 1_000 * (reading + 1), 0)]).await;
    }
    desk.clock.set_wall(accounting::time::Micros(BEGIN.0 + (begin + READINGS * 900) as i64 * 1_000_000));
    for step in ["15m", "hour", "day"] {
        let query = format!("step={step}&zone={zone}&from={from}");
        let steps = steps(&desk, &query).await;
        assert!(steps.windows(2).all(|pair| pair[0].1 == pair[1].0), "{zone} {step}: no hole, no overlap");
        let all = steps.iter().map(|(.., octets)| octets).sum::<u64>();
        assert_eq!(
            (all, exported(&desk, &query).await),
            (1_000 * READINGS, 1_000 * READINGS),
            "{zone} {step}"
        );
    }
    let days = steps(&desk, &format!("step=day&zone={zone}&from={from}")).await;
    let instant = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_second();
    let lengths: Vec<i64> = days.iter().map(|(from, to, _)| (instant(to) - instant(from)) / 3_600).collect();
    assert_eq!(lengths[..hours.len()], *hours, "{zone}");
}

#[tokio::test]
async fn a_day_of_23_and_one_of_25_hours_hold_what_flowed_in_them() {
    days_are("Europe/Berlin", "2027-03-27T23:00:00Z", &[23]).await;
    days_are("Europe/Berlin", "2027-10-30T22:00:00Z", &[25]).await;
}
