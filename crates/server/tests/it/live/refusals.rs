//! Who gets no WebSocket.

use operations::{MonitorSettings, Phase};
use serde_json::json;
use server::LiveSettings;
use uuid::Uuid;

use super::line::Line;
use super::scene::Scene;

#[tokio::test]
async fn without_a_token_there_is_none_and_a_viewer_may_look() {
    let line = Line::new().await;
    for path in ["/ws", "/ws?token=", "/ws?token=tkm_wrong", "/api/v1/live"] {
        assert_eq!(line.refused(path, &[]).await.0, 401, "{path}");
    }
    line.connect("/ws").await;
    line.connect("/api/v1/live").await;
    line.leaves_nothing().await;
}

/// Browsers let a page send no header of its own with a WebSocket, and hang up where none of its protocols is taken.
#[tokio::test]
async fn a_page_names_its_token_among_the_protocols_and_is_never_sent_it_back() {
    let line = Line::new().await;
    let (socket, taken) = line.connect_as_page("/api/v1/live", &line.scene.desk.viewer).await.unwrap();
    assert_eq!(taken, "tikmeter");
    assert_eq!(line.connect_as_page("/api/v1/live", "tkm_wrong").await.err(), Some(401));
    assert_eq!(
        line.connect_as_page("/ws", &line.scene.desk.viewer).await.err(),
        Some(401),
        "/ws takes it in its address"
    );
    drop(socket);
    line.leaves_nothing().await;
}

#[tokio::test]
async fn who_cannot_be_watched_is_refused_before_with_the_words_of_start() {
    let line = Line::of(
        Scene::with(MonitorSettings { slots: 1, ..MonitorSettings::default() }).await,
        LiveSettings::default(),
    )
    .await;
    let scene = &line.scene;
    let add = async |new: &str| scene.desk.post("/api/v1/subscribers", new).await.expect(201).text("id");
    let (dan, fay) = (add(r#"{"username":"dan"}"#).await, add(r#"{"username":"fay"}"#).await);
    scene.desk.post("/api/v1/subscribers/fay/unbind", r#"{"login":"fay"}"#).await.expect(200);
    let refused = async |query: &str, status: u16, message: &str| {
        let told = line.refused_to_viewer(&format!("/ws?{query}")).await;
        assert_eq!(told, (status, json!({"status": "error", "message": message})));
    };
    let of = |id: &dyn std::fmt::Display| format!("customer_id={id}");
    let bad = "invalid customer_id: it is the UUID of a subscriber";
    for query in ["customer_id=ana", "customer_id=", &format!("customer_id={},", scene.ana)] {
        refused(query, 400, bad).await;
    }
    refused("customers=7", 400, "the address takes customer_id and token, and nothing else").await;
    refused(&of(&Uuid::from_u128(7)), 404, "customer not found").await;
    refused(&of(&dan), 409, "no active session").await;
    refused(&of(&fay), 422, "failed to get interface name").await;
    refused(&of(&format!("{},{}", scene.ana, scene.bob)), 429, "all 1 slots are taken").await;
    assert_eq!(scene.watched(), [], "the first of the two is let go again");
    scene.router_is(Phase::Unreachable);
    refused(&of(&scene.ana), 503, "MikroTik client not connected").await;
    assert_eq!(line.figure("tikmeter_live_clients").await, 0);
    line.leaves_nothing().await;
}

#[tokio::test]
async fn where_it_is_switched_off_nobody_is_shown() {
    let off = Scene::with(MonitorSettings { enabled: false, ..MonitorSettings::default() }).await;
    let line = Line::of(off, LiveSettings::default()).await;
    let told = line.refused_to_viewer(&format!("/ws?customer_id={}", line.scene.ana)).await;
    assert_eq!(told, (503, json!({"status": "error", "message": "traffic monitor disabled"})));
    line.leaves_nothing().await;
}

#[tokio::test]
async fn a_browser_on_another_sites_page_is_refused_and_ours_is_not() {
    let line = Line::new().await;
    let token = format!("Bearer {}", line.scene.desk.viewer);
    for path in ["/ws", "/api/v1/live"] {
        for foreign in
            [("origin", "http://evil.example"), ("origin", "null"), ("sec-fetch-site", "cross-site")]
        {
            let (status, told) = line.refused(path, &[("authorization", &token), foreign]).await;
            assert_eq!(status, 403, "{path} {told}");
        }
        let ours = format!("http://{}", line.running.address);
        line.connect_with(path, &[("origin", &ours)]).await;
    }
    line.leaves_nothing().await;
}

#[tokio::test]
async fn a_request_that_is_no_websockets_is_told_so() {
    let line = Line::new().await;
    let desk = &line.scene.desk;
    let told = desk.get("/ws", Some(&desk.viewer)).await.expect(426).text("message");
    assert!(told.contains("for WebSockets"), "{told}");
    desk.get("/api/v1/live", Some(&desk.viewer)).await.expect(426);
    line.leaves_nothing().await;
}

#[tokio::test]
async fn beyond_the_bound_a_connection_is_refused_and_the_others_go_on() {
    let line = Line::with(LiveSettings { clients: 2, ..LiveSettings::default() }).await;
    let scene = &line.scene;
    scene.start(scene.ana).await;
    let mut first = line.connect("/ws").await;
    let second = line.connect("/api/v1/live").await;
    let (status, told) = line.refused_to_viewer("/ws").await;
    assert_eq!((status, &told["status"]), (503, &json!("error")));
    assert!(told["message"].as_str().unwrap().contains("All 2 places"), "{told}");
    assert_eq!(line.refused_to_viewer("/api/v1/live").await.0, 503);
    scene.says(1, &[(scene.ana, 1, 2)]);
    first.next().await;
    drop(second);
    line.until("tikmeter_live_clients", 1).await;
    line.connect("/ws").await;
    line.leaves_nothing().await;
}
