//! Which readings count as one of a subscriber's router when she is renewed: a cycle that says it is final never changes.

use operations::{ReadNow, RouterCommandError};
use serde_json::{Value, json};

use crate::harness::Desk;
use crate::meter::{BEGIN, Meter};

/// Ana's tower, first read without her.
async fn tower() -> (Desk, Meter) {
    let desk = Desk::new().await;
    let nas = desk.add_router("tower").await;
    desk.post("/api/v1/subscribers", r#"{"username":"ana"}"#).await.expect(201);
    let mut meter = desk.meter(nas).await;
    meter.round(0, &[]).await;
    (desk, meter)
}

fn at(desk: &Desk, seconds: i64) {
    desk.clock.set_wall(accounting::time::Micros(BEGIN.0 + seconds * 1_000_000));
}

/// Renews her after a reading that was just committed.
async fn renew_after_a_reading(desk: &Desk) {
    *desk.commands.answer.lock().unwrap() = Ok(ReadNow { poll_seq: 9, at: BEGIN });
    desk.post("/api/v1/subscribers/ana/renew", "{}").await.expect(200);
}

async fn renew_without(desk: &Desk) {
    *desk.commands.answer.lock().unwrap() = Err(RouterCommandError::TimedOut);
    desk.post("/api/v1/subscribers/ana/renew", "{}").await.expect(200);
}

/// Of the closed cycle and the open one: upload, and whether the closed one is final.
async fn cycles(desk: &Desk) -> (u64, u64, bool) {
    let report = desk.post("/api/v1/verify", "").await.expect(200).json();
    assert_eq!(report["mismatches"], json!([]));
    let cycles = desk.see("/api/v1/subscribers/ana/cycles").await;
    let upload = |cycle: &Value| cycle["upload_octets"].as_u64().unwrap();
    let closed = &cycles["items"][1];
    (upload(closed), upload(&cycles["items"][0]), closed["final"].as_bool().unwrap())
}

/// All of it counts, and the closed cycle, final now, has its share by time; a session's begin is known to two seconds.
fn split_is((closed, open, is_final): (u64, u64, bool), share: u64, of: u64) {
    assert!(is_final && closed + open == of && closed.abs_diff(share) < 2_000, "{closed} and {open}");
}

#[tokio::test]
async fn a_reading_that_lacks_her_row_is_none() {
    let (desk, mut meter) = tower().await;
    meter.round(60, &[(b"ana", 30, 1_000, 0)]).await;
    meter.round(1_060, &[]).await;
    at(&desk, 1_060);
    renew_after_a_reading(&desk).await;
    assert_eq!(cycles(&desk).await, (1_000, 0, false));
    meter.round(2_060, &[(b"ana", 2_030, 2_001_000, 0)]).await;
    assert_eq!(cycles(&desk).await, (1_001_000, 1_000_000, true), "1,000 of 2,000 s");
}

#[tokio::test]
async fn a_reading_in_which_a_row_waits_for_its_owner_is_none() {
    let (desk, mut meter) = tower().await;
    meter.round_without_owners(360, &[(b"ana", 300, 300_000, 0)]).await;
    at(&desk, 360);
    renew_after_a_reading(&desk).await;
    assert_eq!(cycles(&desk).await, (0, 0, false));
    meter.round(660, &[(b"ana", 600, 600_000, 0)]).await;
    split_is(cycles(&desk).await, 300_000, 600_000);
}

#[tokio::test]
async fn a_row_that_waits_for_its_owner_keeps_the_cycle_waiting_unless_it_began_after() {
    let (desk, mut meter) = tower().await;
    at(&desk, 300);
    renew_without(&desk).await;
    meter.round_without_owners(660, &[(b"ana", 600, 600_000, 0)]).await;
    assert_eq!(cycles(&desk).await, (0, 0, false), "whose it is may be known yet");
    let bob: (&[u8], u64, u64, u64) = (b"bob", 100, 7, 0);
    meter.round(960, &[(b"ana", 900, 900_000, 0)]).await;
    split_is(cycles(&desk).await, 240_000, 900_000);
    at(&desk, 960);
    renew_without(&desk).await;
    meter.round(1_260, &[(b"ana", 1_200, 1_200_000, 0)]).await;
    meter.round_without_owners(1_560, &[(b"ana", 1_500, 1_500_000, 0), bob]).await;
    assert!(cycles(&desk).await.2, "bob's row was not there when the router was read after the renewal");
}

#[tokio::test]
async fn a_clock_that_was_set_back_makes_no_old_reading_new() {
    let (desk, mut meter) = tower().await;
    meter.round(3_660, &[]).await;
    at(&desk, 1_860);
    renew_without(&desk).await;
    assert_eq!(cycles(&desk).await, (0, 0, false));
    meter.round(3_960, &[(b"ana", 30, 30_000, 0)]).await;
    assert!(cycles(&desk).await.2);
}

/// By the label the renewal came before her last reading; by the bindings after it, and by the other clocks 300 s after.
#[tokio::test]
async fn what_a_known_session_moved_is_split_though_the_clock_was_set_back_before_the_renewal() {
    let (desk, mut meter) = tower().await;
    meter.round(3_660, &[(b"ana", 60, 1_000, 0)]).await;
    at(&desk, 360);
    renew_without(&desk).await;
    meter = desk.meter(meter.nas).await;
    meter.behind_s = 3_600;
    meter.round(4_260, &[(b"ana", 660, 601_000, 0)]).await;
    assert_eq!(cycles(&desk).await, (301_000, 300_000, true));
}

/// What was counted while our clock was behind is of the cycle all the same, though its label lies before the opening.
#[tokio::test]
async fn a_cycle_keeps_its_bound_though_the_clock_was_set_back_after_it_opened() {
    let (desk, mut meter) = tower().await;
    meter.behind_s = 7_200;
    meter.round(60, &[(b"ana", 30, 9_000, 0)]).await;
    meter.round(120, &[(b"ana", 90, 4_000, 0)]).await;
    let (open, ..) = bounds(&desk).await;
    let second_at_link_speed = 250_000_000_u64;
    assert_eq!(open, json!(61 * second_at_link_speed - 4_000), "the counter was reset since 61 s at most");
}

/// The cycles' bounds, the open one first, and whether the closed one is final.
async fn bounds(desk: &Desk) -> (Value, Value, Value) {
    let cycles = desk.see("/api/v1/subscribers/ana/cycles").await;
    let bound = |cycle: &Value| cycle["unobserved_upper_octets"].clone();
    let [open, closed] = [0, 1].map(|index| &cycles["items"][index]);
    (bound(open), bound(closed), closed["final"].clone())
}

#[tokio::test]
async fn a_router_that_is_removed_while_a_cycle_waits_for_it_bounds_both_by_their_time() {
    let (desk, mut meter) = tower().await;
    meter.round(60, &[(b"ana", 30, 1_000, 0)]).await;
    at(&desk, 1_060);
    renew_without(&desk).await;
    at(&desk, 1_160);
    desk.delete("/api/v1/routers/tower").await.expect(204);
    let second_at_link_speed = 250_000_000_u64;
    let (open, closed, is_final) = bounds(&desk).await;
    assert_eq!(
        (open, closed, is_final),
        (json!(101 * second_at_link_speed), json!(1_001 * second_at_link_speed), json!(true))
    );
    assert!(cycles(&desk).await.2, "and the books are right");
}
