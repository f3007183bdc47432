//! What users of the hotspot move, in the words of the piso-net tool.

use accounting::Octets;
use accounting::time::Micros;
use operations::{Clock, RouterCommandError, TrafficLook, TrafficRead, UserQueue, UserTraffic};
use serde_json::{Value, json};
use store::{NasId, RateLimit};

use crate::harness::Desk;

const PATH: &str = "/admin/api/user-traffic";

fn user(name: &str, rate: Option<(u64, u64)>, queue: Option<UserQueue>) -> UserTraffic {
    UserTraffic {
        user: name.as_bytes().to_vec(),
        mac: b"AA:BB:CC:DD:EE:FF".to_vec(),
        uptime_s: 61,
        octets: Octets::new(15_200_000, 120_460_000),
        rate,
        queue,
    }
}

fn queue(up_bps: Option<u64>, down_bps: Option<u64>) -> Option<UserQueue> {
    let octets = Some(Octets::new(1_000, 2_000));
    Some(UserQueue { rate: Some(RateLimit { up_bps, down_bps }), octets })
}

fn show(desk: &Desk, nas: NasId, users: Vec<UserTraffic>) {
    let read = TrafficRead { at: Micros(0), read_at: desk.clock.host(), users: users.into(), left_off: 0 };
    desk.operate.limits.traffic().show(nas, read);
}

async fn limits_of(desk: &Desk) -> Vec<Value> {
    let told = desk.see(PATH).await;
    told["users"].as_array().unwrap().iter().map(|user| user["max_limit"].clone()).collect()
}

#[tokio::test]
async fn users_are_told_in_its_words() {
    let desk = Desk::new().await;
    let harbour = desk.add_router("harbour").await;
    let asked = desk.operate.limits.traffic().asked();
    assert_eq!(desk.see(PATH).await, json!({"success": true, "users": [], "routers": []}));
    assert!(asked.has_changed().unwrap(), "from now on routers are looked at");
    let limited = queue(Some(1_000_000), Some(2_000_000));
    show(&desk, harbour, vec![user("voucher-code", Some((1_024_000, 2_048_000)), limited)]);
    let told = desk.see(PATH).await;
    let voucher = json!({
        "user": "voucher-code", "mac": "AA:BB:CC:DD:EE:FF", "router": "harbour", "uptime": 61,
        "bytes_in": 15_200_000, "bytes_out": 120_460_000,
        "bytes_in_formatted": "15.2 MB", "bytes_out_formatted": "120.5 MB",
        "rate_in": "1024000", "rate_out": "2048000", "max_limit": "1M/2M",
        "queue_bytes_in": 1_000, "queue_bytes_out": 2_000,
        "queue_bytes_in_formatted": "1.0 kB", "queue_bytes_out_formatted": "2.0 kB",
    });
    assert_eq!((&told["success"], &told["users"]), (&json!(true), &json!([voucher])));
    assert_eq!(told["routers"][0]["trouble"], json!(null));
}

#[tokio::test]
async fn a_limit_is_that_of_the_queue_and_without_one_there_is_none() {
    let desk = Desk::new().await;
    let harbour = desk.add_router("harbour").await;
    let not_understood = UserQueue { rate: None, octets: None };
    let queues = [
        None,
        queue(None, None),
        queue(Some(512_000), None),
        queue(Some(1_500), Some(1_000_000_000)),
        Some(not_understood),
    ];
    show(&desk, harbour, queues.map(|queue| user("ana", None, queue)).to_vec());
    let told = ["Unlimited", "Unlimited", "512K/0", "1500/1000M"].map(|told| json!(told));
    assert_eq!(limits_of(&desk).await, [&told[..], &[json!(null)]].concat());
    let first = desk.see(PATH).await["users"][0].clone();
    assert_eq!((&first["rate_in"], &first["queue_bytes_in"]), (&json!(null), &json!(null)), "{first}");
}

#[tokio::test]
async fn what_a_router_showed_before_it_went_is_told_with_its_age_and_no_rate() {
    let desk = Desk::new().await;
    let harbour = desk.add_router("harbour").await;
    show(&desk, harbour, vec![user("ana", Some((8, 16)), None)]);
    desk.clock.advance(30_000_000);
    assert_eq!(desk.see(PATH).await["users"][0]["rate_in"], json!("8"));
    desk.clock.advance(1_000_000);
    let old = desk.see(PATH).await;
    assert_eq!(
        (&old["users"][0]["rate_in"], &old["routers"][0]["age_s"]),
        (&json!(null), &json!(31)),
        "{old}"
    );
    show(&desk, harbour, vec![user("ana", Some((8, 16)), None)]);
    desk.operate.limits.traffic().fail(harbour, "nobody listens".to_owned());
    let gone = desk.see(PATH).await;
    let (user, router) = (&gone["users"][0], &gone["routers"][0]);
    assert_eq!((&user["rate_out"], &user["bytes_in"]), (&json!(null), &json!(15_200_000)), "{gone}");
    assert_eq!(router["trouble"], json!("nobody listens"));
}

