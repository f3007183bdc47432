//! What people change: routers, plans, subscribers, tokens, held entries, and the trail of all that.

use accounting::time::Micros;
use operations::{ErrorKind, Phase, ReadNow, RoundReport, RouterCommandError};
use serde_json::{Value, json};

use crate::harness::Desk;

#[tokio::test]
async fn a_router_is_added_shown_changed_and_removed() {
    let desk = Desk::new().await;
    let body = r#"{"name":"tower 1","host":"10.0.0.1","username":"meter","password":"Hush-4711","interval_ms":10000}"#;
    let made = desk.post("/api/v1/routers", body).await.expect(201);
    assert!(!made.body.contains("Hush-4711"));
    let router = desk.see("/api/v1/routers/tower%201").await;
    assert_eq!(router, made.json());
    assert_eq!(
        (&router["port"], &router["tls"], &router["enabled"]),
        (&json!(8728), &json!("off"), &json!(true))
    );
    assert_eq!((&router["state"], &router["origin"]), (&json!("waiting"), &json!("api")));
    desk.post("/api/v1/routers", body).await.expect(409);
    let changed = desk
        .patch("/api/v1/routers/tower%201", r#"{"name":"tower-1","link_speed_bps":5,"interval_ms":null}"#)
        .await;
    let changed = changed.expect(200).json();
    assert_eq!(
        (&changed["name"], &changed["link_speed_bps"], &changed["interval_ms"]),
        (&json!("tower-1"), &json!(5), &Value::Null)
    );
    desk.delete("/api/v1/routers/tower-1").await.expect(204);
    desk.delete("/api/v1/routers/tower-1").await.expect(404);
    assert_eq!(desk.see("/api/v1/routers").await, json!({"items": [], "next": null}));
}

#[tokio::test]
async fn another_address_or_user_needs_the_password_again() {
    let desk = Desk::new().await;
    desk.add_router("tower").await;
    for change in [r#"{"host":"10.9.9.9"}"#, r#"{"port":8729}"#, r#"{"username":"other"}"#] {
        let refused = desk.patch("/api/v1/routers/tower", change).await.expect(422);
        assert!(refused.text("detail").contains("password"), "{}", refused.body);
    }
    let changed =
        desk.patch("/api/v1/routers/tower", r#"{"host":"10.9.9.9","password":"p"}"#).await.expect(200);
    assert_eq!(changed.text("host"), "10.9.9.9");
    desk.patch("/api/v1/routers/tower", r#"{"link_speed_bps":9223372036854775808}"#).await.expect(422);
    desk.patch("/api/v1/routers/nowhere", r#"{"enabled":false}"#).await.expect(404);
}

#[tokio::test]
async fn a_pinned_router_has_its_own_port_and_a_certificate_that_can_be_named_and_forgotten() {
    let desk = Desk::new().await;
    let body = r#"{"name":"tower","host":"10.0.0.1","tls":"pinned","username":"m","password":"p"}"#;
    let made = desk.post("/api/v1/routers", body).await.expect(201).json();
    assert_eq!((&made["port"], &made["fingerprint"]), (&json!(8729), &Value::Null));
    let digits = "0a".repeat(32);
    let named = format!(r#"{{"fingerprint":"{}"}}"#, digits.to_uppercase());
    let named = desk.patch("/api/v1/routers/tower", &named).await.expect(200);
    assert_eq!(named.text("fingerprint"), digits);
    let kept = desk.patch("/api/v1/routers/tower", r#"{"interval_ms":5000}"#).await.expect(200);
    assert_eq!(kept.text("fingerprint"), digits);
    let forgotten = desk.patch("/api/v1/routers/tower", r#"{"fingerprint":null}"#).await.expect(200);
    assert_eq!(forgotten.json()["fingerprint"], Value::Null);
    let wrong = desk.patch("/api/v1/routers/tower", r#"{"fingerprint":"0a"}"#).await.expect(422);
    assert!(wrong.text("detail").contains("64 hex digits"), "{}", wrong.body);
}

#[tokio::test]
async fn a_router_that_cannot_be_is_refused_in_words() {
    let desk = Desk::new().await;
    for body in [
        r#"{"name":"","host":"10.0.0.1","username":"m","password":"p"}"#,
        r#"{"name":"a","host":"","username":"m","password":"p"}"#,
        r#"{"name":"a","host":"10.0.0.1","port":0,"username":"m","password":"p"}"#,
        r#"{"name":"a","host":"10.0.0.1","port":70000,"username":"m","password":"p"}"#,
        r#"{"name":"a","host":"10.0.0.1","username":"m"}"#,
        r#"{"name":"a","host":"10.0.0.1","username":"m","password":"p","prot":1}"#,
        r#"{"name":"a","host":"10.0.0.1","username":"m","password":"p","link_speed_bps":-1}"#,
    ] {
        let refused = desk.post("/api/v1/routers", body).await.expect(422);
        assert!(refused.text("detail").len() > 20, "{}", refused.body);
    }
}

#[tokio::test]
async fn the_status_board_shows_in_router_and_status() {
    let desk = Desk::new().await;
    let nas = desk.add_router("tower").await;
    desk.board.update(nas, Micros(1_000_000), |router| {
        router.enter(
            Phase::Unreachable,
            Some("It does not answer; check the cable.".into()),
            Micros(2_000_000),
        );
        router.version = Some("7.20".into());
        router.count_error(ErrorKind::Timeout);
        router.round_done(RoundReport {
            at: Micros(1_500_000),
            rows: 9,
            rows_unreadable: 3,
            rows_unpaired: 2,
            sessions_without_counter: 1,
            sessions_open: 8,
            bytes_in: 7,
            bytes_out: 6,
            duration_us: 5,
            poll_seq: 4,
        });
    });
    let router = desk.see("/api/v1/routers/tower").await;
    assert_eq!((&router["state"], &router["since"]), (&json!("unreachable"), &json!("1970-01-01T00:00:02Z")));
    assert_eq!(
        (&router["message"], &router["version"]),
        (&json!("It does not answer; check the cable."), &json!("7.20"))
    );
    assert_eq!(router["not_listening_because"], json!("The router was not listened to yet."));
    assert_eq!(router["heard_dropped"], json!(0));
    assert_eq!((&router["errors"], &router["rounds_total"]), (&json!(1), &json!(1)));
    assert_eq!(
        router["last_round"],
        json!({"at": "1970-01-01T00:00:01.5Z", "rows": 9, "rows_unreadable": 3, "rows_unpaired": 2, "sessions_without_counter": 1, "sessions_open": 8, "bytes_in": 7, "bytes_out": 6, "duration_us": 5, "poll_seq": 4})
    );
    let status = desk.see("/api/v1/status").await;
    assert_eq!(status["routers"], json!({"total": 1, "online": 0, "trouble": 1}));
    assert_eq!((&status["store"]["state"], &status["subscribers"]), (&json!("ok"), &json!(0)));
    let metrics = desk.get("/metrics", Some(&desk.viewer)).await.expect(200).body;
    assert!(
        metrics.contains("tikmeter_router_errors_total{router=\"tower\",kind=\"timeout\"} 1"),
        "{metrics}"
    );
    assert!(metrics.contains("tikmeter_store_up 1") && metrics.ends_with("# EOF\n"), "{metrics}");
}

#[tokio::test]
async fn a_test_of_a_router_tells_item_by_item() {
    let desk = Desk::new().await;
    desk.add_router("tower").await;
    let told = desk.post("/api/v1/routers/tower/test", "").await.expect(200).json();
    let ok = json!({"items": [{"item": "port", "state": "ok", "told": "Port 8728.", "refused_fingerprint": null}]});
    assert_eq!(told, ok);
    desk.post("/api/v1/routers/nowhere/test", "").await.expect(404);
}

#[tokio::test]
async fn a_reading_on_demand_answers_or_says_why_not() {
    let desk = Desk::new().await;
    desk.add_router("tower").await;
    let uri = "/api/v1/routers/tower/read-now";
    let answers = |answer| *desk.commands.answer.lock().unwrap() = answer;
    answers(Ok(ReadNow { poll_seq: 12, at: Micros(3_000_000) }));
    assert_eq!(
        desk.post(uri, "").await.expect(200).json(),
        json!({"poll_seq": 12, "at": "1970-01-01T00:00:03Z"})
    );
    for (error, status) in [
        (RouterCommandError::Unreachable("connection refused".into()), 424),
        (RouterCommandError::TimedOut, 424),
        (RouterCommandError::NotPolled, 409),
        (RouterCommandError::StoreStalled("The disk is full.".into()), 503),
        (RouterCommandError::Refused("The database is stalled.".into()), 424),
    ] {
        answers(Err(error));
        desk.post(uri, "").await.expect(status);
    }
    desk.post("/api/v1/routers/nowhere/read-now", "").await.expect(404);
}

#[tokio::test]
async fn plans_are_added_once() {
    let desk = Desk::new().await;
    let body = r#"{"name":"home","price":"350","validity":"30d","rate_down_bps":20000000}"#;
    let made = desk.post("/api/v1/plans", body).await.expect(201).json();
    assert_eq!((&made["devices"], &made["quota_octets"]), (&json!(1), &Value::Null));
    assert_eq!(desk.see("/api/v1/plans").await["items"], json!([made]));
    desk.post("/api/v1/plans", body).await.expect(409);
    desk.post("/api/v1/plans", r#"{"name":""}"#).await.expect(422);
    desk.post("/api/v1/plans", r#"{"name":"vast","quota_octets":9223372036854775808}"#).await.expect(422);
}

#[tokio::test]
async fn subscribers_are_added_listed_and_refused() {
    let desk = Desk::new().await;
    desk.add_router("tower").await;
    desk.post("/api/v1/plans", r#"{"name":"home"}"#).await.expect(201);
    for name in ["ana", "bob", "cid"] {
        let body = json!({"username": name, "plan": "home", "router": "tower", "expiry_at": "2027-02-01T00:00:00+08:00"});
        let made = desk.post("/api/v1/subscribers", &body.to_string()).await.expect(201);
        assert_eq!(
            (made.text("scope"), made.text("expiry_at")),
            ("router:tower".into(), "2027-01-31T16:00:00Z".into())
        );
    }
    let date = r#"{"username":"flo","zone":"Asia/Manila","expiry_at":"2027-01-31"}"#;
    let made = desk.post("/api/v1/subscribers", date).await.expect(201);
    assert_eq!(made.text("expiry_at"), "2027-01-31T15:59:59Z", "a date is the end of that day in their zone");
    let interface = r#"{"username":"gil","router":"tower","interface":"vlan7"}"#;
    let refused = desk.post("/api/v1/subscribers", interface).await.expect(422);
    assert!(refused.text("detail").contains("the service static_ip, and the service is pppoe"));
    let page = desk.see("/api/v1/subscribers?limit=2").await;
    assert_eq!((&page["items"][1]["username"], &page["next"]), (&json!("bob"), &page["items"][1]["id"]));
    let rest = format!("/api/v1/subscribers?limit=2&cursor={}", page["next"].as_str().unwrap());
    assert_eq!(desk.see(&rest).await["items"][0]["username"], "cid");
    desk.get("/api/v1/subscribers?cursor=none%20such", Some(&desk.viewer)).await.expect(400);
    desk.post("/api/v1/subscribers", r#"{"username":"ana"}"#).await.expect(409);
    desk.post("/api/v1/subscribers", r#"{"username":"other","login":"ana","router":"tower"}"#)
        .await
        .expect(409);
    for (body, field) in [
        (r#"{"username":"dan","plan":"none such"}"#, "plan"),
        (r#"{"username":"dan","router":"none such"}"#, "router"),
        (r#"{"username":"dan","router":"none such","service":"static_ip","interface":"a"}"#, "router"),
        (r#"{"username":"dan","router":"none such","zone":"UTC"}"#, "router"),
    ] {
        let refused = desk.post("/api/v1/subscribers", body).await.expect(422);
        assert_eq!(refused.text("field"), field, "{}", refused.body);
        assert!(refused.text("detail").contains("none such"), "{}", refused.body);
    }
    desk.post("/api/v1/subscribers", r#"{"username":""}"#).await.expect(422);
    desk.post("/api/v1/subscribers", r#"{"username":"dan","login":"hex:6"}"#).await.expect(422);
    desk.get("/api/v1/subscribers/dan", Some(&desk.viewer)).await.expect(404);
}

#[tokio::test]
async fn tokens_are_shown_once_expire_and_are_listed() {
    let desk = Desk::new().await;
    let made = desk
        .post("/api/v1/tokens", r#"{"name":"till noon","role":"viewer","expires_at":"2027-01-15T12:00:00Z"}"#)
        .await
        .expect(201);
    let token = made.text("token");
    assert!(token.starts_with("tkm_"));
    desk.get("/api/v1/status", Some(&token)).await.expect(200);
    desk.get("/api/v1/tokens", Some(&desk.viewer)).await.expect(403);
    let listed = desk.see("/api/v1/tokens").await;
    assert!(!listed.to_string().contains(&token));
    let one =
        listed["items"].as_array().unwrap().iter().find(|one| one["name"] == "till noon").unwrap().clone();
    assert_eq!(
        (&one["role"], &one["expires_at"], &one["revoked_at"]),
        (&json!("viewer"), &json!("2027-01-15T12:00:00Z"), &Value::Null)
    );
    desk.clock.advance(4 * 3_600 * 1_000_000);
    desk.get("/api/v1/status", Some(&token)).await.expect(401);
    desk.delete("/api/v1/tokens/99999").await.expect(404);
    desk.delete("/api/v1/tokens/nonsense").await.expect(404);
    desk.post("/api/v1/tokens", r#"{"name":"x","role":"king"}"#).await.expect(422);
}

/// How many entries are held, by the status and by the router.
async fn counted_held(desk: &Desk) -> [u64; 2] {
    let (status, router) = (desk.see("/api/v1/status").await, desk.see("/api/v1/routers/tower").await);
    [status, router].map(|of| of["held_entries"].as_u64().unwrap())
}

/// The held entry of a login.
async fn explained_held(desk: &Desk, username: &str) -> Value {
    let explained = desk.see(&format!("/api/v1/explain?router=tower&username={username}")).await;
    let entries = explained["items"].as_array().unwrap();
    entries.iter().find(|entry| entry["reason"] == "held").unwrap().clone()
}

#[tokio::test]
async fn an_impossible_jump_waits_until_somebody_decides() {
    let desk = Desk::new().await;
    let nas = desk.add_router("tower").await;
    let mut meter = desk.meter(nas).await;
    meter.round(0, &[]).await;
    meter.round(60, &[(b"ana", 30, 1_000, 2_000), (b"bob", 30, 10, 20)]).await;
    let jump = 90_000_000_000_000;
    meter.round(120, &[(b"ana", 90, jump, 3_000), (b"bob", 90, jump, 30)]).await;
    desk.clock.advance(130_000_000);
    let held = desk.see("/api/v1/held").await;
    assert_eq!(held["items"].as_array().unwrap().len(), 2);
    let path = |of: usize| {
        let one = &held["items"][of];
        format!("/api/v1/held/{}/{}/{}", one["router"].as_str().unwrap(), one["bucket"], one["no"])
    };
    let upload = async |name: &str| {
        desk.see(&format!("/api/v1/usage?username={name}")).await["items"][0]["upload_octets"].clone()
    };
    let name = |of: usize| held["items"][of]["username"].as_str().unwrap().to_owned();
    assert!(held["items"][0]["text"].as_str().unwrap().contains("wait for a decision"));
    assert_eq!(counted_held(&desk).await, [2, 2], "in the status, of the router");
    let unobserved = async |of: usize| explained_held(&desk, &name(of)).await["unobserved"].clone();
    for of in [0, 1] {
        let both = ["upload_octets", "download_octets"].map(|side| held["items"][of][side].as_u64().unwrap());
        assert_eq!(
            unobserved(of).await["upper_octets"],
            both.iter().sum::<u64>(),
            "the bound that sums have"
        );
    }
    let before = upload(&name(0)).await.as_u64().unwrap();
    assert_eq!(desk.post(&format!("{}/release", path(0)), "").await.expect(200).text("act"), "released");
    assert_eq!((unobserved(0).await, counted_held(&desk).await), (Value::Null, [1, 1]));
    assert_eq!(
        upload(&name(0)).await.as_u64(),
        Some(before + held["items"][0]["upload_octets"].as_u64().unwrap())
    );
    let before = upload(&name(1)).await;
    assert_eq!(desk.post(&format!("{}/reject", path(1)), "").await.expect(200).text("act"), "rejected");
    assert_eq!((upload(&name(1)).await, counted_held(&desk).await), (before, [0, 0]));
    let (rejected, usage) =
        (explained_held(&desk, &name(1)).await, "/api/v1/usage?username=".to_owned() + &name(1));
    let bound = &rejected["unobserved"]["upper_octets"];
    assert!(bound.as_u64().is_some_and(|octets| octets > 0), "{rejected}");
    assert_eq!(*bound, desk.see(&usage).await["items"][0]["unobserved_upper_octets"]);
    assert!(rejected["text"].as_str().unwrap().contains("in which at most"), "{rejected}");
    desk.post(&format!("{}/release", path(1)), "").await.expect(409);
    desk.post("/api/v1/held/tower/1/1/release", "").await.expect(404);
    desk.post("/api/v1/held/nowhere/1/1/release", "").await.expect(404);
    desk.post("/api/v1/held/tower/one/1/release", "").await.expect(400);
    assert_eq!(desk.see("/api/v1/held").await["items"], json!([]));
    assert_eq!(desk.post("/api/v1/verify", "").await.expect(200).json()["mismatches_total"], 0);
}

#[tokio::test]
async fn every_act_is_in_the_trail_newest_first_and_without_secrets() {
    let desk = Desk::new().await;
    desk.add_router("tower").await;
    desk.post("/api/v1/plans", r#"{"name":"home"}"#).await.expect(201);
    let trail = desk.get("/api/v1/audit", Some(&desk.viewer)).await.expect(200);
    assert!(!trail.body.contains("\"secret\"") && !trail.body.contains("tkm_"), "{}", trail.body);
    let rows = trail.json()["items"].as_array().unwrap().clone();
    assert_eq!((&rows[0]["subject"], &rows[1]["subject"]), (&json!("home"), &json!("tower")));
    assert!(rows.iter().all(|row| row["actor"].as_str().is_some_and(|actor| !actor.is_empty())));
    let newest = desk.see("/api/v1/audit?limit=1").await;
    let older = desk.see(&format!("/api/v1/audit?limit=1&cursor={}", newest["next"].as_str().unwrap())).await;
    assert_eq!(older["items"][0], rows[1]);
    let narrowed = desk.see("/api/v1/audit?action=router.add").await;
    assert_eq!(narrowed["items"], json!([rows[1]]));
    let actor = rows[1]["actor"].as_str().unwrap().replace(' ', "%20");
    let by_actor = desk.see(&format!("/api/v1/audit?actor={actor}&action=router.add")).await;
    assert_eq!(by_actor["items"], json!([rows[1]]));
    assert_eq!(desk.see("/api/v1/audit?actor=nobody").await["items"], json!([]));
    assert_eq!(desk.see("/api/v1/audit?subject=tower").await["items"], json!([rows[1]]));
    let at = rows[1]["at"].as_str().unwrap();
    assert_eq!(desk.see(&format!("/api/v1/audit?subject=tower&from={at}")).await["items"], json!([rows[1]]));
    assert_eq!(desk.see(&format!("/api/v1/audit?subject=tower&to={at}")).await["items"], json!([]));
}

#[tokio::test]
async fn a_router_whose_readings_cannot_be_written_makes_the_server_unready() {
    let desk = Desk::new().await;
    let nas = desk.add_router("tower").await;
    let enter = |phase| desk.board.update(nas, Micros(1), |router| router.enter(phase, None, Micros(2)));
    enter(Phase::Unreachable);
    desk.get("/readyz", None).await.expect(200);
    enter(Phase::StoreStalled);
    desk.get("/readyz", None).await.expect(503);
    enter(Phase::Online);
    desk.get("/readyz", None).await.expect(200);
}
