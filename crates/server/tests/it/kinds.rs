//! A PPP login and a hotspot user of the same name are two, on every face.

use serde_json::{Value, json};

use crate::harness::Desk;

/// `ana` dials in and moves 100/1,000 octets; another `ana`, a subscriber, is on the hotspot and moves 7/9.
async fn counted() -> Desk {
    let desk = Desk::new().await;
    let nas = desk.add_router("tower").await;
    let guest = r#"{"username":"guest","login":"ana","service":"hotspot"}"#;
    desk.post("/api/v1/subscribers", guest).await.expect(201);
    let mut meter = desk.meter(nas).await;
    meter.round_with_guests(0, &[], &[]).await;
    meter.round_with_guests(60, &[(b"ana", 30, 100, 1_000)], &[(b"ana", 30, 7, 9)]).await;
    desk.clock.advance(61_000_000);
    desk
}

fn by_kind<'a>(items: &'a Value, kind: &str) -> &'a Value {
    items.as_array().unwrap().iter().find(|item| item["kind"] == kind).unwrap()
}

#[tokio::test]
async fn usage_exports_and_sessions_tell_them_apart() {
    let desk = counted().await;
    let usage = desk.see("/api/v1/usage?username=ana").await;
    assert_eq!(by_kind(&usage["items"], "ppp")["download_octets"], 1_000);
    assert_eq!(by_kind(&usage["items"], "hotspot")["download_octets"], 9);
    let csv = desk.get("/api/v1/usage/export.csv", Some(&desk.viewer)).await.expect(200);
    let mut kinds: Vec<&str> = csv.body.lines().map(|line| line.rsplit(',').next().unwrap()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["hotspot", "kind", "ppp"]);
    let sessions = desk.see("/api/v1/sessions?username=ana").await;
    let mut services: Vec<_> =
        sessions["items"].as_array().unwrap().iter().map(|one| &one["service"]).collect();
    services.sort_by_key(|service| service.to_string());
    assert_eq!(services, [&json!("hotspot"), &json!("pppoe")]);
}

#[tokio::test]
async fn an_explanation_is_of_both_or_of_the_one_asked_for() {
    let desk = counted().await;
    let total = async |kind: &str| {
        let explained = desk.see(&format!("/api/v1/explain?router=tower&username=ana{kind}")).await;
        (explained["download_octets"].as_u64().unwrap(), explained["items"].as_array().unwrap().len())
    };
    assert_eq!(total("").await, (1_009, 2));
    assert_eq!(total("&kind=ppp").await, (1_000, 1));
    assert_eq!(total("&kind=hotspot").await, (9, 1));
    for wrong in ["&kind=wifi", "&session=1&kind=ppp"] {
        desk.get(&format!("/api/v1/explain?router=tower{wrong}"), Some(&desk.viewer)).await.expect(400);
    }
}

#[tokio::test]
async fn a_hotspot_subscriber_is_billed_for_the_hotspot_only() {
    let desk = counted().await;
    let guest = desk.see("/api/v1/subscribers/guest").await;
    assert_eq!(guest["cycle"]["download_octets"], 9);
    let usage = desk.see("/api/v1/usage?subscriber=guest").await;
    assert_eq!(usage["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_service_nobody_knows_is_refused() {
    let desk = Desk::new().await;
    let refused =
        desk.post("/api/v1/subscribers", r#"{"username":"ana","service":"wifi"}"#).await.expect(422);
    assert!(refused.text("detail").contains("hotspot"), "{}", refused.text("detail"));
    let same = r#"{"username":"ana2","login":"ana","service":"l2tp"}"#;
    desk.post("/api/v1/subscribers", r#"{"username":"ana"}"#).await.expect(201);
    desk.post("/api/v1/subscribers", same).await.expect(409);
    desk.post("/api/v1/subscribers", &same.replace("l2tp", "hotspot")).await.expect(201);
}
