//! /api/v1/live: what it is asked and told.

use std::time::Duration;

use operations::{RateReading, SampleSource, Standing};
use serde_json::json;
use server::LiveSettings;

use super::line::{Line, Socket};
use super::scene::reading;
use crate::meter::BEGIN;

/// The next that is not about how a watch stands: that is told whenever it changes.
async fn next(socket: &mut Socket) -> serde_json::Value {
    loop {
        let told = socket.next().await;
        if told["type"] != "standing" {
            return told;
        }
    }
}

async fn ask(socket: &mut Socket, what: &str, subscriber: &str) -> serde_json::Value {
    socket.say(&json!({"type": what, "subscriber": subscriber}).to_string()).await;
    next(socket).await
}

#[tokio::test]
async fn whom_it_subscribes_to_it_is_told_of_until_it_leaves() {
    let line = Line::new().await;
    let scene = &line.scene;
    scene.start(scene.bob).await;
    let mut socket = line.connect("/api/v1/live").await;
    let subscribed = json!({
        "type": "subscribed", "asked": "ana", "subscriber": scene.ana, "username": "ana", "router": "tower",
        "also_on": [], "standing": "sought", "standing_text": "The router was not asked yet, or has not answered.",
    });
    assert_eq!(ask(&mut socket, "subscribe", "ana").await, subscribed);
    scene.says(1, &[(scene.bob, 7, 7), (scene.ana, 1_000, 2_000)]);
    let sample = json!({
        "type": "sample", "subscriber": scene.ana, "username": "ana", "router": "tower",
        "at": "2027-01-15T08:00:01Z", "no": 1, "upload_bps": 1_000, "download_bps": 2_000,
        "source": "session", "interface": "<pppoe-ana>",
    });
    assert_eq!(next(&mut socket).await, sample);
    let by_id = ask(&mut socket, "subscribe", &scene.bob.to_string()).await;
    assert_eq!((&by_id["type"], &by_id["username"]), (&json!("subscribed"), &json!("bob")));
    let over = Duration::from_millis(5_010);
    let counted = RateReading { source: SampleSource::Counters { over }, ..reading(scene.bob, 3, 4) };
    scene.board().read(scene.tower, BEGIN, vec![counted]);
    let told = socket.next().await;
    assert_eq!(
        (&told["source"], &told["over_ms"], &told["no"]),
        (&json!("counters"), &json!(5_010), &json!(2))
    );
    let left = ask(&mut socket, "unsubscribe", &scene.ana.to_string()).await;
    let told = json!({"type": "unsubscribed", "subscriber": scene.ana, "asked": scene.ana});
    assert_eq!(left, told);
    assert_eq!(scene.watched(), [(scene.bob, true, 1)]);
    line.leaves_nothing().await;
}

#[tokio::test]
async fn what_comes_to_nothing_is_told_and_changes_nothing() {
    let line = Line::new().await;
    let mut socket = line.connect("/api/v1/live").await;
    let told = ask(&mut socket, "subscribe", "nobody").await;
    assert_eq!(
        (&told["type"], &told["asked"], &told["status"]),
        (&json!("error"), &json!("nobody"), &json!(404))
    );
    assert!(told["detail"].as_str().unwrap().contains("tikmeter subscriber list"), "{told}");
    let told = ask(&mut socket, "unsubscribe", "ana").await;
    assert_eq!((&told["type"], &told["status"]), (&json!("error"), &json!(404)));
    assert_eq!(line.scene.watched(), []);
    line.leaves_nothing().await;
}

#[tokio::test]
async fn a_watch_that_stands_otherwise_is_told() {
    let line = Line::new().await;
    let scene = &line.scene;
    let mut socket = line.connect("/api/v1/live").await;
    ask(&mut socket, "subscribe", "ana").await;
    scene.board().stands(scene.tower, scene.ana, Standing::NoSession);
    let told = loop {
        let told = socket.next().await;
        assert_eq!(told["type"], "standing");
        if told["standing"] != "sought" {
            break told;
        }
    };
    assert_eq!((&told["subscriber"], &told["standing"]), (&json!(scene.ana), &json!("no_session")));
    assert!(told["standing_text"].as_str().unwrap().contains("it is asked again"), "{told}");
    line.leaves_nothing().await;
}

#[tokio::test]
async fn a_client_that_answers_pings_stays_and_is_told_that_all_is_well() {
    let (ping, heartbeat) = (Duration::from_millis(5), Duration::from_millis(20));
    let line = Line::with(LiveSettings { ping, heartbeat, ..LiveSettings::default() }).await;
    let mut socket = line.connect("/api/v1/live").await;
    for _ in 0..10 {
        assert_eq!(socket.next().await, json!({"type": "heartbeat", "at": "2027-01-15T08:00:00Z"}));
    }
    line.leaves_nothing().await;
}
