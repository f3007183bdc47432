//! Credits: beside what was measured, and never in it.

use serde_json::{Value, json};

use crate::harness::Desk;

/// Ana with 1,000 octets up and 5,000 down.
async fn ana() -> Desk {
    let desk = Desk::new().await;
    let nas = desk.add_router("tower").await;
    desk.post("/api/v1/subscribers", r#"{"username":"ana"}"#).await.expect(201);
    let mut meter = desk.meter(nas).await;
    meter.round(0, &[]).await;
    meter.round(60, &[(b"ana", 30, 1_000, 5_000)]).await;
    desk.clock.advance(60_000_000);
    desk
}

async fn give(desk: &Desk, body: Value, status: u16) -> Value {
    desk.post("/api/v1/subscribers/ana/credits", &body.to_string()).await.expect(status).json()
}

async fn cancel(desk: &Desk, credit: i64, status: u16) -> Value {
    let path = format!("/api/v1/subscribers/ana/credits/{credit}/cancel");
    desk.post(&path, r#"{"reason":"by mistake"}"#).await.expect(status).json()
}

/// Measured and credited octets of each cycle, newest first.
async fn cycles(desk: &Desk) -> Vec<[u64; 4]> {
    let cycles = desk.see("/api/v1/subscribers/ana/cycles").await;
    let names = ["upload_octets", "download_octets", "credited_upload_octets", "credited_download_octets"];
    let of = |cycle: &Value| names.map(|name| cycle[name].as_u64().unwrap());
    cycles["items"].as_array().unwrap().iter().map(of).collect()
}

#[tokio::test]
async fn a_credit_stands_beside_what_was_measured_in_its_cycle() {
    let desk = ana().await;
    let given = give(&desk, json!({"download_octets": 4_000, "reason": "outage"}), 201).await;
    assert_eq!(
        (&given["cycle"], &given["upload_octets"], &given["actor"]),
        (&json!(1), &json!(0), &json!("token boss"))
    );
    give(&desk, json!({"upload_octets": 7, "download_octets": 1, "reason": "goodwill"}), 201).await;
    assert_eq!(cycles(&desk).await, [[1_000, 5_000, 7, 4_001]]);
    desk.post("/api/v1/subscribers/ana/renew", "{}").await.expect(200);
    give(&desk, json!({"upload_octets": 1, "reason": "more"}), 201).await;
    assert_eq!(cycles(&desk).await, [[0, 0, 1, 0], [1_000, 5_000, 7, 4_001]]);
    desk.post("/api/v1/subscribers/ana/undo-renewal", "").await.expect(200);
    assert_eq!(cycles(&desk).await, [[1_000, 5_000, 8, 4_001]], "they follow their cycle");
    assert_eq!(desk.see("/api/v1/usage?subscriber=ana").await["items"][0]["download_octets"], 5_000);
    assert_eq!(desk.see("/api/v1/explain?subscriber=ana").await["download_octets"], 5_000);
    let report = desk.post("/api/v1/verify", "").await.expect(200).json();
    assert_eq!(report["mismatches"], json!([]));
    let page = desk.see("/api/v1/subscribers/ana/credits?limit=2").await;
    assert_eq!((&page["items"][0]["reason"], &page["items"][0]["cycle"]), (&json!("more"), &json!(1)));
    let next = page["next"].as_str().unwrap();
    let rest = desk.see(&format!("/api/v1/subscribers/ana/credits?cursor={next}")).await;
    assert_eq!((&rest["items"][0]["id"], &rest["items"][1]), (&given["id"], &json!(null)));
}

#[tokio::test]
async fn a_credit_is_taken_back_once_by_a_line_of_its_own() {
    let desk = ana().await;
    let given = give(&desk, json!({"download_octets": 4_000, "reason": "outage"}), 201).await;
    desk.post("/api/v1/subscribers/ana/renew", "{}").await.expect(200);
    let id = given["id"].as_i64().unwrap();
    let back = cancel(&desk, id, 201).await;
    assert_eq!(
        (&back["cancels"], &back["cycle"], &back["download_octets"]),
        (&json!(id), &json!(1), &json!(4_000))
    );
    assert_eq!(cycles(&desk).await[1], [1_000, 5_000, 0, 0]);
    assert!(cancel(&desk, id, 409).await["detail"].as_str().unwrap().contains("cancelled before"));
    cancel(&desk, back["id"].as_i64().unwrap(), 409).await;
    let listed = desk.see("/api/v1/subscribers/ana/credits").await;
    assert_eq!(
        (&listed["items"][0]["reason"], &listed["items"][1]["cancelled_by"]),
        (&json!("by mistake"), &back["id"])
    );
    let acts = desk.see("/api/v1/audit?limit=3").await;
    let actions: Vec<_> = acts["items"].as_array().unwrap().iter().map(|act| act["action"].clone()).collect();
    assert_eq!(actions, ["credit.cancel", "subscriber.renew", "credit.add"]);
}

#[tokio::test]
async fn what_is_no_credit_is_refused_whole() {
    let desk = ana().await;
    give(&desk, json!({"reason": "nothing"}), 422).await;
    give(&desk, json!({"upload_octets": 1, "reason": ""}), 422).await;
    give(&desk, json!({"upload_octets": 1_000_000_000_000_001_u64, "reason": "all"}), 422).await;
    give(&desk, json!({"upload_octets": -1, "reason": "less"}), 422).await;
    cancel(&desk, 1, 404).await;
    desk.post("/api/v1/subscribers", r#"{"username":"bob"}"#).await.expect(201);
    let given = give(&desk, json!({"upload_octets": 1, "reason": "hers"}), 201).await;
    let path = format!("/api/v1/subscribers/bob/credits/{}/cancel", given["id"]);
    desk.post(&path, r#"{"reason":"not his"}"#).await.expect(404);
    assert_eq!(cycles(&desk).await, [[1_000, 5_000, 1, 0]]);
}
