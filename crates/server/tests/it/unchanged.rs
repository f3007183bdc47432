//! Changes that change nothing: answered like any other, and no act in the journal.

use serde_json::{Value, json};

use crate::harness::Desk;

async fn acts(desk: &Desk) -> Vec<Value> {
    desk.see("/api/v1/audit?limit=1000").await["items"].as_array().unwrap().clone()
}

/// Sends each body; all answer with what is stored, and nothing is written down.
async fn changes_nothing(desk: &Desk, path: &str, bodies: &[Value]) {
    let before = acts(desk).await;
    let stored = desk.patch(path, "{}").await.expect(200).json();
    for body in bodies {
        assert_eq!(desk.patch(path, &body.to_string()).await.expect(200).json(), stored, "{body}");
    }
    assert_eq!(acts(desk).await, before);
}

/// What the newest act tells.
async fn told(desk: &Desk) -> (String, Value) {
    let newest = acts(desk).await.swap_remove(0);
    (newest["action"].as_str().unwrap().to_owned(), newest["detail"].clone())
}

#[tokio::test]
async fn a_router_that_stays_as_it_is_leaves_no_act() {
    let desk = Desk::new().await;
    let new = json!({"name": "tower", "host": "10.0.0.1", "tls": "pinned", "fingerprint": "0a".repeat(32),
        "username": "meter", "password": "p", "link_speed_bps": 5, "interval_ms": 5_000});
    desk.post("/api/v1/routers", &new.to_string()).await.expect(201);
    desk.patch("/api/v1/routers/tower", r#"{"zone":"Asia/Manila"}"#).await.expect(200);
    let same = json!({"name": "tower", "host": "10.0.0.1", "port": 8729, "tls": "pinned", "username": "meter",
        "fingerprint": "0a".repeat(32), "link_speed_bps": 5, "interval_ms": 5_000, "zone": "Asia/Manila",
        "enabled": true});
    let one_by_one = same.as_object().unwrap().iter().map(|(name, value)| json!({name: value}));
    let bodies: Vec<Value> = one_by_one.chain([same.clone()]).collect();
    changes_nothing(&desk, "/api/v1/routers/tower", &bodies).await;
    let mut all_but_one = same;
    all_but_one["link_speed_bps"] = json!(null);
    desk.patch("/api/v1/routers/tower", &all_but_one.to_string()).await.expect(200);
    assert_eq!(told(&desk).await, ("router.edit".to_owned(), json!({"link_speed_bps": null})));
    desk.patch("/api/v1/routers/tower", r#"{"fingerprint":null}"#).await.expect(200);
    changes_nothing(&desk, "/api/v1/routers/tower", &[json!({"fingerprint": null})]).await;
    desk.patch("/api/v1/routers/tower", r#"{"password":"p"}"#).await.expect(200);
    assert_eq!(told(&desk).await, ("router.edit".to_owned(), json!({"password": "changed"})));
}

#[tokio::test]
async fn a_value_that_cannot_be_is_refused_though_nothing_would_change() {
    let desk = Desk::new().await;
    desk.add_router("plain").await;
    desk.patch("/api/v1/routers/plain", r#"{"fingerprint":null}"#).await.expect(422);
    desk.patch("/api/v1/routers/plain", r#"{"port":0}"#).await.expect(422);
}

#[tokio::test]
async fn a_plan_that_stays_as_it_is_leaves_no_act() {
    let desk = Desk::new().await;
    let new = json!({"name": "home", "price": "350", "validity": "30d", "devices": 2, "rate_up_bps": 1, "quota_octets": 7,
        "cycle": "day 1"});
    desk.post("/api/v1/plans", &new.to_string()).await.expect(201);
    let same = json!({"price": "350", "validity": "30d", "devices": 2, "rate_up_bps": 1, "rate_down_bps": null,
        "quota_octets": 7, "cycle": "day 1"});
    let one_by_one = same.as_object().unwrap().iter().map(|(name, value)| json!({name: value}));
    let bodies: Vec<Value> = one_by_one.chain([same.clone()]).collect();
    changes_nothing(&desk, "/api/v1/plans/home", &bodies).await;
    let mut all_but_one = same;
    all_but_one["rate_down_bps"] = json!(9);
    desk.patch("/api/v1/plans/home", &all_but_one.to_string()).await.expect(200);
    assert_eq!(told(&desk).await, ("plan.edit".to_owned(), json!({"rate_down_bps": 9})));
    desk.patch("/api/v1/plans/gold", "{}").await.expect(404);
}
