//! Renewals over HTTP, with readings and without.

use operations::{ReadNow, RouterCommandError};
use serde_json::json;
use store::NasId;

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
    assert!(explained["items"][0]["text"].as_str().unwrap().contains("split between them by time"));
    verified(&desk).await;
}

/// A session that began after the router's last reading is in no table yet.
#[tokio::test]
async fn a_session_that_no_reading_showed_yet_is_split_too() {
    let desk = Desk::new().await;
    let nas = desk.add_router("tower").await;
    desk.post("/api/v1/subscribers", r#"{"username":"ana"}"#).await.expect(201);
    let mut meter = desk.meter(nas).await;
    meter.round(0, &[]).await;
    meter.round(60, &[]).await;
    *desk.commands.answer.lock().unwrap() = Err(RouterCommandError::TimedOut);
    desk.clock.advance(660_000_000);
    let renewed = renew(&desk, "{}").await;
    assert_eq!((&renewed["renewed"], &renewed["unread_routers"]), (&json!(true), &json!(["tower"])));
    let closed = desk.see("/api/v1/subscribers/ana/cycles").await["items"][1].clone();
    assert_eq!((&closed["final"], &closed["unsettled_routers"]), (&json!(false), &json!(1)));
    meter.round(720, &[(b"ana", 600, 1_000_000, 5_000_000)]).await;
    let cycles = desk.see("/api/v1/subscribers/ana/cycles").await;
    let (open, closed) = (&cycles["items"][0], &cycles["items"][1]);
    let upload = |cycle: &serde_json::Value| cycle["upload_octets"].as_u64().unwrap();
    assert_eq!(upload(open) + upload(closed), 1_000_000);
    assert!((880_000..=910_000).contains(&upload(closed)), "540 of 600 s: {closed}");
    assert_eq!(closed["final"], true);
    verified(&desk).await;
}

/// However many routers were not read since, and though she never was on any: none of them is left out.
#[tokio::test]
async fn a_first_session_on_one_of_many_unread_routers_is_split_and_the_cycle_is_not_final_before() {
    let desk = Desk::new().await;
    desk.post("/api/v1/subscribers", r#"{"username":"ana"}"#).await.expect(201);
    let mut meters = Vec::new();
    for no in 0..20 {
        let nas = desk.add_router(&format!("tower{no}")).await;
        let mut meter = desk.meter(nas).await;
        meter.round(0, &[]).await;
        meter.round(60, &[]).await;
        meters.push(meter);
    }
    *desk.commands.answer.lock().unwrap() = Err(RouterCommandError::TimedOut);
    desk.clock.advance(660_000_000);
    let renewed = renew(&desk, "{}").await;
    assert_eq!(renewed["unread_routers"], json!([]), "none is named on which she never was");
    let closed = async || desk.see("/api/v1/subscribers/ana/cycles").await["items"][1].clone();
    assert_eq!((&closed().await["final"], &closed().await["unsettled_routers"]), (&json!(false), &json!(20)));
    for meter in &mut meters[..18] {
        meter.round(720, &[]).await;
    }
    assert_eq!((&closed().await["final"], &closed().await["unsettled_routers"]), (&json!(false), &json!(2)));
    meters[18].round(720, &[(b"ana", 600, 1_000_000, 5_000_000)]).await;
    meters[19].round(720, &[]).await;
    let (open, closed) =
        (desk.see("/api/v1/subscribers/ana/cycles").await["items"][0].clone(), closed().await);
    let upload = |cycle: &serde_json::Value| cycle["upload_octets"].as_u64().unwrap();
    assert_eq!(upload(&open) + upload(&closed), 1_000_000);
    assert!((880_000..=910_000).contains(&upload(&closed)), "540 of 600 s: {closed}");
    assert_eq!(closed["final"], true);
    verified(&desk).await;
}

/// A house of so many routers, all read at the begin, a minute, and two minutes after it, with no session.
async fn towers(desk: &Desk, count: usize) -> Vec<(NasId, Meter)> {
    let mut towers = Vec::new();
    for no in 0..count {
        let nas = desk.add_router(&format!("tower{no}")).await;
        let mut meter = desk.meter(nas).await;
        meter.round(0, &[]).await;
        towers.push((nas, meter));
    }
    towers
}

/// She dials in, and is gone at the end unless she stays.
async fn visit(meter: &mut Meter, second: u64, stays: bool) {
    meter.round(second, &[(b"ana", 5, 1_000, 5_000)]).await;
    for later in [70, 140, 210] {
        if !stays {
            meter.round(second + later, &[]).await;
        }
    }
}

async fn asked_by_a_renewal(desk: &Desk) -> Vec<NasId> {
    desk.commands.asked.lock().unwrap().clear();
    renew(desk, "{}").await;
    let mut asked = desk.commands.asked.lock().unwrap().clone();
    asked.sort_unstable();
    asked
}

#[tokio::test]
async fn a_renewal_reads_the_routers_that_ever_showed_her_and_no_other() {
    let desk = Desk::new().await;
    desk.post("/api/v1/subscribers", r#"{"username":"ana"}"#).await.expect(201);
    let mut towers = towers(&desk, 6).await;
    assert_eq!(asked_by_a_renewal(&desk).await, [], "she was nowhere yet");
    for no in [0, 2, 3, 4] {
        visit(&mut towers[no].1, 60, no == 2).await;
    }
    for no in [1, 5] {
        towers[no].1.round(270, &[(b"bob", 5, 1_000, 5_000)]).await;
    }
    desk.clock.advance(300_000_000);
    let ids: Vec<NasId> = towers.iter().map(|(nas, _)| *nas).collect();
    assert_eq!(asked_by_a_renewal(&desk).await, [ids[0], ids[2], ids[3], ids[4]]);
    desk.patch("/api/v1/routers/tower3", r#"{"enabled":false}"#).await.expect(200);
    for no in [0, 1, 2, 5] {
        towers[no].1.round(3_000, &[]).await;
    }
    assert_eq!(
        asked_by_a_renewal(&desk).await,
        [ids[0], ids[2]],
        "nobody waits for one that is off, or was not read for long"
    );
}

/// Who roamed many routers has the last of them read, and those on which she is; the others settle the cycle later.
#[tokio::test]
async fn a_renewal_of_one_who_roamed_reads_no_more_than_the_last_routers() {
    let desk = Desk::new().await;
    desk.post("/api/v1/subscribers", r#"{"username":"ana"}"#).await.expect(201);
    let mut towers = towers(&desk, 20).await;
    for (no, (_, meter)) in towers.iter_mut().enumerate() {
        visit(meter, 60 + no as u64, no < 2).await;
    }
    *desk.commands.answer.lock().unwrap() = Ok(ReadNow { poll_seq: 9, at: BEGIN });
    desk.clock.advance(400_000_000);
    let ids: Vec<NasId> = towers.iter().map(|(nas, _)| *nas).collect();
    let expected: Vec<NasId> = ids.iter().take(2).chain(&ids[4..]).copied().collect();
    assert_eq!(asked_by_a_renewal(&desk).await, expected);
    let closed = desk.see("/api/v1/subscribers/ana/cycles").await["items"][1].clone();
    assert_eq!(
        (&closed["final"], &closed["unsettled_routers"]),
        (&json!(false), &json!(2)),
        "tower2 and tower3"
    );
}

/// Where a reading answers there is nothing to split, though it shows no session of hers.
#[tokio::test]
async fn a_reading_that_shows_no_session_makes_the_closed_cycle_final() {
    let (desk, mut meter) = ana().await;
    meter.round(120, &[]).await;
    meter.round(300, &[]).await;
    meter.round(400, &[]).await;
    desk.clock.advance(400_000_000);
    *desk.commands.answer.lock().unwrap() = Ok(ReadNow { poll_seq: 6, at: BEGIN });
    let renewed = renew(&desk, "{}").await;
    assert_eq!((&renewed["renewed"], &renewed["unread_routers"]), (&json!(true), &json!([])));
    assert_eq!(desk.see("/api/v1/subscribers/ana/cycles").await["items"][1]["final"], true);
}

#[tokio::test]
async fn a_date_is_the_end_of_that_day_in_her_zone_and_renews_once() {
    let (desk, _meter) = ana().await;
    let date = r#"{"expiry_at":"2027-02-15"}"#;
    let renewed = renew(&desk, date).await;
    assert_eq!(renewed["subscriber"]["expiry_at"], "2027-02-15T15:59:59Z");
    assert_eq!((&renewed["renewed"], &renew(&desk, date).await["renewed"]), (&json!(true), &json!(false)));
    assert_eq!(desk.see("/api/v1/audit?limit=1").await["items"][0]["action"], "subscriber.renew");
    let corrected =
        desk.patch("/api/v1/subscribers/ana", r#"{"expiry_at":"2028-01-01"}"#).await.expect(200).json();
    assert_eq!(
        (&corrected["cycle"]["seq_no"], &corrected["expiry_at"]),
        (&json!(2), &json!("2028-01-01T15:59:59Z"))
    );
    let acts = desk.see("/api/v1/audit?limit=2").await;
    let actions: Vec<_> = acts["items"].as_array().unwrap().iter().map(|act| act["action"].clone()).collect();
    assert_eq!(actions, ["subscriber.edit", "subscriber.renew"]);
}

#[tokio::test]
async fn a_date_that_was_moved_back_is_told_and_asking_again_changes_nothing() {
    let (desk, _meter) = ana().await;
    let at = "2027-02-15T00:00:00Z";
    let late = renew(&desk, r#"{"expiry_at":"2027-03-15T00:00:00Z"}"#).await;
    assert_eq!((&late["renewed"], &late["expiry_at_before"]), (&json!(true), &json!(null)));
    let acts = async || desk.see("/api/v1/audit?limit=100").await["items"].as_array().unwrap().len();
    let before = acts().await;
    for (old, written) in [("2027-03-15T00:00:00Z", 1), (at, 1)] {
        let moved = renew(&desk, &json!({"expiry_at": at}).to_string()).await;
        assert_eq!((&moved["renewed"], &moved["expiry_at_before"]), (&json!(false), &json!(old)));
        assert_eq!((&moved["subscriber"]["expiry_at"], acts().await - before), (&json!(at), written));
    }
    desk.patch("/api/v1/subscribers/ana", &json!({"expiry_at": at, "name": null}).to_string())
        .await
        .expect(200);
    desk.patch("/api/v1/subscribers/ana", "{}").await.expect(200);
    assert_eq!(acts().await - before, 1, "nor does a change that changes nothing");
}

#[tokio::test]
async fn the_journal_tells_what_changed_old_and_new_and_nothing_else() {
    let (desk, _meter) = ana().await;
    let subscriber = desk.see("/api/v1/subscribers/ana").await;
    let body = r#"{"name":"Ana","note":null,"zone":"Asia/Manila","status":"suspended","expiry_at":null}"#;
    desk.patch("/api/v1/subscribers/ana", body).await.expect(200);
    let act = desk.see("/api/v1/audit?limit=1").await["items"][0].clone();
    let expected = json!({
        "id": subscriber["id"], "name": "Ana", "name_before": null, "status": "suspended", "status_before": "active",
    });
    assert_eq!((&act["action"], &act["detail"]), (&json!("subscriber.edit"), &expected));
    desk.patch("/api/v1/subscribers/ana", r#"{"name":null}"#).await.expect(200);
    let act = desk.see("/api/v1/audit?limit=1").await["items"][0].clone();
    assert_eq!((&act["detail"]["name"], &act["detail"]["name_before"]), (&json!(null), &json!("Ana")));
}

#[tokio::test]
async fn what_cannot_be_is_refused_whole() {
    let (desk, _meter) = ana().await;
    desk.post("/api/v1/subscribers/nobody/renew", "{}").await.expect(404);
    desk.post("/api/v1/subscribers/ana/renew", r#"{"expiry_at":"soon"}"#).await.expect(422);
    desk.patch("/api/v1/subscribers/ana", r#"{"status":"gone"}"#).await.expect(422);
    desk.patch("/api/v1/subscribers/ana", r#"{"zone":"Nowhere/Land"}"#).await.expect(422);
    let planless = desk.patch("/api/v1/subscribers/ana", r#"{"name":"Ana","plan":"gold"}"#).await.expect(422);
    assert_eq!(planless.text("field"), "plan");
    desk.patch("/api/v1/subscribers/nobody", r#"{"plan":"gold"}"#).await.expect(404);
    assert_eq!(desk.see("/api/v1/subscribers/ana").await["name"], json!(null));
}

#[tokio::test]
async fn an_undone_renewal_counts_with_the_cycle_it_continues() {
    let (desk, mut meter) = ana().await;
    *desk.commands.answer.lock().unwrap() = Ok(ReadNow { poll_seq: 3, at: BEGIN });
    renew(&desk, r#"{"expiry_at":"2027-02-15"}"#).await;
    meter.round(120, &[(b"ana", 90, 1_500, 9_000)]).await;
    desk.clock.advance(60_000_000);
    let undone = desk.post("/api/v1/subscribers/ana/undo-renewal", "").await.expect(200).json();
    let cycle = &undone["cycle"];
    assert_eq!(
        (&cycle["seq_no"], &cycle["opened_at"], &cycle["closed_at"]),
        (&json!(1), &json!("2027-01-15T08:00:00Z"), &json!(null))
    );
    assert_eq!((&cycle["upload_octets"], &cycle["download_octets"]), (&json!(1_500), &json!(9_000)));
    assert_eq!((&cycle["undone_renewals"], &undone["expiry_at"]), (&json!(1), &json!(null)));
    meter.round(180, &[(b"ana", 150, 1_600, 9_000)]).await;
    let cycles = desk.see("/api/v1/subscribers/ana/cycles").await;
    assert_eq!((&cycles["items"][0]["upload_octets"], &cycles["items"][1]), (&json!(1_600), &json!(null)));
    assert_eq!(cycles["items"][0]["observed_percent"], json!(100.0));
    let explained = desk.see("/api/v1/explain?subscriber=ana").await;
    assert_eq!(explained["upload_octets"], 1_600);
    let lines = explained["items"].as_array().unwrap();
    assert_eq!(lines.iter().map(|line| line["upload_octets"].as_u64().unwrap()).sum::<u64>(), 1_600);
    let note = explained["notes"][0].as_str().unwrap();
    assert!(note.contains("2027-01-15T08:01:00Z was undone on 2027-01-15T08:02:00Z by token boss"), "{note}");
    assert_eq!(desk.see("/api/v1/explain?subscriber=ana&cycle=1").await["upload_octets"], 1_600);
    desk.get("/api/v1/explain?subscriber=ana&cycle=2", Some(&desk.admin)).await.expect(404);
    let usage = desk.see("/api/v1/usage?subscriber=ana").await;
    assert_eq!(usage["items"][0]["upload_octets"], 1_600);
    let acts = desk.see("/api/v1/audit?limit=1").await;
    assert_eq!(acts["items"][0]["action"], "subscriber.undo_renewal");
    verified(&desk).await;
}

#[tokio::test]
async fn only_the_last_renewal_is_undone_and_only_once() {
    let (desk, mut meter) = ana().await;
    let undo = async || desk.post("/api/v1/subscribers/ana/undo-renewal", "").await;
    assert!(undo().await.expect(409).text("detail").contains("never renewed"));
    renew(&desk, "{}").await;
    undo().await.expect(200);
    assert!(undo().await.expect(409).text("detail").contains("undone already, by token boss"));
    desk.clock.advance(60_000_000);
    renew(&desk, "{}").await;
    desk.clock.advance(60_000_000);
    renew(&desk, "{}").await;
    undo().await.expect(200);
    undo().await.expect(409);
    // A closed cycle with an undone renewal, and an open one with another.
    meter.round(300, &[(b"ana", 270, 2_000, 5_000)]).await;
    let cycles = desk.see("/api/v1/subscribers/ana/cycles").await;
    let numbers: Vec<_> =
        cycles["items"].as_array().unwrap().iter().map(|cycle| cycle["seq_no"].clone()).collect();
    assert_eq!(numbers, [json!(3), json!(1)], "2 and 4 count with them");
    let (open, closed) = (&cycles["items"][0], &cycles["items"][1]);
    assert_eq!(
        (&open["opened_at"], &closed["closed_at"]),
        (&closed["closed_at"], &json!("2027-01-15T08:02:00Z"))
    );
    assert_eq!((&open["final"], &closed["final"]), (&json!(false), &json!(true)));
    let both = ["upload_octets", "download_octets"]
        .map(|way| open[way].as_u64().unwrap() + closed[way].as_u64().unwrap());
    assert_eq!(both, [2_000, 5_000]);
    desk.post("/api/v1/subscribers/nobody/undo-renewal", "").await.expect(404);
    verified(&desk).await;
}

#[tokio::test]
async fn an_expiry_that_was_changed_since_stays() {
    let (desk, _meter) = ana().await;
    renew(&desk, r#"{"expiry_at":"2027-02-15"}"#).await;
    desk.patch("/api/v1/subscribers/ana", r#"{"expiry_at":"2027-03-15"}"#).await.expect(200);
    let undone = desk.post("/api/v1/subscribers/ana/undo-renewal", "").await.expect(200).json();
    assert_eq!(undone["expiry_at"], "2027-03-15T15:59:59Z");
}
