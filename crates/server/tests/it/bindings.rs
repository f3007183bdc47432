//! Logins that become a subscriber's, or are theirs no longer, after it was added.

use operations::ReadNow;
use serde_json::{Value, json};

use crate::harness::Desk;
use crate::meter::{BEGIN, Meter};

const HOUR: u64 = 3_600;

/// Ana and bob, and a router that showed three sessions since an hour: `ana`, `ana-2` and `bob`.
async fn town() -> (Desk, Meter) {
    let desk = Desk::new().await;
    let nas = desk.add_router("tower").await;
    let mut meter = desk.meter(nas).await;
    meter.round(0, &[]).await;
    for username in ["ana", "bob"] {
        desk.post("/api/v1/subscribers", &json!({"username": username}).to_string()).await.expect(201);
    }
    round(&mut meter, 1).await;
    desk.clock.advance(HOUR * 1_000_000);
    (desk, meter)
}

/// In each hour the sessions move 1,000, 200 and 30 octets up.
async fn round(meter: &mut Meter, hour: u64) {
    let age = 1_800 + HOUR * (hour - 1);
    let rows: [(&[u8], u64, u64, u64); 3] =
        [(b"ana", age, 1_000 * hour, 0), (b"ana-2", age, 200 * hour, 0), (b"bob", age, 30 * hour, 0)];
    meter.round(hour * HOUR, &rows).await;
}

async fn change(desk: &Desk, subscriber: &str, verb: &str, body: Value, status: u16) -> Value {
    desk.post(&format!("/api/v1/subscribers/{subscriber}/{verb}"), &body.to_string())
        .await
        .expect(status)
        .json()
}

async fn used(desk: &Desk, subscriber: &str) -> u64 {
    let shown = desk.see(&format!("/api/v1/subscribers/{subscriber}")).await;
    shown["cycle"]["upload_octets"].as_u64().unwrap()
}

async fn verified(desk: &Desk) {
    let report = desk.post("/api/v1/verify", "").await.expect(200).json();
    assert_eq!(report["mismatches"], json!([]));
}

#[tokio::test]
async fn a_second_login_counts_beside_the_first_from_then_on() {
    let (desk, mut meter) = town().await;
    let bound = change(&desk, "ana", "bind", json!({"login": "ana-2", "router": "tower"}), 200).await;
    assert_eq!(bound["unread_routers"], json!(["tower"]), "no router answers here");
    let logins = bound["subscriber"]["logins"].as_array().unwrap();
    let told: Vec<_> =
        logins.iter().map(|login| (&login["login"], &login["kind"], &login["scope"])).collect();
    let (ppp, all, tower) = (json!("ppp"), json!("all"), json!("router:tower"));
    assert_eq!(told, [(&json!("ana"), &ppp, &all), (&json!("ana-2"), &ppp, &tower)]);
    round(&mut meter, 2).await;
    assert_eq!((used(&desk, "ana").await, used(&desk, "bob").await), (2_200, 60));
    let usage = desk.see("/api/v1/usage?subscriber=ana").await;
    assert_eq!(usage["items"].as_array().unwrap().len(), 2, "{usage}");
    assert_eq!(desk.see("/api/v1/audit?limit=1").await["items"][0]["action"], "subscriber.bind");
    verified(&desk).await;
}

/// A reading that lacks her row, or was refused the table she is in, says nothing of what she used until now.
#[tokio::test]
async fn a_reading_that_does_not_show_the_login_is_none() {
    let (desk, mut meter) = town().await;
    *desk.commands.answer.lock().unwrap() = Ok(ReadNow { poll_seq: 9, at: BEGIN });
    let unread = async |verb: &str, login: Value| {
        change(&desk, "ana", verb, login, 200).await["unread_routers"].clone()
    };
    let second = json!({"login": "ana-2"});
    assert_eq!(unread("bind", second.clone()).await, json!([]), "the last round showed it");
    meter.round(2 * HOUR, &[(b"ana", 5_400, 2_000, 0)]).await;
    assert_eq!(unread("unbind", second).await, json!(["tower"]));
    let guest = json!({"login": "guest", "service": "hotspot"});
    meter.round_with_guests(3 * HOUR, &[], &[(b"guest", 60, 7, 7)]).await;
    assert_eq!(unread("bind", guest.clone()).await, json!([]));
    meter.round(4 * HOUR, &[]).await;
    assert_eq!(unread("unbind", guest).await, json!(["tower"]));
    verified(&desk).await;
}

