//! /ws: what it tells whom.

use std::sync::{Arc, Mutex};

use serde_json::json;
use tracing::level_filters::LevelFilter;

use super::line::Line;
use super::scene::reading;
use crate::meter::BEGIN;

#[tokio::test]
async fn a_sample_is_one_text_with_the_fields_it_always_had() {
    let line = Line::new().await;
    let scene = &line.scene;
    scene.start(scene.ana).await;
    let mut socket = line.connect("/ws").await;
    scene.says(1, &[(scene.ana, 1_234_567, 5_234_567)]);
    let ana = json!({
        "customer_id": scene.ana, "customer_name": "Ana Cruz", "username": "ana", "service_type": "pppoe",
        "interface": "<pppoe-ana>", "rx_bits_per_second": "1234567", "tx_bits_per_second": "5234567",
        "download_speed": "5.23 Mbps", "upload_speed": "1.23 Mbps", "timestamp": "2027-01-15T08:00:01Z",
        "package": "Home 20M",
    });
    assert_eq!(socket.next().await, ana);
    // Nothing but samples comes, whatever else happens.
    socket.say("{}").await;
    scene.start(scene.bob).await;
    scene.says(2, &[(scene.bob, 1_000, 0)]);
    let bob = socket.next().await;
    assert_eq!((&bob["customer_name"], &bob["service_type"]), (&json!("bob"), &json!("static_ip")));
    assert_eq!((&bob["upload_speed"], &bob["download_speed"]), (&json!("1.00 kbps"), &json!("0.00 bps")));
    assert_eq!(bob["package"], json!(null));
    line.leaves_nothing().await;
}

/// Each flush is a packet, and a way into the kernel.
#[tokio::test]
async fn samples_that_wait_go_to_each_client_with_one_flush() {
    let line = Line::new().await;
    let scene = &line.scene;
    let all = [(scene.ana, 1, 2), (scene.bob, 3, 4), (scene.eve, 5, 6)];
    for (customer, ..) in all {
        scene.start(customer).await;
    }
    let mut sockets = [line.connect("/ws").await, line.connect("/ws").await];
    let figures = async || {
        let figures = ["samples_sent", "flushes"].map(|what| format!("tikmeter_live_{what}_total"));
        (line.figure(&figures[0]).await, line.figure(&figures[1]).await)
    };
    scene.says(1, &all);
    for socket in &mut sockets {
        for _ in all {
            socket.next().await;
        }
    }
    assert_eq!(figures().await, (6, 2), "three samples of a moment, to two clients");
    // Nothing of the server runs between these moments.
    (2..22).for_each(|second| scene.says(second, &all));
    for socket in &mut sockets {
        for _ in 0..20 * all.len() {
            socket.next().await;
        }
    }
    let (sent, flushes) = figures().await;
    assert_eq!(sent, 6 + 20 * 6);
    assert!(flushes <= 2 + 4, "{flushes} flushes for 20 moments to two clients");
    line.leaves_nothing().await;
}

#[tokio::test]
async fn whom_the_address_names_is_watched_for_it_and_nobody_else_is_told() {
    let line = Line::new().await;
    let scene = &line.scene;
    let mut both = line.connect(&format!("/ws?customer_id={},{}", scene.ana, scene.bob)).await;
    let mut again = line.connect(&format!("/ws?customer_id={0}&customer_id={1}", scene.bob, scene.bob)).await;
    let mut all = line.connect("/ws").await;
    let mut watched = [(scene.ana, false, 2), (scene.bob, false, 3)];
    watched.sort_unstable();
    assert_eq!(scene.watched(), watched, "who reads all of them is a reader of each");
    scene.start(scene.eve).await;
    scene.says(1, &[(scene.eve, 1, 1), (scene.ana, 2, 2), (scene.bob, 3, 3)]);
    let of = |sample: serde_json::Value| sample["username"].as_str().unwrap().to_owned();
    assert_eq!([of(both.next().await), of(both.next().await)], ["ana", "bob"]);
    assert_eq!(of(again.next().await), "bob");
    assert_eq!([of(all.next().await), of(all.next().await), of(all.next().await)], ["eve", "ana", "bob"]);
    for mut socket in [both, again, all] {
        socket.0.close(None).await.unwrap();
    }
    line.until("tikmeter_live_clients", 0).await;
    assert_eq!(scene.watched(), [(scene.eve, true, 0)]);
    line.leaves_nothing().await;
}

/// Bytes of names that are no text are told as everywhere.
#[tokio::test]
async fn a_name_that_is_no_text_is_told_by_its_bytes() {
    let line = Line::new().await;
    let scene = &line.scene;
    let mut socket = line.connect(&format!("/ws?customer_id={}", scene.ana)).await;
    let strange = operations::RateReading { interface: Arc::from(&b"\xe9"[..]), ..reading(scene.ana, 1, 2) };
    scene.board().read(scene.tower, BEGIN, vec![strange]);
    assert_eq!(socket.next().await["interface"], "hex:e9");
    line.leaves_nothing().await;
}

/// Where a log goes in a test.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, part: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(part);
        Ok(part.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_token_in_the_address_is_taken_there_alone_and_is_in_no_log() {
    let line = Line::new().await;
    let (log, token) = (Log::default(), &line.scene.desk.viewer);
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let _logging = tracing::subscriber::set_default(subscriber);
    // Where there is but one, threads of other tests decide by their own, which is none, what is logged at all.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    let path = format!("/ws?token={token}");
    let (status, _) = line.refused(&format!("/api/v1/live?token={token}"), &[]).await;
    assert_eq!(status, 401);
    let url = format!("ws://{}{path}", line.running.address);
    let (socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    drop(socket);
    line.until("tikmeter_live_clients", 0).await;
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("path=\"/ws\""), "{text}");
    // What a client's own library logs of its own request is not ours.
    let ours = text.lines().filter(|told| !told.contains("tungstenite") && !told.contains("reqwest"));
    let told: Vec<_> = ours.filter(|told| told.contains(token.as_str())).collect();
    assert!(told.is_empty(), "{told:?}");
    line.leaves_nothing().await;
}
