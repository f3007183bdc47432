//! Testing an address before a router is added there.

use serde_json::json;

use crate::harness::Desk;

#[tokio::test]
async fn an_address_is_tested_without_anything_being_kept_of_it() {
    let desk = Desk::new().await;
    let body = r#"{"host":"192.0.2.7","tls":"pinned","username":"meter","password":"open sesame"}"#;
    let told = desk.post("/api/v1/router-tests", body).await.expect(200).json();
    let item = &told["items"][0];
    assert_eq!(item["told"], r#"192.0.2.7:8729 pinned Some(("meter", "open sesame"))"#);
    assert_eq!(item["refused_fingerprint"], "77".repeat(32), "to be compared by a person");
    assert_eq!(desk.see("/api/v1/routers").await["items"], json!([]));
    let acts = desk.see("/api/v1/audit").await.to_string();
    assert!(!acts.contains("192.0.2.7") && !acts.contains("sesame"), "{acts}");
}

#[tokio::test]
async fn without_a_user_nobody_is_logged_in() {
    let desk = Desk::new().await;
    let told = desk.post("/api/v1/router-tests", r#"{"host":"192.0.2.7"}"#).await.expect(200).json();
    assert_eq!(told["items"][0]["told"], "192.0.2.7:8728 off None");
}

#[tokio::test]
async fn what_no_router_can_have_is_refused_before_anybody_connects() {
    let desk = Desk::new().await;
    for body in [
        r#"{"host":"192.0.2.7:8728"}"#,
        r#"{"host":"192.0.2.7","port":0}"#,
        r#"{"host":"192.0.2.7","tls":"off","fingerprint":"7777777777777777777777777777777777777777777777777777777777777777"}"#,
        r#"{"host":"192.0.2.7","fingerprint":"77"}"#,
        r#"{"host":"192.0.2.7","username":""}"#,
        r#"{"host":"192.0.2.7","name":"tower"}"#,
    ] {
        desk.post("/api/v1/router-tests", body).await.expect(422);
    }
}
