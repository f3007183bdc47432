//! Cycles that plans open, from the plan to the totals.

use accounting::time::Micros;
use operations::{ReadNow, RouterCommandError};
use serde_json::{Value, json};

use crate::harness::Desk;
use crate::meter::{BEGIN, Meter};

const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;

/// Ana on the tower and on a plan with that cycle; it is 16:00 on 2027-01-15 in Manila.
async fn ana(cycle: &str, zone: Option<&str>) -> (Desk, Meter) {
    let desk = Desk::new().await;
    let nas = desk.add_router("tower").await;
    let plan = json!({"name": "home", "cycle": cycle});
    desk.post("/api/v1/plans", &plan.to_string()).await.expect(201);
    let ana = json!({"username": "ana", "plan": "home", "zone": zone, "router": "tower"});
    desk.post("/api/v1/subscribers", &ana.to_string()).await.expect(201);
    let mut meter = desk.meter(nas).await;
    meter.round(0, &[]).await;
    meter.round(60, &[(b"ana", 30, 1_000, 5_000)]).await;
    assert_eq!(opened(&desk).await, 0);
    (desk, meter)
}

/// Sets the clock so many seconds after the begin.
fn at(desk: &Desk, seconds: u64) {
    desk.clock.set_wall(Micros(BEGIN.0.saturating_add_unsigned(seconds * 1_000_000)));
}

async fn opened(desk: &Desk) -> u64 {
    desk.operate.open_due_cycles().await.unwrap()
}

async fn see_ana(desk: &Desk) -> Value {
    desk.see("/api/v1/subscribers/ana").await
}

async fn cycles(desk: &Desk) -> Vec<Value> {
    desk.see("/api/v1/subscribers/ana/cycles?limit=1000").await["items"].as_array().unwrap().clone()
}

async fn opened_at(desk: &Desk) -> Vec<String> {
    let cycles = cycles(desk).await;
    cycles.iter().rev().map(|cycle| cycle["opened_at"].as_str().unwrap().to_owned()).collect()
}

async fn verified(desk: &Desk) {
    let report = desk.post("/api/v1/verify", "").await.expect(200).json();
    assert_eq!(report["mismatches"], json!([]));
}

#[tokio::test]
async fn a_plan_opens_the_next_cycle_with_the_day_in_her_zone_after_a_reading() {
    let (desk, _meter) = ana("day 16", Some("Asia/Manila")).await;
    assert_eq!(see_ana(&desk).await["next_cycle_at"], "2027-01-15T16:00:00Z");
    at(&desk, 8 * HOUR - 1);
    assert_eq!(opened(&desk).await, 0, "a second early");
    at(&desk, 8 * HOUR + 2);
    *desk.commands.answer.lock().unwrap() = Ok(ReadNow { poll_seq: 3, at: desk.operate.clock.now() });
    assert_eq!((opened(&desk).await, opened(&desk).await), (1, 0));
    let all = cycles(&desk).await;
    assert_eq!(
        (&all[0]["seq_no"], &all[0]["opened_by"], &all[0]["opened_at"]),
        (&json!(2), &json!("plan"), &json!("2027-01-15T16:00:00Z"))
    );
    assert_eq!(
        (&all[1]["opened_by"], &all[1]["final"], &all[1]["download_octets"]),
        (&json!("creation"), &json!(true), &json!(5_000))
    );
    assert_eq!(see_ana(&desk).await["next_cycle_at"], "2027-02-15T16:00:00Z");
    let acts = desk.see("/api/v1/audit?limit=1").await;
    assert_eq!(acts["items"][0]["action"], "subscriber.add", "no person did it");
    verified(&desk).await;
}

