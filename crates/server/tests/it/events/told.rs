//! What the stream says.

use std::sync::Arc;

use super::{Telling, desk, in_order, rounds, settings, sum, usage};
use crate::redis_server::Redis;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_round_is_told_once_and_adds_up_to_usage() {
    let (desk, redis) = (desk().await, Redis::start());
    let (north, south) = (desk.add_router("north").await, desk.add_router("south").await);
    rounds(&desk, north, 0..5).await;
    let telling = Telling::start(&desk, settings(&redis.url()));
    rounds(&desk, south, 0..90).await;
    rounds(&desk, north, 5..9).await;
    telling.drained().await;
    let entries = redis.entries();
    assert_eq!(in_order(&entries, "north"), (1..=9).collect::<Vec<_>>());
    assert_eq!(in_order(&entries, "south"), (1..=90).collect::<Vec<_>>());
    assert_eq!(entries.len(), 99, "nothing twice where nothing went wrong");
    for router in ["north", "south"] {
        assert_eq!(sum(&entries, router, "ana"), usage(&desk, router, "ana").await);
    }
    let left = desk.store.outbox().await.unwrap();
    assert!(left.iter().all(|queue| queue.events == 0), "{left:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_says_who_used_how_much_and_what_became_of_sessions() {
    let (desk, redis) = (desk().await, Redis::start());
    let nas = desk.add_router("tower").await;
    let body = r#"{"username": "ana", "name": "Ana \"A\" Ávila"}"#;
    let ana = desk.post("/api/v1/subscribers", body).await.expect(201).json();
    let mut meter = desk.meter(nas).await;
    meter.round(0, &[(b"ana", 5, 1_000, 2_000), (b"jos\xe9", 5, 7, 7)]).await;
    meter.round(60, &[(b"ana", 65, 1_010, 2_020), (b"jos\xe9", 65, 7, 7)]).await;
    for second in [120, 180, 240] {
        meter.round(second, &[(b"ana", 5 + second, 1_010, 2_020)]).await;
    }
    Telling::start(&desk, settings(&redis.url())).drained().await;
    let entries = redis.entries();
    let first = &entries[0];
    let fields = ["v", "type", "router", "seq", "at_us"].map(|name| first.field(name));
    assert_eq!(fields, ["1", "round", "tower", "1", "1800000000000000"]);
    let data = first.data();
    assert_eq!(data["poll_seq"], 1);
    let jose = &data["usage"].as_array().unwrap().iter().find(|line| line["session"] == 2);
    assert!(jose.is_none(), "{data}");
    assert!(
        data["usage"].as_array().unwrap().iter().any(|line| line["username"] == "hex:6a6f73e9"),
        "{data}"
    );
    let started = data["sessions"].as_array().unwrap().iter().find(|step| step["username"] == "ana").unwrap();
    assert_eq!((&started["step"], &started["service"]), (&"started".into(), &"pppoe".into()));
    assert_eq!(started["calling_station_id"], "AA:BB:CC:00:00:01");
    let grew = entries[1].data();
    let [line] = &grew["usage"].as_array().unwrap()[..] else { panic!("{grew}") };
    assert_eq!((&line["upload_octets"], &line["download_octets"]), (&10.into(), &20.into()));
    assert_eq!((&line["username"], &line["kind"]), (&"ana".into(), &"ppp".into()));
    assert_eq!((&line["reason"], &line["posted"]), (&"grew".into(), &true.into()));
    assert_eq!((&line["subscriber"], &line["cycle"]), (&"ana".into(), &1.into()));
    assert_eq!((&line["subscriber_id"], &line["subscriber_name"]), (&ana["id"], &"Ana \"A\" Ávila".into()));
    assert_eq!(
        (&line["from_us"], &line["to_us"]),
        (&1_800_000_000_000_000_i64.into(), &1_800_000_060_000_000_i64.into())
    );
    assert_eq!(line["acct_session_id"], "0x81100001");
    let steps = entries.iter().flat_map(|entry| entry.data()["sessions"].as_array().unwrap().clone());
    let joses: Vec<_> = steps.filter(|step| step["username"] == "hex:6a6f73e9").collect();
    let told: Vec<_> = joses.iter().map(|step| step["step"].as_str().unwrap()).collect();
    assert_eq!(told, ["started", "missing", "ended"]);
    assert_eq!(joses[2]["last_seen_us"], 1_800_000_060_000_000_i64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_stream_is_kept_short() {
    let (desk, redis) = (desk().await, Redis::with(&["--stream-node-max-entries", "10"]));
    let nas = desk.add_router("tower").await;
    rounds(&desk, nas, 0..200).await;
    let settings = server::EventsSettings { stream_entries: 20, ..settings(&redis.url()) };
    Telling::start(&desk, settings).drained().await;
    let left = redis.entries();
    assert!((20..40).contains(&left.len()), "{}", left.len());
    assert_eq!(left.last().unwrap().seq(), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_process_tells_of_its_own_routers() {
    let (desk, redis) = (desk().await, Redis::start());
    let (north, south) = (desk.add_router("north").await, desk.add_router("south").await);
    rounds(&desk, north, 0..3).await;
    rounds(&desk, south, 0..3).await;
    let mine: server::Mine = Arc::new(move |queue| queue.nas == south);
    Telling::of(Arc::clone(&desk.store), &desk.clock, settings(&redis.url()), mine).drained().await;
    let entries = redis.entries();
    assert_eq!((entries.len(), in_order(&entries, "south").len()), (3, 3));
    let mine: server::Mine = Arc::new(move |queue| queue.nas == north);
    Telling::of(Arc::clone(&desk.store), &desk.clock, settings(&redis.url()), mine).drained().await;
    assert_eq!(in_order(&redis.entries(), "north").len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_name_is_told_by_who_told_the_old_one_within_half_an_hour() {
    let (desk, redis) = (desk().await, Redis::start());
    let nas = desk.add_router("tower").await;
    desk.post("/api/v1/subscribers", r#"{"username": "ana", "name": "Ana"}"#).await.expect(201);
    let telling = Telling::start(&desk, settings(&redis.url()));
    rounds(&desk, nas, 0..2).await;
    telling.drained().await;
    desk.patch("/api/v1/subscribers/ana", r#"{"name": "Anabel"}"#).await.expect(200);
    desk.clock.advance(1_801 * 1_000_000);
    rounds(&desk, nas, 2..3).await;
    telling.drained().await;
    let names: Vec<_> =
        redis.entries().iter().map(|entry| entry.data()["usage"][0]["subscriber_name"].clone()).collect();
    assert_eq!(names[1..], ["Ana", "Anabel"]);
}