/// A process that polls nothing, or not this router.
#[tokio::test]
async fn what_another_process_sees_is_told_and_where_it_cannot_be_asked_that_is_said() {
    let desk = Desk::new().await;
    let harbour = desk.add_router("harbour").await;
    let mut meter = desk.meter(harbour).await;
    meter.round_with_guests(0, &[], &[]).await;
    meter.round_with_guests(60, &[], &[(b"ana", 30, 1_000, 5_000)]).await;
    assert_eq!(desk.see(PATH).await["routers"][0]["trouble"], json!(null), "nobody polls it");
    let why = "the process east polls the router, and this one cannot ask it";
    *desk.commands.traffic.lock().unwrap() = Err(RouterCommandError::Refused(why.to_owned()));
    let trouble = desk.see(PATH).await["routers"][0]["trouble"].as_str().unwrap().to_owned();
    assert!(trouble.contains("without rates") && trouble.contains(why), "{trouble}");
    let users = vec![user("ana", Some((8, 16)), queue(Some(1_000), None))];
    let look = TrafficLook { at: Some((Micros(0), 7)), users, left_off: 3, trouble: None };
    *desk.commands.traffic.lock().unwrap() = Ok(look.clone());
    let told = desk.see(PATH).await;
    let (ana, router) = (&told["users"][0], &told["routers"][0]);
    assert_eq!((&ana["rate_in"], &ana["max_limit"]), (&json!("8"), &json!("1K/0")), "{told}");
    assert_eq!(
        (&router["source"], &router["age_s"], &router["left_off"]),
        (&json!("router"), &json!(7), &json!(3))
    );
    let old = TrafficLook { at: Some((Micros(0), 31)), ..look.clone() };
    *desk.commands.traffic.lock().unwrap() = Ok(old);
    assert_eq!(desk.see(PATH).await["users"][0]["rate_in"], json!(null), "they are not of now");
    let away = TrafficLook { at: None, users: vec![], trouble: Some("nobody listens".to_owned()), ..look };
    *desk.commands.traffic.lock().unwrap() = Ok(away);
    let told = desk.see(PATH).await;
    let (source, trouble) = (&told["routers"][0]["source"], &told["routers"][0]["trouble"]);
    assert_eq!((source, trouble), (&json!("books"), &json!("nobody listens")));
}

#[tokio::test]
async fn a_thousand_users_are_told_of() {
    let desk = Desk::new().await;
    let harbour = desk.add_router("harbour").await;
    let users = (0..1_000).map(|no| user(&format!("v{no}"), Some((8, 16)), queue(Some(1_000), None)));
    show(&desk, harbour, users.collect());
    let told = desk.see(PATH).await;
    assert_eq!(told["users"].as_array().unwrap().len(), 1_000);
}

#[tokio::test]
async fn the_same_users_are_told_in_numbers() {
    let desk = Desk::new().await;
    let harbour = desk.add_router("harbour").await;
    let asked = desk.operate.limits.traffic().asked();
    let path = "/api/v1/hotspot-users";
    assert_eq!(desk.see(path).await, json!({"items": [], "routers": []}));
    assert!(asked.has_changed().unwrap(), "from now on routers are looked at");
    let odd = Some(UserQueue { rate: None, octets: None });
    let users = vec![
        user("ana", Some((1_024_000, 2_048_000)), queue(None, Some(2_000_000))),
        user("bob", None, None),
        user("cat", None, odd),
    ];
    show(&desk, harbour, users);
    let told = desk.see(path).await;
    let ana = json!({
        "router": "harbour", "username": "ana", "calling_station_id": "AA:BB:CC:DD:EE:FF", "uptime_seconds": 61,
        "upload_octets": 15_200_000, "download_octets": 120_460_000, "upload_bps": 1_024_000, "download_bps": 2_048_000,
        "queue": {"is_understood": true, "upload_bps": null, "download_bps": 2_000_000, "upload_octets": 1_000,
            "download_octets": 2_000},
    });
    assert_eq!(told["items"][0], ana);
    assert_eq!((&told["items"][1]["queue"], &told["items"][1]["upload_bps"]), (&Value::Null, &Value::Null));
    assert_eq!(told["items"][2]["queue"]["is_understood"], false);
    assert_eq!(
        (&told["routers"][0]["router"], &told["routers"][0]["trouble"]),
        (&json!("harbour"), &Value::Null)
    );
}

/// Nobody waits for a router: until it was looked at, who is there is known from its last reading.
#[tokio::test]
async fn the_first_call_names_those_of_the_last_reading() {
    let desk = Desk::new().await;
    let harbour = desk.add_router("harbour").await;
    let mut meter = desk.meter(harbour).await;
    meter.round_with_guests(0, &[], &[]).await;
    meter.round_with_guests(60, &[(b"bob", 30, 1, 1)], &[(b"ana", 30, 1_000, 5_000)]).await;
    desk.clock.advance(75_000_000);
    let first = desk.see(PATH).await;
    let (users, router) = (first["users"].as_array().unwrap(), &first["routers"][0]);
    assert_eq!(
        (users.len(), &users[0]["user"], &users[0]["uptime"]),
        (1, &json!("ana"), &json!(30)),
        "{first}"
    );
    assert_eq!(users[0]["mac"], "2C:54:91:00:00:01");
    for unknown in ["rate_in", "rate_out", "max_limit", "queue_bytes_in"] {
        assert_eq!(users[0][unknown], json!(null), "{unknown}");
    }
    assert_eq!((&router["source"], &router["age_s"]), (&json!("books"), &json!(15)), "{first}");
    let numbers = desk.see("/api/v1/hotspot-users").await;
    assert_eq!(
        (&numbers["items"][0]["username"], &numbers["items"][0]["queue"]),
        (&json!("ana"), &json!(null))
    );
    desk.operate.limits.traffic().fail(harbour, "nobody listens".to_owned());
    let failed = desk.see(PATH).await;
    assert_eq!(
        (failed["users"].as_array().unwrap().len(), &failed["routers"][0]["trouble"]),
        (1, &json!("nobody listens"))
    );
    show(&desk, harbour, vec![user("cat", None, None)]);
    let looked = desk.see(PATH).await;
    assert_eq!(
        (&looked["users"][0]["user"], &looked["users"][0]["max_limit"]),
        (&json!("cat"), &json!("Unlimited"))
    );
    assert_eq!(looked["routers"][0]["source"], "router");
}
