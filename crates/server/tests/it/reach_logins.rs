//! Logins of one subscriber on routers of two towns, as somebody of one of them finds and counts them.

use operations::{MonitorSettings, Phase};
use secrecy::ExposeSecret;
use serde_json::json;
use store::Role;

use crate::harness::{Desk, request};
use crate::meter::BEGIN;

/// `ana`, whose login counts everywhere, is online on the tower of the north and on the hill of the south; `apart` is another login of
/// hers, on the hill alone. The token is bound to the north.
async fn two_towns() -> (Desk, String) {
    let desk = Desk::new().await.monitoring(MonitorSettings::default());
    let ana = r#"{"username":"ana"}"#;
    desk.post("/api/v1/subscribers", ana).await.expect(201);
    for (router, group, octets) in [("tower", "north", 1_000), ("hill", "south", 70_000)] {
        let nas = desk.add_router(router).await;
        desk.patch(&format!("/api/v1/routers/{router}"), &json!({"group": group}).to_string())
            .await
            .expect(200);
        let mut meter = desk.meter(nas).await;
        meter.round(0, &[]).await;
        meter.round(60, &[(b"ana", 30, octets, 2 * octets)]).await;
    }
    desk.clock.advance(61_000_000);
    let apart = r#"{"login":"apart","router":"hill"}"#;
    desk.post("/api/v1/subscribers/ana/bind", apart).await.expect(200);
    let groups = vec!["north".to_owned()];
    let issued = desk.operate.create_token("system", "bound", Role::Operator, None, groups).await.unwrap();
    let bound = issued.token.expose_secret().to_owned();
    (desk, bound)
}

#[tokio::test]
async fn what_open_sessions_moved_is_that_of_their_routers_for_older_programs_too() {
    let (desk, bound) = two_towns().await;
    let id = desk.see("/api/v1/subscribers/ana").await["id"].as_str().unwrap().to_owned();
    let path = format!("/api/mikrotik/users/{id}");
    let theirs = desk.get(&path, Some(&bound)).await.expect(200).json();
    assert_eq!(theirs["sessionDataUsage"], json!({"upload": 1_000, "download": 2_000}), "{theirs}");
    let all = desk.get("/api/mikrotik/users", Some(&bound)).await.expect(200).json();
    assert_eq!(all[0]["sessionDataUsage"], theirs["sessionDataUsage"]);
    let put = request("PUT", &path, Some(&bound), Some(r#"{"name":"Ana"}"#));
    assert_eq!(desk.send(put).await.expect(200).json()["sessionDataUsage"], theirs["sessionDataUsage"]);
    assert_eq!(desk.see(&path).await["sessionDataUsage"], json!({"upload": 71_000, "download": 142_000}));
}

#[tokio::test]
async fn a_login_on_a_router_beyond_finds_nobody() {
    let (desk, bound) = two_towns().await;
    let found = async |path: &str, token: &str| {
        desk.get(path, Some(token)).await.expect(200).json()["items"].as_array().unwrap().len()
    };
    for (words, theirs, all) in [("ana", 1, 1), ("apart", 0, 1)] {
        let path = format!("/api/v1/subscribers?q={words}");
        assert_eq!((found(&path, &bound).await, found(&path, &desk.admin).await), (theirs, all), "{words}");
    }
    let online = "/api/v1/sessions?q=ana&state=open";
    assert_eq!((found(online, &bound).await, found(online, &desk.admin).await), (1, 2));
    assert_eq!(found("/api/v1/sessions?q=hill&state=open", &bound).await, 0);
}

#[tokio::test]
async fn who_is_watched_beyond_is_watched_on() {
    let (desk, bound) = two_towns().await;
    let bob = r#"{"username":"bob","router":"hill"}"#;
    desk.post("/api/v1/subscribers", bob).await.expect(201);
    let hill = desk.store.nas_by_name("hill").await.unwrap().unwrap().id;
    let mut meter = desk.meter(hill).await;
    meter.round(120, &[(b"ana", 90, 70_000, 140_000), (b"bob", 10, 1, 1)]).await;
    desk.board.update(hill, BEGIN, |status| status.enter(Phase::Online, None, BEGIN));
    let bob = desk.operate.start_monitor("bob").await.unwrap();
    let watched = async || desk.see("/api/monitor/status").await["active_monitors"].clone();
    let before = watched().await;
    assert_eq!(before, json!([bob]), "{before}");
    for (method, path) in [
        ("POST", format!("/api/monitor/stop?customer_id={bob}")),
        ("DELETE", format!("/api/v1/monitors/{bob}")),
        ("DELETE", "/api/v1/monitors/bob".to_owned()),
    ] {
        desk.send(request(method, &path, Some(&bound), None)).await.expect(404);
        assert_eq!(watched().await, before, "{method} {path}");
    }
    let stop = format!("/api/monitor/stop?customer_id={bob}");
    desk.send(request("POST", &stop, Some(&desk.admin), None)).await.expect(200);
    assert_eq!(watched().await, json!([]));
}