#[tokio::test]
async fn a_login_moves_from_one_subscriber_to_the_other_and_entries_stay() {
    let (desk, mut meter) = town().await;
    let refused = change(&desk, "bob", "bind", json!({"login": "ana"}), 409).await;
    assert!(refused["detail"].as_str().unwrap().contains("subscriber ana's already"), "{refused}");
    let gone = change(&desk, "ana", "unbind", json!({"login": "ana"}), 200).await;
    assert_eq!((&gone["subscriber"]["login"], &gone["subscriber"]["logins"]), (&Value::Null, &json!([])));
    assert_eq!(gone["subscriber"]["scope"], "none");
    round(&mut meter, 2).await;
    assert_eq!((used(&desk, "ana").await, used(&desk, "bob").await), (1_000, 60));
    change(&desk, "bob", "bind", json!({"login": "ana", "service": "pppoe"}), 200).await;
    round(&mut meter, 3).await;
    assert_eq!((used(&desk, "ana").await, used(&desk, "bob").await), (1_000, 1_090));
    let all = desk.see("/api/v1/usage?username=ana").await;
    let counted: u64 =
        all["items"].as_array().unwrap().iter().map(|one| one["upload_octets"].as_u64().unwrap()).sum();
    assert_eq!(counted, 3_000, "whoever it counts with: {all}");
    verified(&desk).await;
    change(&desk, "bob", "unbind", json!({"login": "ana"}), 200).await;
    change(&desk, "ana", "bind", json!({"login": "ana"}), 200).await;
    round(&mut meter, 4).await;
    assert_eq!((used(&desk, "ana").await, used(&desk, "bob").await), (2_000, 1_120));
    verified(&desk).await;
}

#[tokio::test]
async fn what_is_not_theirs_is_not_taken_and_nothing_is_written() {
    let (desk, _) = town().await;
    let acts = || async { desk.see("/api/v1/audit?limit=100").await["items"].as_array().unwrap().len() };
    let before = acts().await;
    for (verb, body, field) in [
        ("unbind", json!({"login": "bob"}), "login"),
        ("unbind", json!({"login": "ana", "service": "hotspot"}), "login"),
        ("unbind", json!({"login": "ana", "router": "tower"}), "login"),
        ("unbind", json!({"login": "ana", "router": "nowhere"}), "router"),
        ("bind", json!({"login": "new", "router": "nowhere"}), "router"),
        ("bind", json!({"login": "interface:a", "service": "static_ip", "router": "nowhere"}), "router"),
    ] {
        let refused = change(&desk, "ana", verb, body, 422).await;
        assert_eq!(refused["field"], field, "{refused}");
    }
    let empty = change(&desk, "ana", "bind", json!({"login": ""}), 422).await;
    assert_eq!(empty.get("field"), None, "it names nothing that could be there: {empty}");
    change(&desk, "ana", "bind", json!({"login": "x", "service": "wifi"}), 422).await;
    change(&desk, "nobody", "bind", json!({"login": "x", "router": "nowhere"}), 404).await;
    assert_eq!(acts().await, before);
    assert_eq!(desk.see("/api/v1/subscribers/ana").await["logins"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_interface_is_bound_as_the_login_of_one_who_logs_in_only_where_that_is_said() {
    let (desk, _meter) = town().await;
    let before = desk.see("/api/v1/subscribers/ana").await["logins"].clone();
    for login in ["interface:vlan7", "queue:house"] {
        let asked = json!({"login": login, "router": "tower"});
        let refused = change(&desk, "ana", "bind", asked, 422).await;
        assert!(refused["detail"].as_str().unwrap().contains("name the service static_ip"), "{refused}");
    }
    assert_eq!(desk.see("/api/v1/subscribers/ana").await["logins"], before);
    let asked = json!({"login": "interface:vlan7", "router": "tower", "service": "static_ip"});
    let bound = change(&desk, "ana", "bind", asked, 200).await;
    assert_eq!(bound["subscriber"]["logins"][1]["kind"], "static_ip");
    let asked = json!({"login": "queue:house", "service": "pppoe"});
    let bound = change(&desk, "ana", "bind", asked, 200).await;
    assert_eq!(bound["subscriber"]["logins"][2]["kind"], "ppp", "whoever really dials in so");
    change(&desk, "ana", "unbind", json!({"login": "queue:house"}), 200).await;
}
