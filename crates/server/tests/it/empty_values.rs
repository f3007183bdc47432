//! Values that are empty: refused by a sentence without a hole where the value would stand, and nothing is changed.

use serde_json::{Value, json};

use crate::harness::{Answer, Desk, request};

const ANA: &str = "/api/v1/subscribers/ana";

/// The sentence of a refusal, which must be whole.
fn refused(what: &str, answer: &Answer) -> String {
    assert!(answer.status.is_client_error(), "{what}: {} {}", answer.status, answer.body);
    let body = answer.json();
    let said = body["detail"].as_str().or(body["message"].as_str()).unwrap().to_owned();
    assert!(!said.contains("Nothing is at this address"), "{what}");
    for hole in ["  ", " ;", " ,", " ."] {
        assert!(!said.contains(hole), "{what}: {said:?}");
    }
    said
}

fn emptied(whole: Value, fields: &[&str]) -> Vec<Value> {
    let empty = |field: &&str| {
        let mut body = whole.clone();
        body[*field] = json!("");
        body
    };
    fields.iter().map(empty).collect()
}

#[tokio::test]
async fn an_empty_value_leaves_no_hole_in_the_sentence() {
    let desk = Desk::new().await;
    desk.add_router("tower").await;
    let id = desk.post("/api/v1/subscribers", r#"{"username":"ana"}"#).await.expect(201).text("id");
    let user = format!("/api/mikrotik/users/{id}");
    let before = desk.see(ANA).await;
    let router = json!({"name": "hill", "host": "192.0.2.2", "username": "meter", "password": "secret"});
    let fixed = json!({"username": "b", "service": "static_ip", "router": "tower", "queue": "q"});
    let asked = [
        ("PUT", user.as_str(), json!({}), &["package", "name", "status", "expiryDate"][..]),
        ("PATCH", ANA, json!({}), &["plan", "name", "status", "zone", "expiry_at"]),
        (
            "POST",
            "/api/v1/subscribers",
            json!({"username": "b"}),
            &["username", "name", "plan", "login", "service", "router", "zone", "expiry_at", "adopt_from"],
        ),
        ("POST", "/api/v1/subscribers", fixed, &["router", "queue", "interface"]),
        (
            "POST",
            &format!("{ANA}/bind"),
            json!({"login": "b"}),
            &["login", "service", "router", "adopt_from"],
        ),
        ("POST", &format!("{ANA}/unbind"), json!({"login": "ana"}), &["login", "service", "router"]),
        ("POST", &format!("{ANA}/adopt"), json!({}), &["from"]),
        ("POST", &format!("{ANA}/renew"), json!({}), &["expiry_at"]),
        ("POST", &format!("{ANA}/credits"), json!({"upload_octets": 1}), &["reason"]),
        ("POST", "/api/v1/plans", json!({"name": "p"}), &["name", "price", "validity", "cycle"]),
        ("POST", "/api/v1/tokens", json!({"name": "t", "role": "viewer"}), &["name", "role"]),
        ("POST", "/api/v1/routers", router, &["name", "host", "username", "fingerprint", "tls"]),
        ("PATCH", "/api/v1/routers/tower", json!({}), &["name", "host", "username", "fingerprint", "zone"]),
    ];
    for (method, uri, whole, fields) in asked {
        for body in emptied(whole, fields) {
            let body = body.to_string();
            let answer = desk.send(request(method, uri, Some(&desk.admin), Some(&body))).await;
            refused(&format!("{method} {uri} {body}"), &answer);
        }
    }
    assert_eq!(desk.see(ANA).await, before);
    for uri in ["usage?router=", "usage?subscriber=", "explain?subscriber=", "explain?router=&username=ana"] {
        refused(uri, &desk.get(&format!("/api/v1/{uri}"), Some(&desk.admin)).await);
    }
    for uri in ["usage/history?subscriber=", "sessions?router=", "unknown-logins?router="] {
        refused(uri, &desk.get(&format!("/api/v1/{uri}"), Some(&desk.admin)).await);
    }
}

#[tokio::test]
async fn an_empty_package_is_told_how_to_have_none() {
    let desk = Desk::new().await;
    let id = desk.post("/api/v1/subscribers", r#"{"username":"ana"}"#).await.expect(201).text("id");
    for (method, uri, body) in [
        ("PUT", format!("/api/mikrotik/users/{id}"), r#"{"package":""}"#),
        ("PATCH", ANA.to_owned(), r#"{"plan":""}"#),
        ("POST", "/api/v1/subscribers".to_owned(), r#"{"username":"b","plan":""}"#),
    ] {
        let answer = desk.send(request(method, &uri, Some(&desk.admin), Some(body))).await;
        let said = refused(&uri, &answer.expect(422));
        assert_eq!(
            said,
            "the plan's name is empty; nothing was changed. For none leave it out, or take it away with null (`--plan none`)"
        );
    }
}
