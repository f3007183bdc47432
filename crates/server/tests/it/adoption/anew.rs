//! What was adopted, undone, and adopted again from another instant or by somebody else: counted once at each step.

use serde_json::{Value, json};

use super::{HOUR, ana, cycle_up, undo, up, verified};
use crate::harness::Desk;
use crate::meter::Meter;

/// The second hour of the login's use, in which it moved 2,000 octets up; in the first it moved 1,000.
const SECOND_HOUR: &str = "2027-01-15T09:30:00Z";
const ALL: &str = "2027-01-15";
/// Within both hours, before anybody had the login.
const BEFORE: &str = "from=2027-01-15T08:00:00Z&to=2027-01-15T10:15:00Z";

async fn adopt(desk: &Desk, subscriber: &str, from: &str, status: u16) -> Value {
    let body = json!({"from": from}).to_string();
    desk.post(&format!("/api/v1/subscribers/{subscriber}/adopt"), &body).await.expect(status).json()
}

/// The login leaves one subscriber for the other.
async fn hand_over(desk: &Desk, from: &str, to: &str) {
    for (subscriber, verb) in [(from, "unbind"), (to, "bind")] {
        let path = format!("/api/v1/subscribers/{subscriber}/{verb}");
        desk.post(&path, r#"{"login":"ana"}"#).await.expect(200);
    }
}

/// Every view of what a subscriber used says so many octets up, of which so many were before they had the login.
async fn says(desk: &Desk, subscriber: &str, all: u64, before: u64) {
    says_in_all(desk, subscriber, all).await;
    let usage = format!("/api/v1/usage?subscriber={subscriber}&{BEFORE}");
    assert_eq!(up(desk, &usage).await, before, "{subscriber} before");
}

async fn says_in_all(desk: &Desk, subscriber: &str, all: u64) {
    assert_eq!(cycle_up(desk, subscriber).await, all, "{subscriber}'s cycle");
    assert_eq!(
        up(desk, &format!("/api/v1/usage?subscriber={subscriber}")).await,
        all,
        "{subscriber}'s usage"
    );
    let explained = desk.see(&format!("/api/v1/explain?subscriber={subscriber}")).await;
    let lines = explained["items"].as_array().unwrap().iter();
    let lines: u64 = lines.map(|line| line["upload_octets"].as_u64().unwrap()).sum();
    assert_eq!((explained["upload_octets"].as_u64(), lines), (Some(all), all), "{explained}");
}

/// The login used so much in all, whoever had it when, and the books are right.
async fn counted_once(desk: &Desk, all: u64) {
    for path in ["/api/v1/usage", "/api/v1/usage?username=ana"] {
        assert_eq!(up(desk, path).await, all, "{path}");
    }
    verified(desk).await;
}

async fn notes(desk: &Desk, subscriber: &str) -> usize {
    desk.see(&format!("/api/v1/explain?subscriber={subscriber}")).await["notes"].as_array().unwrap().len()
}

#[tokio::test]
async fn by_the_same_subscriber_from_an_earlier_and_a_later_instant() {
    let (desk, mut meter) = ana().await;
    for (from, adopted) in [(SECOND_HOUR, 2_000), (ALL, 3_000), (SECOND_HOUR, 2_000)] {
        assert_eq!(adopt(&desk, "ana", from, 200).await["items"][0]["upload_octets"], adopted);
        says(&desk, "ana", 500 + adopted, adopted).await;
        counted_once(&desk, 3_500).await;
        adopt(&desk, "ana", ALL, 409).await;
        assert_eq!(undo(&desk, "ana", 200).await["items"][0]["upload_octets"], adopted);
        says(&desk, "ana", 500, 0).await;
        counted_once(&desk, 3_500).await;
    }
    undo(&desk, "ana", 409).await;
    assert_eq!(notes(&desk, "ana").await, 3, "each is told");
    meter.round(4 * HOUR, &[(b"ana", 1_800 + 3 * HOUR, 3_600, 36)]).await;
    adopt(&desk, "ana", ALL, 200).await;
    says(&desk, "ana", 3_600, 3_000).await;
    counted_once(&desk, 3_600).await;
}

/// Ana adopts all and undoes it; the login becomes bob's, who adopts the second hour, undoes it, and gives it back.
#[tokio::test]
async fn by_another_subscriber_whose_login_it_became() {
    let (desk, mut meter) = ana().await;
    desk.post("/api/v1/subscribers", r#"{"username":"bob"}"#).await.expect(201);
    adopt(&desk, "ana", ALL, 200).await;
    hand_over(&desk, "ana", "bob").await;
    adopt(&desk, "bob", ALL, 409).await;
    undo(&desk, "ana", 200).await;
    assert_eq!(adopt(&desk, "bob", SECOND_HOUR, 200).await["items"][0]["upload_octets"], 2_000);
    let used = |hour: u64, octets| (hour * HOUR, [(&b"ana"[..], 1_800 + (hour - 1) * HOUR, octets, 40)]);
    round(&mut meter, used(4, 3_600)).await;
    says(&desk, "ana", 500, 0).await;
    says(&desk, "bob", 2_100, 2_000).await;
    counted_once(&desk, 3_600).await;
    assert_eq!((notes(&desk, "ana").await, notes(&desk, "bob").await), (1, 0));

    desk.clock.advance(HOUR * 1_000_000);
    undo(&desk, "ana", 409).await;
    undo(&desk, "bob", 200).await;
    hand_over(&desk, "bob", "ana").await;
    assert_eq!(adopt(&desk, "ana", ALL, 200).await["items"][0]["upload_octets"], 3_000);
    round(&mut meter, used(5, 3_630)).await;
    says(&desk, "ana", 3_530, 3_000).await;
    says(&desk, "bob", 100, 0).await;
    counted_once(&desk, 3_630).await;
}

async fn round(meter: &mut Meter, (seconds, rows): (u64, [crate::meter::Row<'_>; 1])) {
    meter.round(seconds, &rows).await;
}

/// The login's session ended unseen before it was ana's: adopted, what that may hide is told of her cycle, and undone no more.
#[tokio::test]
async fn with_what_was_not_seen_of_it() {
    let desk = Desk::new().await;
    let nas = desk.add_router("tower").await;
    let mut meter = desk.meter(nas).await;
    meter.round(0, &[]).await;
    meter.round(HOUR, &[(b"ana", 1_800, 1_000, 10)]).await;
    for second in [HOUR + 60, HOUR + 140, HOUR + 220] {
        meter.round(second, &[]).await;
    }
    desk.clock.advance(2 * HOUR * 1_000_000);
    desk.post("/api/v1/subscribers", r#"{"username":"ana"}"#).await.expect(201);
    let cycle = || async { desk.see("/api/v1/subscribers/ana/cycles").await["items"][0].clone() };
    let before = cycle().await;
    for from in [ALL, "2027-01-15T09:00:00Z"] {
        adopt(&desk, "ana", from, 200).await;
        let adopted = cycle().await;
        assert_eq!(adopted["upload_octets"], 1_000);
        assert_ne!(adopted["unobserved_upper_octets"], before["unobserved_upper_octets"], "{adopted}");
        undo(&desk, "ana", 200).await;
        assert_eq!(cycle().await, before);
    }
    verified(&desk).await;
}

/// Sixteen months later the hours are folded, apart as they were adopted; undone and adopted anew they are the same sums.
#[tokio::test]
async fn when_its_day_is_folded() {
    let (mut desk, _meter) = ana().await;
    desk.state = desk.state.clone().keeping(Some(1));
    adopt(&desk, "ana", ALL, 200).await;
    undo(&desk, "ana", 200).await;
    adopt(&desk, "ana", SECOND_HOUR, 200).await;
    desk.clock.advance(500 * 24 * HOUR * 1_000_000);
    while desk.post("/api/v1/retention/run", "").await.expect(200).json()["entries"] != 0 {}
    says_in_all(&desk, "ana", 2_500).await;
    for (from, adopted) in [(ALL, 3_000), (SECOND_HOUR, 2_000)] {
        undo(&desk, "ana", 200).await;
        says_in_all(&desk, "ana", 500).await;
        assert_eq!(adopt(&desk, "ana", from, 200).await["items"][0]["upload_octets"], adopted);
        says_in_all(&desk, "ana", 500 + adopted).await;
        counted_once(&desk, 3_500).await;
    }
    assert_eq!(notes(&desk, "ana").await, 3);
}

/// What one subscriber adopted is not the next one's until it is undone.
#[tokio::test]
async fn not_while_it_is_adopted() {
    let (desk, mut meter) = ana().await;
    adopt(&desk, "ana", ALL, 200).await;
    desk.post("/api/v1/subscribers/ana/unbind", r#"{"login":"ana"}"#).await.expect(200);
    meter.round(4 * HOUR, &[(b"ana", 1_800 + 3 * HOUR, 3_700, 37)]).await;
    desk.clock.advance(HOUR * 1_000_000);
    desk.post("/api/v1/subscribers", r#"{"username":"bob","login":"ana"}"#).await.expect(201);
    let refused = adopt(&desk, "bob", ALL, 409).await;
    assert!(refused["detail"].as_str().unwrap().contains("adopted before"), "{refused}");
    says(&desk, "ana", 3_500, 3_000).await;
    says(&desk, "bob", 0, 0).await;
    undo(&desk, "ana", 200).await;
    assert_eq!(adopt(&desk, "bob", ALL, 200).await["items"][0]["upload_octets"], 3_200);
    says(&desk, "ana", 500, 0).await;
    says(&desk, "bob", 3_200, 3_000).await;
    counted_once(&desk, 3_700).await;
}