#[tokio::test]
async fn a_router_that_is_down_at_the_edge_settles_it_by_time() {
    let (desk, mut meter) = ana("day 16", Some("Asia/Manila")).await;
    *desk.commands.answer.lock().unwrap() = Err(RouterCommandError::TimedOut);
    at(&desk, 8 * HOUR + 2);
    assert_eq!(opened(&desk).await, 1);
    assert_eq!(cycles(&desk).await[1]["unsettled_routers"], json!(1));
    let (last, edge) = (60, 8 * HOUR);
    meter.round(2 * edge - last, &[(b"ana", 2 * edge - 90, 3_000, 5_001)]).await;
    let all = cycles(&desk).await;
    assert_eq!(
        (&all[1]["upload_octets"], &all[1]["final"]),
        (&json!(2_000), &json!(true)),
        "half of the time"
    );
    assert_eq!((&all[0]["upload_octets"], &all[0]["download_octets"]), (&json!(1_000), &json!(1)));
    verified(&desk).await;
}

#[tokio::test]
async fn whoever_was_off_for_months_opens_the_same_cycles_at_once_and_once() {
    let (off, mut meter) = ana("every 30 days", None).await;
    at(&off, 100 * DAY);
    assert_eq!((opened(&off).await, opened(&off).await), (3, 0));
    let (on, _) = ana("every 30 days", None).await;
    for day in 1..=100 {
        at(&on, day * DAY);
        opened(&on).await;
    }
    assert_eq!(opened_at(&off).await, opened_at(&on).await);
    assert_eq!(
        opened_at(&off).await[1..],
        ["2027-02-14T00:00:00Z", "2027-03-16T00:00:00Z", "2027-04-15T00:00:00Z"]
    );
    // The first reading after it is split between all four.
    meter.round(100 * DAY, &[(b"ana", 100 * DAY - 30, 1_001_000, 5_000)]).await;
    let all = cycles(&off).await;
    let up: Vec<u64> = all.iter().map(|cycle| cycle["upload_octets"].as_u64().unwrap()).collect();
    assert_eq!(up.iter().sum::<u64>(), 1_001_000);
    assert!(up.iter().all(|octets| *octets > 90_000), "{up:?}");
    assert!(all[1..].iter().all(|cycle| cycle["final"] == json!(true)));
    verified(&off).await;
}

#[tokio::test]
async fn more_cycles_than_fit_a_transaction_are_opened_too() {
    let (desk, _meter) = ana("every 1 days", None).await;
    at(&desk, 200 * DAY);
    assert_eq!(opened(&desk).await, 200);
    assert_eq!(opened_at(&desk).await.last().unwrap(), "2027-08-03T00:00:00Z");
    verified(&desk).await;
}

