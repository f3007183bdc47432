//! The JSON answers, word by word, and what stands around every answer.

use std::sync::atomic::Ordering;

use axum::body::Body;
use axum::http::Request;

use super::browser::{ANA, BEN, House};
use crate::harness::Desk;

#[tokio::test]
async fn activating_answers_in_the_words_of_the_tool_before() {
    let house = House::new();
    house.till.add("WELCOME1", 1, 60);
    house.till.add("DEVELOPER", 1, 0);
    house.till.change("DEVELOPER", |voucher| voucher.left_us = None);
    let mut ana = house.handed_over(ANA).await;
    let answer = ana.json("/api/activate-quick", r#"{"code":"welcome1"}"#).await.expect(200);
    assert_eq!(
        answer.body,
        r#"{"success":true,"message":"Activation in progress","remaining_seconds":3600}"#
    );
    assert!(ana.key().is_some());
    let answer = ana.json("/api/activate-quick", r#"{"code":"WELCOME1"}"#).await.expect(200);
    assert_eq!(answer.body, r#"{"success":true,"message":"Already activated","remaining_seconds":3600}"#);
    let mut ben = house.handed_over(BEN).await;
    for (code, status, body) in [
        ("NOTHING", 400, r#"{"success":false,"message":"Invalid voucher code"}"#),
        ("WELCOME1", 400, r#"{"success":false,"message":"Voucher already used"}"#),
    ] {
        let answer = ben.json("/api/activate-quick", &format!(r#"{{"code":"{code}"}}"#)).await.expect(status);
        assert_eq!(answer.body, body);
    }
    house.till.is_away.store(true, Ordering::SeqCst);
    let answer = ben.json("/api/activate-quick", r#"{"code":"DEVELOPER"}"#).await.expect(503);
    let words = "Failed to authorize with router. Please check MikroTik connection and try again.";
    assert_eq!(answer.body, format!(r#"{{"success":false,"message":"{words}"}}"#));
    house.till.is_away.store(false, Ordering::SeqCst);
    let answer = ben.json("/api/activate-quick", r#"{"code":"DEVELOPER"}"#).await.expect(200);
    assert_eq!(
        answer.body,
        r#"{"success":true,"message":"Activation in progress","remaining_seconds":null}"#
    );
}

#[tokio::test]
async fn what_is_no_code_or_no_device_is_refused_in_json() {
    let house = House::new();
    let mut ana = house.handed_over(ANA).await;
    for body in ["", "{}", "[]", r#"{"code":""}"#, r#"{"code":7}"#] {
        let answer = ana.json("/api/activate-quick", body).await.expect(400);
        assert_eq!(answer.json()["success"], false, "{body}");
    }
    let mut nobody = house.browser("10.5.50.9");
    let answer = nobody.json("/api/activate-quick", r#"{"code":"X"}"#).await.expect(403);
    assert_eq!(answer.json()["success"], false);
    for path in ["/api/nothing", "/api/v1/routers"] {
        assert_eq!(ana.get(path).await.expect(404).json()["success"], false);
    }
    assert_eq!(ana.get("/api/activate-quick").await.expect(405).json()["success"], false);
}

#[tokio::test]
async fn status_is_told_of_a_running_code_and_of_ones_own_device() {
    let house = House::new();
    house.till.add("WELCOME1", 1, 60);
    house.till.change("WELCOME1", |voucher| voucher.left_octets = Some(5));
    let mut ana = house.handed_over(ANA).await;
    let told = |active| {
        let left = if active { ("3600", "5") } else { ("null", "null") };
        format!(
            r#"{{"success":true,"active":{active},"remaining_seconds":{},"remaining_octets":{}}}"#,
            left.0, left.1
        )
    };
    let own = format!("/api/status/{}", ANA.0);
    assert_eq!(ana.get(&own).await.expect(200).body, told(false));
    ana.form("/activate", &[("code", "WELCOME1")]).await.expect(200);
    assert_eq!(ana.get(&own).await.expect(200).body, told(true));
    assert_eq!(ana.get(&own.to_lowercase().replace(':', "-")).await.expect(200).body, told(true));
    assert_eq!(ana.get("/api/status/welcome1").await.expect(200).body, told(true));
    let mut ben = house.handed_over(BEN).await;
    assert_eq!(ben.get(&own).await.expect(403).json()["success"], false);
    house.browser("10.5.50.9").get(&own).await.expect(403);
    assert_eq!(ben.get("/api/status/WELCOME1").await.expect(200).body, told(true));
}

#[tokio::test]
async fn ending_is_told_in_json_to_who_asks_in_json() {
    let house = House::new();
    house.till.add("WELCOME1", 1, 60);
    let mut ana = house.handed_over(ANA).await;
    ana.form("/activate", &[("code", "WELCOME1")]).await.expect(200);
    let mut ben = house.handed_over(BEN).await;
    assert_eq!(ben.json("/end-session", "{}").await.expect(400).json()["success"], false);
    let answer = ana.json("/end-session", "{}").await.expect(200);
    assert_eq!(answer.body, r#"{"success":true,"message":"Session ended"}"#);
    assert!(!house.till.is_in(ANA.0));
}

#[tokio::test]
async fn every_answer_is_safe_to_show_and_kept_nowhere() {
    let house = House::new();
    let mut ana = house.handed_over(ANA).await;
    let mut answers = Vec::new();
    for path in ["/", "/portal", "/api/status/X", "/nothing", "/api/nothing"] {
        answers.push(ana.get(path).await);
    }
    answers.push(ana.form("/activate", &[("code", "X")]).await);
    for answer in answers {
        assert_eq!(answer.headers["cache-control"], "no-store");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert_eq!(answer.headers["referrer-policy"], "same-origin");
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.starts_with("default-src 'none';") && policy.contains("frame-ancestors 'none'"),
            "{policy}"
        );
    }
}

#[tokio::test]
async fn a_page_of_another_site_changes_nothing() {
    let house = House::new();
    house.till.add("WELCOME1", 1, 60);
    let mut ana = house.handed_over(ANA).await;
    ana.form("/activate", &[("code", "WELCOME1")]).await.expect(200);
    let request = Request::post("/end-session").header("sec-fetch-site", "cross-site");
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    ana.send(request.body(Body::empty()).unwrap()).await.expect(403);
    assert!(house.till.is_in(ANA.0));
}

#[tokio::test]
async fn a_body_that_is_too_large_is_not_read() {
    let house = House::new();
    let mut ana = house.handed_over(ANA).await;
    ana.form("/activate", &[("code", &"X".repeat(5_000))]).await.expect(400);
    let answer = ana.json("/api/activate-quick", &format!(r#"{{"code":"{}"}}"#, "X".repeat(5_000))).await;
    assert_eq!((answer.status, answer.json()["success"].as_bool()), (400, Some(false)));
}

/// Two sockets, two worlds: neither answers what the other does.
#[tokio::test]
async fn the_portal_serves_nothing_of_the_admin_and_the_admin_nothing_of_the_portal() {
    let (house, desk) = (House::new(), Desk::new().await);
    for operation in desk.operations() {
        let request = operation.example(Some(&desk.admin));
        house.clock.advance(1_000_000);
        let answer = house.browser(ANA.1).send(request).await;
        assert_eq!(answer.status, 404, "{} {}", operation.method, operation.path);
    }
    for path in ["/portal", "/api/status/X"] {
        assert_eq!(desk.get(path, Some(&desk.admin)).await.status.as_u16(), 404, "{path}");
    }
    for path in ["/activate", "/move", "/end-session", "/api/activate-quick"] {
        assert_eq!(desk.post(path, "{}").await.status.as_u16(), 404, "{path}");
    }
}
