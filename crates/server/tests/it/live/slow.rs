//! Clients that do not keep up.

use std::sync::Arc;
use std::time::Duration;

use operations::RateReading;
use serde_json::{Value, json};
use server::LiveSettings;

use super::line::Line;
use super::scene::reading;
use crate::meter::BEGIN;

const FEW: LiveSettings = LiveSettings {
    clients: 10,
    behind: 8,
    losses: 100,
    ping: Duration::from_secs(60),
    heartbeat: Duration::from_secs(60),
    patience: Duration::from_secs(60),
};

#[tokio::test]
async fn on_ws_a_slow_client_is_closed_and_its_loss_is_counted() {
    let line = Line::with(FEW).await;
    let scene = &line.scene;
    let mut socket = line.connect(&format!("/ws?customer_id={}", scene.ana)).await;
    scene.says(1, &[(scene.ana, 1, 2)]);
    socket.next().await;
    for second in 2..=300 {
        scene.says(second, &[(scene.ana, 1, 2)]);
    }
    let (texts, (code, reason)) = socket.rest().await;
    assert_eq!((code, texts.len()), (1013, 0), "the first that came after the loss closed it");
    assert!(reason.contains("too slow"), "{reason}");
    line.until("tikmeter_live_closed_slow_total", 1).await;
    let dropped = line.figure("tikmeter_live_samples_dropped_total").await;
    assert!((101..300).contains(&dropped), "{dropped}");
    assert_eq!(line.figure("tikmeter_live_samples_sent_total").await, 1);
    line.leaves_nothing().await;
}

/// Who loses few goes on.
#[tokio::test]
async fn on_ws_a_loss_within_the_bound_is_counted_and_nothing_else() {
    let line = Line::with(LiveSettings { losses: 400, ..FEW }).await;
    let scene = &line.scene;
    let mut socket = line.connect(&format!("/ws?customer_id={}", scene.ana)).await;
    for _ in 0..3 {
        for second in 1..=300 {
            scene.says(second, &[(scene.ana, 1, 2)]);
        }
        while socket.next().await["timestamp"] != "2027-01-15T08:05:00Z" {}
    }
    let told = async |what: &str| line.figure(&format!("tikmeter_live_{what}_total")).await;
    assert_eq!(told("samples_sent").await + told("samples_dropped").await, 900);
    assert!(told("samples_dropped").await > 400, "together more than the bound, and up to date between");
    assert_eq!(told("closed_slow").await, 0);
    line.leaves_nothing().await;
}

#[tokio::test]
async fn on_v1_each_loss_is_told_to_the_sample() {
    let line = Line::with(FEW).await;
    let scene = &line.scene;
    let mut socket = line.connect("/api/v1/live").await;
    for subscriber in ["ana", "bob"] {
        socket.say(&json!({"type": "subscribe", "subscriber": subscriber}).to_string()).await;
        assert_eq!(socket.next().await["type"], "subscribed");
    }
    for second in 1..=300 {
        scene.says(second, &[(scene.ana, 1, 2), (scene.bob, 3, 4)]);
    }
    let (mut next, mut dropped) = ([1_u64, 1], 0);
    while next != [301, 301] {
        let told = socket.next().await;
        let whose = usize::from(told["subscriber"] == json!(scene.bob));
        let number = |field: &str| told[field].as_u64().unwrap();
        match told["type"].as_str().unwrap() {
            "dropped" => {
                next[whose] += number("samples");
                dropped += number("samples");
            }
            "sample" => {
                assert_eq!(number("no"), next[whose], "what lacks before it was told");
                next[whose] += 1;
            }
            _ => assert_eq!(told["type"], "standing"),
        }
    }
    assert!(dropped > 0);
    assert_eq!(line.figure("tikmeter_live_samples_dropped_total").await, dropped);
    assert_eq!(line.figure("tikmeter_live_samples_sent_total").await, 600 - dropped);
    line.leaves_nothing().await;
}

/// A client that reads nothing at all is found out by the write that does not end.
#[tokio::test]
async fn a_client_that_takes_nothing_is_given_up_and_delays_nobody() {
    let patience = Duration::from_millis(200);
    let line = Line::with(LiveSettings { patience, losses: u64::MAX, ..FEW }).await;
    let scene = &line.scene;
    let mute = line.connect(&format!("/ws?customer_id={}", scene.ana)).await;
    let mut other = line.connect(&format!("/ws?customer_id={}", scene.bob)).await;
    let large: Arc<[u8]> = vec![b'a'; 2_000_000].into();
    let mut told: Option<Value> = None;
    while line.figure("tikmeter_live_closed_slow_total").await == 0 {
        let ana = RateReading { interface: large.clone(), ..reading(scene.ana, 1, 2) };
        scene.board().read(scene.tower, BEGIN, vec![ana, reading(scene.bob, 3, 4)]);
        told = Some(other.next().await);
    }
    assert_eq!(told.unwrap()["username"], "bob");
    drop(mute);
    line.until("tikmeter_live_clients", 1).await;
    assert_eq!(scene.watched(), [(scene.bob, false, 1)]);
    line.leaves_nothing().await;
}