#[tokio::test]
async fn another_cycle_of_the_plan_decides_the_next_edge_only() {
    let (desk, _meter) = ana("day 1", None).await;
    at(&desk, 10 * DAY);
    let plan =
        desk.patch("/api/v1/plans/home", r#"{"cycle":"every 7 days","quota_octets":5}"#).await.expect(200);
    assert_eq!((&plan.json()["cycle"], &plan.json()["quota_octets"]), (&json!("every 7 days"), &json!(5)));
    assert_eq!(opened(&desk).await, 0, "the week that ended before the change opens nothing");
    let ana = see_ana(&desk).await;
    assert_eq!((&ana["cycle"]["seq_no"], &ana["next_cycle_at"]), (&json!(1), &json!("2027-01-29T00:00:00Z")));
    desk.patch("/api/v1/plans/home", r#"{"cycle":"renewal"}"#).await.expect(200);
    at(&desk, 50 * DAY);
    assert_eq!((opened(&desk).await, &see_ana(&desk).await["next_cycle_at"]), (0, &json!(null)));
    desk.patch("/api/v1/plans/gold", r#"{"cycle":"renewal"}"#).await.expect(404);
    desk.patch("/api/v1/plans/home", r#"{"cycle":"monthly"}"#).await.expect(422);
    desk.patch("/api/v1/plans/home", r#"{"devices":0}"#).await.expect(422);
    let acts = desk.see("/api/v1/audit?limit=2").await;
    assert_eq!(acts["items"][0]["action"], "plan.edit");
}

#[tokio::test]
async fn an_edge_that_is_due_is_passed_before_a_change_counts() {
    let (desk, _meter) = ana("day 16", None).await;
    at(&desk, 16 * HOUR + 1);
    desk.patch("/api/v1/plans/home", r#"{"cycle":"day 20"}"#).await.expect(200);
    assert_eq!(opened(&desk).await, 1);
    assert_eq!(opened_at(&desk).await[1..], ["2027-01-16T00:00:00Z"]);
    assert_eq!(see_ana(&desk).await["next_cycle_at"], "2027-01-20T00:00:00Z");
}

#[tokio::test]
async fn a_renewal_begins_the_days_anew() {
    let (desk, _meter) = ana("every 30 days", None).await;
    at(&desk, 3 * DAY);
    let renewed = desk.post("/api/v1/subscribers/ana/renew", "{}").await.expect(200).json();
    assert_eq!(renewed["renewed"], true);
    assert_eq!(opened(&desk).await, 0);
    assert_eq!(see_ana(&desk).await["next_cycle_at"], "2027-02-17T00:00:00Z");
    // One that comes in the second of the edge counts for it.
    at(&desk, 3 * DAY + 30 * DAY);
    desk.post("/api/v1/subscribers/ana/renew", "{}").await.expect(200);
    assert_eq!(opened(&desk).await, 0);
    let by: Vec<Value> = cycles(&desk).await.into_iter().map(|cycle| cycle["opened_by"].clone()).collect();
    assert_eq!(by, ["renewal", "renewal", "creation"]);
}

#[tokio::test]
async fn the_zone_is_hers_else_the_routers_else_the_installations() {
    let (desk, _meter) = ana("day 16", None).await;
    assert_eq!(see_ana(&desk).await["next_cycle_at"], "2027-01-16T00:00:00Z");
    let next = async |path: &str, body: &str| {
        desk.patch(path, body).await.expect(200);
        opened(&desk).await;
        see_ana(&desk).await["next_cycle_at"].clone()
    };
    assert_eq!(next("/api/v1/routers/tower", r#"{"zone":"Asia/Manila"}"#).await, "2027-01-15T16:00:00Z");
    assert_eq!(next("/api/v1/subscribers/ana", r#"{"zone":"America/Lima"}"#).await, "2027-01-16T05:00:00Z");
    assert_eq!(next("/api/v1/subscribers/ana", r#"{"zone":null}"#).await, "2027-01-15T16:00:00Z");
    let date =
        desk.patch("/api/v1/subscribers/ana", r#"{"expiry_at":"2027-02-15"}"#).await.expect(200).json();
    assert_eq!(date["expiry_at"], "2027-02-15T15:59:59Z", "days of a date are the same");
    assert_eq!(next("/api/v1/routers/tower", r#"{"zone":null}"#).await, "2027-01-16T00:00:00Z");
    desk.patch("/api/v1/routers/tower", r#"{"zone":"Nowhere/Land"}"#).await.expect(422);
}

#[tokio::test]
async fn nobody_who_left_gets_another_cycle() {
    let (desk, _meter) = ana("day 16", None).await;
    desk.patch("/api/v1/subscribers/ana", r#"{"status":"inactive"}"#).await.expect(200);
    at(&desk, 100 * DAY);
    assert_eq!(opened(&desk).await, 0);
    desk.patch("/api/v1/subscribers/ana", r#"{"status":"active"}"#).await.expect(200);
    assert_eq!(opened(&desk).await, 0);
    assert_eq!(see_ana(&desk).await["next_cycle_at"], "2027-05-16T00:00:00Z");
    desk.patch("/api/v1/subscribers/ana", r#"{"plan":null}"#).await.expect(200);
    assert_eq!((opened(&desk).await, &see_ana(&desk).await["next_cycle_at"]), (0, &json!(null)));
}

/// The host's clock is an hour ahead over the edge and is put right, with a restart in between.
#[tokio::test]
async fn a_clock_that_is_wrong_by_an_hour_opens_no_cycle_twice() {
    let (desk, mut meter) = ana("day 16", None).await;
    at(&desk, 16 * HOUR + 60);
    assert_eq!(opened(&desk).await, 1);
    at(&desk, 15 * HOUR + 60);
    assert_eq!(opened(&desk).await, 0);
    desk.patch("/api/v1/plans/home", r#"{"cycle":"day 17"}"#).await.expect(200);
    desk.patch("/api/v1/plans/home", r#"{"cycle":"day 16"}"#).await.expect(200);
    assert_eq!(opened(&desk).await, 0);
    assert_eq!(see_ana(&desk).await["next_cycle_at"], "2027-02-16T00:00:00Z");
    meter.round(15 * HOUR + 90, &[(b"ana", 15 * HOUR + 60, 2_000, 5_000)]).await;
    at(&desk, 17 * HOUR);
    assert_eq!(opened(&desk).await, 0);
    verified(&desk).await;
}

#[tokio::test]
async fn an_undone_renewal_gives_the_plan_its_days_back() {
    let (desk, mut meter) = ana("every 30 days", None).await;
    at(&desk, 29 * DAY);
    desk.post("/api/v1/subscribers/ana/renew", "{}").await.expect(200);
    assert_eq!(opened(&desk).await, 0);
    assert_eq!(see_ana(&desk).await["next_cycle_at"], "2027-03-15T00:00:00Z");
    meter.round(31 * DAY - 60, &[(b"ana", 31 * DAY - 120, 9_000, 5_000)]).await;
    at(&desk, 31 * DAY);
    desk.post("/api/v1/subscribers/ana/undo-renewal", "").await.expect(200);
    assert_eq!(opened(&desk).await, 1, "the edge of the day before, from now on");
    assert_eq!(opened_at(&desk).await, ["2027-01-15T08:00:00Z", "2027-02-15T08:00:00Z"]);
    assert_eq!(see_ana(&desk).await["next_cycle_at"], "2027-03-17T00:00:00Z");
    meter.round(31 * DAY + 60, &[(b"ana", 31 * DAY, 9_700, 5_000)]).await;
    let upload: Vec<_> = cycles(&desk).await.iter().map(|cycle| cycle["upload_octets"].clone()).collect();
    assert_eq!(
        upload,
        [json!(350), json!(9_350)],
        "what was counted until she was undone, and a half of the rest"
    );
    let refused = desk.post("/api/v1/subscribers/ana/undo-renewal", "").await.expect(409);
    assert!(refused.text("detail").contains("opened by the plan"));
    verified(&desk).await;
}

#[tokio::test]
async fn the_next_cycle_is_told_before_anybody_looks_who_is_due() {
    let desk = Desk::new().await;
    desk.add_router("tower").await;
    desk.post("/api/v1/plans", r#"{"name":"days","cycle":"every 30 days"}"#).await.expect(201);
    desk.post("/api/v1/plans", r#"{"name":"month","cycle":"day 16"}"#).await.expect(201);
    let new = json!({"username": "ana", "plan": "days", "zone": "Asia/Manila"});
    let added = desk.post("/api/v1/subscribers", &new.to_string()).await.expect(201);
    assert_eq!(added.text("next_cycle_at"), "2027-02-13T16:00:00Z", "thirty days after the 15th");
    assert_eq!(desk.see("/api/v1/subscribers").await["items"][0]["next_cycle_at"], "2027-02-13T16:00:00Z");
    let next = async || see_ana(&desk).await["next_cycle_at"].clone();
    let edit = async |body: &str| {
        desk.patch("/api/v1/subscribers/ana", body).await.expect(200).json()["next_cycle_at"].clone()
    };
    assert_eq!(edit(r#"{"plan":"month"}"#).await, "2027-01-15T16:00:00Z");
    assert_eq!(edit(r#"{"zone":"UTC"}"#).await, "2027-01-16T00:00:00Z");
    desk.patch("/api/v1/plans/month", r#"{"cycle":"day 20"}"#).await.expect(200);
    assert_eq!(next().await, "2027-01-20T00:00:00Z");
    desk.patch("/api/v1/plans/month", r#"{"cycle":"renewal"}"#).await.expect(200);
    assert_eq!(next().await, json!(null));
    assert_eq!((opened(&desk).await, next().await), (0, json!(null)), "and so it is once somebody looked");
    assert_eq!(edit(r#"{"plan":"days"}"#).await, "2027-02-14T00:00:00Z");
    assert_eq!((opened(&desk).await, next().await), (0, json!("2027-02-14T00:00:00Z")));
}
