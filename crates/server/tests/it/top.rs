//! Who moves most, as a client is told.

use serde_json::{Value, json};

use crate::harness::Desk;
use crate::meter::Meter;

/// A router on which ana and bob were read twice within 10 seconds.
async fn tower(desk: &Desk) -> Meter {
    let nas = desk.add_router("tower").await;
    let mut meter = desk.meter(nas).await;
    meter.round(0, &[(b"ana", 100, 1_000, 50_000), (b"bob", 100, 7, 8)]).await;
    meter.round(10, &[(b"ana", 110, 4_000, 60_001), (b"bob", 110, 90_007, 8)]).await;
    meter
}

async fn names(desk: &Desk, asked: &str) -> Vec<String> {
    let top = desk.see(&format!("/api/v1/live/top{asked}")).await;
    let items = top["items"].as_array().unwrap().iter();
    items.map(|item| item["username"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn rates_are_the_difference_of_two_readings_with_the_time_in_between() {
    let desk = Desk::new().await;
    tower(&desk).await;
    desk.post("/api/v1/subscribers", r#"{"username":"shop","login":"ana","router":"tower"}"#)
        .await
        .expect(201);
    let top = desk.see("/api/v1/live/top?sort=download").await;
    let expected = json!({
        "router": "tower", "session": 1, "username": "ana", "subscriber": "shop", "service": "pppoe",
        "framed_address": "10.0.0.7", "calling_station_id": "AA:BB:CC:00:00:01",
        "upload_bps": 2_400, "download_bps": 8_000, "upload_octets": 3_000, "download_octets": 10_001,
        "at_least": false,
        "from": "2027-01-15T08:00:00Z", "as_of": "2027-01-15T08:00:10Z", "over_us": 10_000_000,
    });
    assert_eq!(top["items"][0], expected);
    let bob = &top["items"][1];
    assert_eq!(
        (&bob["username"], &bob["upload_bps"], &bob["download_bps"]),
        (&json!("bob"), &json!(72_000), &json!(0))
    );
    assert_eq!((&top["sort"], &top["next"]), (&json!("download"), &Value::Null));
    assert_eq!(top["routers"].as_array().unwrap().len(), 1);
    let told = &top["routers"][0];
    assert_eq!(
        told["window"],
        json!({"from": expected["from"], "as_of": expected["as_of"], "over_us": 10_000_000})
    );
    assert_eq!((&told["unobserved"], &told["age_ms"]), (&Value::Null, &json!(0)));
    assert_eq!((&told["sessions_moved"], &told["sessions_told"]), (&json!(2), &json!(2)));
}

#[tokio::test]
async fn the_order_and_the_filters_are_those_that_were_asked_for() {
    let desk = Desk::new().await;
    tower(&desk).await;
    let hill = desk.add_router("hill").await;
    let mut hill = desk.meter(hill).await;
    hill.round_with_guests(0, &[(b"cat", 90, 0, 0)], &[(b"guest", 90, 5, 5)]).await;
    hill.round_with_guests(10, &[(b"cat", 100, 0, 20_000)], &[(b"guest", 100, 5, 500_005)]).await;
    assert_eq!(names(&desk, "").await, ["guest", "bob", "cat", "ana"]);
    assert_eq!(names(&desk, "?sort=upload").await, ["bob", "ana", "cat", "guest"]);
    assert_eq!(names(&desk, "?sort=download&limit=2").await, ["guest", "cat"]);
    assert_eq!(names(&desk, "?router=hill").await, ["guest", "cat"]);
    assert_eq!(names(&desk, "?service=hotspot").await, ["guest"]);
    assert_eq!(names(&desk, "?service=pppoe&limit=2").await, ["bob", "cat"]);
    for wrong in ["?sort=name", "?limit=0", "?limit=1001", "?service=wifi", "?rouer=hill"] {
        desk.get(&format!("/api/v1/live/top{wrong}"), Some(&desk.viewer)).await.expect(400);
    }
    desk.get("/api/v1/live/top?router=valley", Some(&desk.viewer)).await.expect(404);
    desk.get("/api/v1/live/top", Some(&desk.viewer)).await.expect(200);
}

/// What is not known is told as that, and never as a rate of now.
#[tokio::test]
async fn a_router_of_which_nothing_is_known_is_named_with_the_reason() {
    let desk = Desk::new().await;
    let nas = desk.add_router("tower").await;
    let because = async |of: &str| {
        let top = desk.see("/api/v1/live/top").await;
        assert_eq!(top["items"], json!([]), "{of}");
        let told = &top["routers"][0];
        assert!(told["window"].is_null() && told["unobserved_text"].is_string(), "{told}");
        assert_eq!(told["unobserved"], of);
    };
    because("not_read").await;
    let mut meter = desk.meter(nas).await;
    meter.round(0, &[(b"ana", 100, 0, 0)]).await;
    because("one_reading").await;
    meter.round(10, &[(b"ana", 110, 0, 9_000)]).await;
    assert_eq!(names(&desk, "").await, ["ana"]);
    meter.round(1_000, &[(b"ana", 1_100, 0, 90_000)]).await;
    because("long_window").await;
    meter.round(1_010, &[(b"ana", 1_110, 0, 99_000)]).await;
    assert_eq!(names(&desk, "").await, ["ana"]);
    desk.clock.advance(180_000_000);
    assert_eq!(names(&desk, "").await, ["ana"]);
    desk.clock.advance(1);
    because("old").await;
    desk.patch("/api/v1/routers/tower", r#"{"enabled":false}"#).await.expect(200);
    because("not_polled").await;
}

#[tokio::test]
async fn who_began_in_between_is_counted_as_not_known_and_gets_no_rate() {
    let desk = Desk::new().await;
    let mut meter = tower(&desk).await;
    meter.round(20, &[(b"ana", 120, 4_000, 60_002), (b"bob", 120, 90_007, 8), (b"cat", 2, 9, 900_000)]).await;
    assert_eq!(names(&desk, "").await, ["ana"], "bob stood still");
    let told = desk.see("/api/v1/live/top").await["routers"][0].clone();
    assert_eq!((&told["sessions_moved"], &told["sessions_unknown"]), (&json!(1), &json!(1)));
}
