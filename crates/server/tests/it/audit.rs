//! The journal tells from where somebody came, and goes into a file.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use serde_json::{Value, json};
use server::Proxies;

use crate::harness::{Answer, Desk};

async fn ask(desk: &Desk, from: &str, method: &str, uri: &str, body: Option<Value>) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(uri)
        .header("authorization", format!("Bearer {}", desk.admin))
        .header("content-type", "application/json")
        .header("x-forwarded-for", "203.0.113.9")
        .extension(ConnectInfo(format!("{from}:5000").parse::<SocketAddr>().unwrap()));
    desk.send(request.body(body.map_or_else(Body::empty, |body| Body::from(body.to_string()))).unwrap()).await
}

async fn origin_of(desk: &Desk, action: &str) -> Value {
    desk.see(&format!("/api/v1/audit?action={action}")).await["items"][0]["origin"].clone()
}

#[tokio::test]
async fn an_act_is_written_down_with_the_address_that_it_came_from() {
    let desk = Desk::new().await;
    let behind = desk.state.clone().behind(Proxies::parse("192.0.2.1").unwrap());
    let desk = desk.answering(behind);
    let plan = |name: &str| Some(json!({ "name": name }));
    ask(&desk, "192.0.2.7", "POST", "/api/v1/plans", plan("home")).await.expect(201);
    assert_eq!(origin_of(&desk, "plan.add").await, "192.0.2.7", "what a header claims is no address");
    ask(&desk, "192.0.2.1", "POST", "/api/v1/plans", plan("shop")).await.expect(201);
    assert_eq!(origin_of(&desk, "plan.add").await, "203.0.113.9", "the proxy is believed");
    // This one goes on in a task of its own.
    desk.add_router("tower").await;
    assert_eq!(origin_of(&desk, "router.add").await, Value::Null, "over no connection");
    ask(&desk, "192.0.2.7", "DELETE", "/api/v1/routers/tower", None).await.expect(204);
    assert_eq!(origin_of(&desk, "router.remove").await, "192.0.2.7");
    assert_eq!(desk.post("/api/v1/verify", "").await.expect(200).json()["mismatches_total"], 0);
}

#[tokio::test]
async fn the_journal_as_a_file_has_every_act_once_with_its_hash() {
    let desk = Desk::new().await;
    for number in 0..1_100 {
        let act = desk.operate.store.append_audit(store::NewAudit::by_system(
            accounting::time::Micros(number),
            "retention.fold",
            &format!("=tower{number}"),
        ));
        act.await.unwrap();
    }
    let file = desk.get("/api/v1/audit.csv", Some(&desk.viewer)).await.expect(200).body;
    let lines: Vec<&str> = file.lines().collect();
    let newest = desk.see("/api/v1/audit?limit=1").await["items"][0]["seq"].as_u64().unwrap();
    assert_eq!(lines[0], "seq,at,actor,origin,action,subject,detail,hash");
    let numbers: Vec<u64> =
        lines[1..].iter().map(|line| line.split(',').next().unwrap().parse().unwrap()).collect();
    assert_eq!(numbers, (1..=newest).rev().collect::<Vec<_>>(), "more than a page, each once");
    assert!(lines[1].contains(",'=tower1099,"), "{}", lines[1]);
    let hash = lines[1].rsplit(',').next().unwrap();
    let newest = desk
        .store
        .list_audit(store::AuditQuery { limit: 1, reach: store::Reach::Everywhere, ..Default::default() })
        .await
        .unwrap();
    assert_eq!(hash, hex(&newest[0].hash));
    let some = desk.get("/api/v1/audit.csv?subject=%3Dtower7", Some(&desk.viewer)).await.expect(200).body;
    assert_eq!(some.lines().count(), 2, "{some}");
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
