//! Renewals over HTTP, with readings and without.

use operations::{ReadNow, RouterCommandError};
use serde_json::json;

use crate::harness::Desk;
use crate::meter::{BEGIN, Meter};

/// Ana on the tower, with 1,000 octets up and 5,000 down in her first cycle, a minute after the begin.
async fn ana() -> (Desk, Meter) {
    let desk = Desk::new().await;
    let nas = desk.add_router("tower").await;
    desk.post("/api/v1/subscribers", r#"{"username":"ana","zone":"Asia/Manila"}"#).await.expect(201);
    let mut meter = desk.meter(nas).await;
    meter.round(0, &[]).await;
    meter.round(60, &[(b"ana", 30, 1_000, 5_000)]).await;
    desk.clock.advance(60_000_000);
    (desk, meter)
}

async fn renew(desk: &Desk, body: &str) -> serde_json::Value {
    desk.post("/api/v1/subscribers/ana/renew", body).await.expect(200).json()
}

async fn verified(desk: &Desk) {
    let report = desk.post("/api/v1/verify", "").await.expect(200).json();
    assert_eq!(report["mismatches"], json!([]));
}

#[tokio::test]
async fn with_a_reading_the_closed_cycle_is_final_at_once() {
    let (desk, _meter) = ana().await;
    *desk.commands.answer.lock().unwrap() = Ok(ReadNow { poll_seq: 3, at: BEGIN });
    let renewed = renew(&desk, "{}").await;
    assert_eq!((&renewed["renewed"], &renewed["unread_routers"]), (&json!(true), &json!([])));
    assert_eq!(
        (&renewed["subscriber"]["cycle"]["seq_no"], &renewed["subscriber"]["cycle"]["download_octets"]),
        (&json!(2), &json!(0))
    );
    let cycles = desk.see("/api/v1/subscribers/ana/cycles").await;
    let closed = &cycles["items"][1];
    assert_eq!(
        (&closed["final"], &closed["download_octets"], &closed["closed_at"]),
        (&json!(true), &json!(5_000), &json!("2027-01-15T08:01:00Z"))
    );
    let first = desk.see("/api/v1/subscribers/ana/cycles?limit=1").await;
    let next = first["next"].as_str().unwrap();
    let rest = desk.see(&format!("/api/v1/subscribers/ana/cycles?limit=1&cursor={next}")).await;
    assert_eq!((&rest["items"][0]["seq_no"], &rest["next"]), (&json!(1), &json!(null)));
    verified(&desk).await;
}

#[tokio::test]
async fn a_router_that_is_down_delays_nothing_and_its_next_reading_is_split() {
    let (desk, mut meter) = ana().await;
    *desk.commands.answer.lock().unwrap() = Err(RouterCommandError::TimedOut);
    desk.clock.advance(30_000_000);
    let renewed = renew(&desk, "{}").await;
    assert_eq!((&renewed["renewed"], &renewed["unread_routers"]), (&json!(true), &json!(["tower"])));
    let closed = desk.see("/api/v1/subscribers/ana/cycles").await["items"][1].clone();
    assert_eq!((&closed["final"], &closed["unsettled_routers"]), (&json!(false), &json!(1)));
    meter.round(180, &[(b"ana", 150, 1_400, 5_800)]).await;
    let cycles = desk.see("/api/v1/subscribers/ana/cycles").await;
    let (open, closed) = (&cycles["items"][0], &cycles["items"][1]);
    assert_eq!((&closed["final"], &closed["upload_octets"]), (&json!(true), &json!(1_100)), "30 of 120 s");
    assert_eq!((&open["upload_octets"], &open["download_octets"]), (&json!(300), &json!(600)));
    let explained = desk.see("/api/v1/explain?subscriber=ana").await;
    assert_eq!(explained["items"][0]["reason"], "edge_unobserved");
    assert!(explained["items"][0]["text"].as_str().unwrap().contains("split between the two cycles by time"));
    verified(&desk).await;
}

#[tokio::test]
async fn a_date_is_the_end_of_that_day_in_her_zone_and_renews_once() {
    let (desk, _meter) = ana().await;
    let date = r#"{"expiry_at":"2027-02-15"}"#;
    let renewed = renew(&desk, date).await;
    assert_eq!(renewed["subscriber"]["expiry_at"], "2027-02-15T15:59:59Z");
    assert_eq!((&renewed["renewed"], &renew(&desk, date).await["renewed"]), (&json!(true), &json!(false)));
    let corrected =
        desk.patch("/api/v1/subscribers/ana", r#"{"expiry_at":"2028-01-01"}"#).await.expect(200).json();
    assert_eq!(
        (&corrected["cycle"]["seq_no"], &corrected["expiry_at"]),
        (&json!(2), &json!("2028-01-01T15:59:59Z"))
    );
    let acts = desk.see("/api/v1/audit?limit=3").await;
    let actions: Vec<_> = acts["items"].as_array().unwrap().iter().map(|act| act["action"].clone()).collect();
    assert_eq!(actions, ["subscriber.edit", "subscriber.edit", "subscriber.renew"]);
}

#[tokio::test]
async fn what_cannot_be_is_refused_whole() {
    let (desk, _meter) = ana().await;
    desk.post("/api/v1/subscribers/nobody/renew", "{}").await.expect(404);
    desk.post("/api/v1/subscribers/ana/renew", r#"{"expiry_at":"soon"}"#).await.expect(422);
    desk.patch("/api/v1/subscribers/ana", r#"{"status":"gone"}"#).await.expect(422);
    desk.patch("/api/v1/subscribers/ana", r#"{"zone":"Nowhere/Land"}"#).await.expect(422);
    desk.patch("/api/v1/subscribers/ana", r#"{"name":"Ana","plan":"gold"}"#).await.expect(404);
    assert_eq!(desk.see("/api/v1/subscribers/ana").await["name"], json!(null));
}
