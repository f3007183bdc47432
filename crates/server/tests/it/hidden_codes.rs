//! Codes of vouchers in the journal and the log: admins read them, viewers their first signs.

use std::time::Duration;

use accounting::time::Micros;
use serde_json::Value;
use server::{LogBoard, LogLevel, LogLine};
use store::{Beginning, NewAudit, NewCommand, Node, NodeRole};

use crate::harness::Desk;

async fn read(desk: &Desk, path: &str, token: &str) -> Value {
    desk.get(path, Some(token)).await.expect(200).json()
}

#[tokio::test]
async fn viewers_read_the_first_signs_of_codes_and_admins_all() {
    let (mut desk, logs) = (Desk::new().await, LogBoard::default());
    desk.state = desk.state.clone().with_logs(logs.clone());
    desk.post("/api/v1/voucher-batches", r#"{"count": 1, "validity": "1h", "price": "5"}"#).await.expect(201);
    let code = desk.see("/api/v1/vouchers").await["items"][0]["code"].as_str().unwrap().to_owned();
    desk.post(&format!("/api/v1/vouchers/{code}/revoke"), "").await.expect(200);
    let act = NewAudit::by_system(Micros(0), "session.disconnected", &format!("{code}-2"));
    let detail = format!(r#"{{"commands": ["/x/add =user={code}"], "router": "tower"}}"#);
    desk.store.append_audit(NewAudit { detail, ..act }).await.unwrap();
    let text = format!("user {} is there already (6)", code.to_lowercase());
    let line = LogLine { at: Micros(0), level: LogLevel::Warn, target: "collector".to_owned(), text };
    logs.push(line);
    for path in ["/api/v1/audit", "/api/v1/logs"] {
        let (admins, viewers) = (
            read(&desk, path, &desk.admin).await.to_string(),
            read(&desk, path, &desk.viewer).await.to_string(),
        );
        let has = |text: &str| text.to_uppercase().contains(&code);
        assert!(has(&admins) && !has(&viewers), "{path}: {viewers}");
        assert!(viewers.to_uppercase().contains(&format!("{}***", &code[..2])), "{path}: {viewers}");
    }
    let journal = read(&desk, "/api/v1/audit", &desk.viewer).await;
    assert_eq!(journal["items"][0]["detail"]["router"], "tower", "all else is told");
}

/// A code in use is the login of its devices.
#[tokio::test]
async fn viewers_read_the_first_signs_of_codes_that_are_logins() {
    let desk = Desk::new().await;
    desk.post("/api/v1/voucher-batches", r#"{"count": 1, "validity": "1h", "price": "5"}"#).await.expect(201);
    let code = desk.see("/api/v1/vouchers").await["items"][0]["code"].as_str().unwrap().to_owned();
    let harbour = desk.add_router("harbour").await;
    let mut meter = desk.meter(harbour).await;
    meter.round_with_guests(0, &[], &[(b"ana", 30, 1_000, 5_000), (code.as_bytes(), 30, 1_000, 5_000)]).await;
    meter
        .round_with_guests(60, &[], &[(b"ana", 90, 9_000, 50_000), (code.as_bytes(), 90, 9_000, 50_000)])
        .await;
    for path in [
        "/api/v1/sessions",
        "/api/v1/hotspot-users",
        "/api/v1/live/top",
        "/api/v1/usage",
        "/api/v1/unknown-logins",
        "/admin/api/user-traffic",
        "/api/v1/usage/export.csv?step=hour",
        "/api/v1/usage/export.ndjson?step=hour",
    ] {
        let body = async |token: &str| desk.get(path, Some(token)).await.expect(200).body;
        let (admins, viewers) = (body(&desk.admin).await, body(&desk.viewer).await);
        assert!(admins.contains(&code), "{path}: {admins}");
        assert!(!viewers.contains(&code) && viewers.contains("ana"), "{path}: {viewers}");
        assert!(viewers.contains(&format!("{}***", &code[..2])), "{path}: {viewers}");
    }
}

/// What a router refused stands among the commands in its own words.
#[tokio::test]
async fn viewers_read_the_first_signs_of_codes_in_what_routers_refused() {
    let desk = Desk::new().await;
    desk.post("/api/v1/voucher-batches", r#"{"count": 1, "validity": "1h", "price": "5"}"#).await.expect(201);
    let code = desk.see("/api/v1/vouchers").await["items"][0]["code"].as_str().unwrap().to_owned();
    let nas = desk.add_router("tower").await;
    desk.store.join(Node::new("east", NodeRole::All), Duration::from_secs(60)).await.unwrap();
    let id = uuid::Uuid::new_v4();
    let new = NewCommand { id, nas, kind: "admit".to_owned(), arguments: "{}".to_owned() };
    assert_eq!(desk.store.begin_command(new, "east").await, Ok(Beginning::Begun));
    let outcome = serde_json::json!({"refused": format!("no rights to add =name={code}")}).to_string();
    assert_eq!(desk.store.end_command(id, outcome).await, Ok(true));
    let read = async |token: &str| read(&desk, "/api/v1/commands", token).await["items"].clone();
    let (admins, viewers) = (read(&desk.admin).await, read(&desk.viewer).await);
    assert_eq!(admins.as_array().unwrap().len(), 1, "{admins}");
    assert!(admins.to_string().contains(&code), "{admins}");
    let hidden = format!("{}***", &code[..2]);
    assert!(!viewers.to_string().contains(&code) && viewers.to_string().contains(&hidden), "{viewers}");
}
