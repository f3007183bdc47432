//! The paths of the PPPoE usage tool: what they promised, field by field.

use std::time::Duration;

use operations::{CounterLook, Expiry, RouterCommandError, SubscriberPatch};
use serde_json::{Value, json};
use store::Renews;

use crate::harness::{Desk, request};
use crate::meter::Meter;

/// Ana on the tower, whose counter stood at 200/300 when it was first seen and gained 1,000 octets up and 5,000 down.
async fn ana() -> (Desk, Meter, String) {
    let desk = Desk::new().await;
    let nas = desk.add_router("tower").await;
    let new = r#"{"username":"ana","name":"Ana Cruz","zone":"Asia/Manila"}"#;
    let id = desk.post("/api/v1/subscribers", new).await.expect(201).text("id");
    desk.post("/api/v1/subscribers", r#"{"username":"ben","service":"hotspot"}"#).await.expect(201);
    let mut meter = desk.meter(nas).await;
    meter.round(0, &[(b"ana", 900, 200, 300)]).await;
    meter.round(60, &[(b"ana", 960, 1_200, 5_300)]).await;
    desk.clock.advance(60_000_000);
    (desk, meter, format!("/api/mikrotik/users/{id}"))
}

async fn put(desk: &Desk, path: &str, body: &str) -> Value {
    desk.put(path, body).await.expect(200).json()
}

#[tokio::test]
async fn a_user_has_the_fields_it_always_had() {
    let (desk, _meter, path) = ana().await;
    let shown = desk.see(&path).await;
    let expected = json!({
        "id": path.rsplit('/').next(), "username": "ana", "name": "Ana Cruz", "serviceType": "pppoe",
        "status": "active", "expiryDate": null, "package": null,
        "cycleDataUsage": {"upload": 1_000, "download": 5_000},
        "sessionDataUsage": {"upload": 1_200, "download": 5_300},
    });
    assert_eq!(shown, expected);
    let all = desk.see("/api/mikrotik/users").await;
    assert_eq!((&all[0], all.as_array().unwrap().len()), (&expected, 2));
    assert_eq!((&all[1]["serviceType"], &all[1]["name"]), (&json!("hotspot"), &json!(null)));
}

#[tokio::test]
async fn who_is_offline_has_a_cycle_and_no_session() {
    let (desk, mut meter, path) = ana().await;
    for second in [120, 200, 280] {
        meter.round(second, &[]).await;
    }
    let shown = desk.see(&path).await;
    assert_eq!(shown["sessionDataUsage"], json!({"upload": 0, "download": 0}));
    assert_eq!(shown["cycleDataUsage"], json!({"upload": 1_000, "download": 5_000}));
    assert_eq!(desk.see("/api/mikrotik/users").await[0], shown);
}

/// Who is connected by an interface of their own is in a session from its first reading on, and never signs in.
#[tokio::test]
async fn a_static_address_has_the_same_fields_and_what_its_interface_says_as_its_session() {
    let desk = Desk::new().await;
    let nas = desk.add_router("tower").await;
    *desk.commands.looks.lock().unwrap() = Some([(b"vlan7".to_vec(), CounterLook::Fit)].into());
    let fay =
        r#"{"username":"fay","service":"static_ip","login":"interface:vlan7","router":"tower","zone":"UTC"}"#;
    let id = desk.post("/api/v1/subscribers", fay).await.expect(201).text("id");
    let mut meter = desk.meter(nas).await;
    let path = format!("/api/mikrotik/users/{id}");
    let usage = async |desk: &Desk| {
        let shown = desk.see(&path).await;
        assert_eq!(desk.see("/api/mikrotik/users").await[0], shown);
        assert_eq!((&shown["serviceType"], &shown["status"]), (&json!("static_ip"), &json!("active")));
        (shown["cycleDataUsage"].clone(), shown["sessionDataUsage"].clone())
    };
    let octets = |upload: u64, download: u64| json!({"upload": upload, "download": download});
    assert_eq!(usage(&desk).await, (octets(0, 0), octets(0, 0)));
    meter.round_with_facing(0, &[(b"vlan7", 200, 300)]).await;
    assert_eq!(usage(&desk).await, (octets(0, 0), octets(200, 300)), "what it showed before is nobody's");
    meter.round_with_facing(60, &[(b"vlan7", 1_200, 5_300)]).await;
    assert_eq!(usage(&desk).await, (octets(1_000, 5_000), octets(1_200, 5_300)));
    desk.clock.advance(60_000_000);
    assert_eq!(put(&desk, &path, r#"{"expiryDate":"2027-02-15"}"#).await["renewed"], true);
    meter.round_with_facing(120, &[(b"vlan7", 1_300, 5_310)]).await;
    assert_eq!(
        usage(&desk).await,
        (octets(100, 10), octets(1_300, 5_310)),
        "a cycle begins, the session goes on"
    );
    for second in [200, 280, 360] {
        meter.round_with_facing(second, &[]).await;
    }
    assert_eq!(usage(&desk).await, (octets(100, 10), octets(0, 0)), "the interface is gone");
}

#[tokio::test]
async fn a_user_on_two_routers_is_the_sum_of_both() {
    let (desk, _meter, path) = ana().await;
    let hill = desk.add_router("hill").await;
    let mut other = desk.meter(hill).await;
    other.round(60, &[]).await;
    other.round(120, &[(b"ana", 30, 40, 50)]).await;
    let shown = desk.see(&path).await;
    assert_eq!(shown["cycleDataUsage"], json!({"upload": 1_040, "download": 5_050}));
    assert_eq!(shown["sessionDataUsage"], json!({"upload": 1_240, "download": 5_350}));
}

#[tokio::test]
async fn no_users_are_an_empty_array() {
    assert_eq!(Desk::new().await.see("/api/mikrotik/users").await, json!([]));
}

#[tokio::test]
async fn a_later_date_renews_once_and_a_correction_never() {
    let (desk, _meter, path) = ana().await;
    let told = put(&desk, &path, r#"{"expiryDate":"2027-02-15"}"#).await;
    assert_eq!((&told["renewed"], &told["expiryDate"]), (&json!(true), &json!("2027-02-15T15:59:59Z")));
    assert_eq!(told["cycleDataUsage"], json!({"upload": 0, "download": 0}));
    for (body, date) in [
        (r#"{"expiryDate":"2027-02-15"}"#, "2027-02-15T15:59:59Z"),
        (r#"{"expiryDate":"2027-02-01T00:00:00+08:00"}"#, "2027-01-31T16:00:00Z"),
        (r#"{"expiryDate":"2027-03-01T00:00:00Z","renewal":false}"#, "2027-03-01T00:00:00Z"),
        (r#"{"expiryDate":"2020-01-01T00:00:00Z"}"#, "2020-01-01T00:00:00Z"),
        (r#"{"expiryDate":"2020-01-02T00:00:00Z"}"#, "2020-01-02T00:00:00Z"),
    ] {
        let told = put(&desk, &path, body).await;
        assert_eq!((&told["renewed"], &told["expiryDate"]), (&json!(false), &json!(date)), "{body}");
    }
    let cycles = desk.see("/api/v1/subscribers/ana/cycles").await;
    assert_eq!(cycles["items"].as_array().unwrap().len(), 2);
    assert_eq!(cycles["items"][1]["download_octets"], 5_000, "the old cycle is kept");
}

/// No old date makes any date a later one; it must also lie ahead.
#[tokio::test]
async fn a_first_date_renews_only_if_it_is_ahead() {
    let (desk, _meter, path) = ana().await;
    let cycles =
        || async { desk.see("/api/v1/subscribers/ana/cycles").await["items"].as_array().unwrap().len() };
    let told = put(&desk, &path, r#"{"expiryDate":"2027-01-14"}"#).await;
    assert_eq!((&told["renewed"], &told["expiryDate"]), (&json!(false), &json!("2027-01-14T15:59:59Z")));
    assert_eq!(told["cycleDataUsage"], json!({"upload": 1_000, "download": 5_000}));
    assert_eq!(cycles().await, 1);
    assert_eq!(put(&desk, &path, r#"{"expiryDate":null}"#).await["expiryDate"], json!(null));
    // The clock stands at this very second: what ends now is not ahead.
    let told = put(&desk, &path, r#"{"expiryDate":"2027-01-15T08:01:00Z"}"#).await;
    assert_eq!((&told["renewed"], cycles().await), (&json!(false), 1));
    put(&desk, &path, r#"{"expiryDate":null}"#).await;
    let told = put(&desk, &path, r#"{"expiryDate":"2027-01-15T08:01:01Z"}"#).await;
    assert_eq!((&told["renewed"], cycles().await), (&json!(true), 2));
}

#[tokio::test]
async fn a_router_that_cannot_be_read_delays_no_renewal() {
    let (desk, mut meter, path) = ana().await;
    *desk.commands.answer.lock().unwrap() = Err(RouterCommandError::TimedOut);
    desk.clock.advance(30_000_000);
    assert_eq!(put(&desk, &path, r#"{"expiryDate":"2027-02-15"}"#).await["renewed"], true);
    meter.round(120, &[(b"ana", 1_020, 1_300, 5_400)]).await;
    assert_eq!(desk.see("/api/v1/explain?subscriber=ana").await["items"][0]["reason"], "edge_unobserved");
}

#[tokio::test]
async fn a_router_that_never_answers_is_waited_for_no_longer_than_promised() {
    let (desk, mut meter, path) = ana().await;
    desk.commands.mute.store(true, std::sync::atomic::Ordering::Relaxed);
    desk.clock.advance(30_000_000);
    let id = path.rsplit('/').next().unwrap();
    let expiry = Some(Some(Expiry::parse("2027-02-15").unwrap()));
    let patch = SubscriberPatch { expiry, renews: Renews::ByDate, ..SubscriberPatch::default() };
    // What waits for nothing else jumps to the end of the wait. Asked below HTTP, for a request has a limit of its own.
    tokio::time::pause();
    let changed = desk.operate.change_subscriber("desk", id, patch).await.unwrap();
    tokio::time::resume();
    assert!(changed.renewed);
    let waited: Vec<u64> = desk.commands.waited.lock().unwrap().iter().map(Duration::as_secs).collect();
    assert_eq!(waited, [5], "5 s and no longer");
    meter.round(120, &[(b"ana", 1_020, 1_300, 5_400)]).await;
    assert_eq!(desk.see("/api/v1/explain?subscriber=ana").await["items"][0]["reason"], "edge_unobserved");
}

#[tokio::test]
async fn a_login_that_nobody_has_is_kept_and_shown() {
    let (desk, mut meter, _) = ana().await;
    meter.round(120, &[(b"ana", 1_020, 1_300, 5_400), (b"stranger", 50, 7, 9)]).await;
    meter.round(180, &[(b"ana", 1_080, 1_300, 5_400), (b"stranger", 110, 17, 29)]).await;
    let shown = desk.see("/api/v1/usage?username=stranger").await;
    assert_eq!(
        (&shown["items"][0]["upload_octets"], &shown["items"][0]["router"]),
        (&json!(17), &json!("tower"))
    );
    assert_eq!(desk.see("/api/mikrotik/users").await.as_array().unwrap().len(), 2, "it is no user yet");
}

#[tokio::test]
async fn what_is_absent_stays_and_what_is_shown_may_be_sent_back() {
    let (desk, _meter, path) = ana().await;
    desk.post("/api/v1/plans", r#"{"name":"Home"}"#).await.expect(201);
    let told = put(&desk, &path, r#"{"status":"suspended","package":"Home"}"#).await;
    assert_eq!((&told["status"], &told["package"]), (&json!("suspended"), &json!("Home")));
    let told = put(&desk, &path, r#"{"name":null}"#).await;
    assert_eq!(
        (&told["name"], &told["package"], &told["status"]),
        (&json!(null), &json!("Home"), &json!("suspended"))
    );
    let whole = desk.see(&path).await;
    let mut back = put(&desk, &path, &whole.to_string()).await;
    assert_eq!(back.as_object_mut().unwrap().remove("renewed"), Some(json!(false)));
    assert_eq!(back, whole);
    let answered = put(&desk, &path, "{}").await;
    assert_eq!(put(&desk, &path, &answered.to_string()).await, answered, "the answer of a change too");
}

#[tokio::test]
async fn errors_have_their_status_and_their_words() {
    let (desk, _meter, path) = ana().await;
    let told = |answer: crate::harness::Answer| {
        assert_eq!(answer.headers["content-type"], "application/json");
        let body = answer.json();
        assert_eq!((&body["status"], body.as_object().unwrap().len()), (&json!("error"), 2), "{body}");
        body["message"].as_str().unwrap().to_owned()
    };
    let nobody = "/api/mikrotik/users/00000000-0000-4000-8000-000000000000";
    assert!(told(desk.get(nobody, Some(&desk.admin)).await.expect(404)).contains("no subscriber"));
    assert!(told(desk.get("/api/mikrotik/users/ana", Some(&desk.admin)).await.expect(404)).contains("UUID"));
    assert!(told(desk.put(nobody, "{}").await.expect(404)).contains("no subscriber"));
    assert!(told(desk.put(&path, r#"{"expirydate":"2027-02-15"}"#).await.expect(400)).contains("expirydate"));
    assert!(told(desk.put(&path, r#"{"expiryDate":"soon"}"#).await.expect(400)).contains("soon"));
    assert!(told(desk.put(&path, "[]").await.expect(400)).contains("an object"));
    for (date, why) in [
        ("20270101T000000Z", "neither an instant"),
        ("-009999-01-02T01:59:59Z", "neither an instant"),
        ("9999-12-31T23:59:59Z", "no day and time"),
    ] {
        let body = json!({"expiryDate": date}).to_string();
        assert!(told(desk.put(&path, &body).await.expect(400)).contains(why), "{date}");
    }
    assert!(told(desk.put(&path, r#"{"status":"gone"}"#).await.expect(422)).contains("suspended"));
    assert!(told(desk.put(&path, r#"{"package":"gold"}"#).await.expect(422)).contains("plan called gold"));
    assert!(told(desk.put(&path, "{").await.expect(400)).contains("Nothing was changed"));
    assert!(told(desk.delete(&path).await.expect(405)).contains("does not take that method"));
    assert!(told(desk.post("/api/mikrotik/users", "{}").await.expect(405)).contains("nothing was changed"));
    for nothing in ["/api/mikrotik/users/", "/api/mikrotik/user", "/api/mikrotik"] {
        assert!(told(desk.get(nothing, Some(&desk.admin)).await.expect(404)).contains("Nothing is at"));
    }
    let other = desk.get("/api/mikrotiks", Some(&desk.admin)).await.expect(404);
    assert_eq!(
        other.headers["content-type"], "application/problem+json",
        "theirs are the words of their paths only"
    );
    let stranger = desk.get(&path, None).await.expect(401);
    assert_eq!(stranger.headers["www-authenticate"], "Bearer");
    told(stranger);
    told(desk.send(request("PUT", &path, Some(&desk.viewer), Some("{}"))).await.expect(403));
}
