//! Live samples for who is bound to groups of routers.

use std::time::Duration;

use secrecy::ExposeSecret;
use serde_json::json;
use server::LiveSettings;
use store::Role;

use super::line::{Line, Socket};

/// The tower is in the group north, and a token is bound to that group.
async fn token(line: &Line, group: &str) -> String {
    let desk = &line.scene.desk;
    desk.add_router(&format!("{group}-hill")).await;
    let put = json!({"group": group}).to_string();
    desk.patch(&format!("/api/v1/routers/{group}-hill"), &put).await.expect(200);
    let issued =
        desk.operate.create_token("system", group, Role::Viewer, None, vec![group.to_owned()]).await.unwrap();
    issued.token.expose_secret().to_owned()
}

async fn connect(line: &Line, token: &str) -> Socket {
    line.connect_with("/api/v1/live", &[("authorization", &format!("Bearer {token}"))]).await
}

async fn subscribe(socket: &mut Socket, subscriber: &str) -> serde_json::Value {
    socket.say(&json!({"type": "subscribe", "subscriber": subscriber}).to_string()).await;
    loop {
        let told = socket.next().await;
        if told["type"] == "subscribed" || told["type"] == "error" {
            return told;
        }
    }
}

#[tokio::test]
async fn nobody_is_watched_on_a_router_that_is_not_reached() {
    let line = Line::new().await;
    let [north, south] = [token(&line, "north").await, token(&line, "south").await];
    line.scene.desk.patch("/api/v1/routers/tower", r#"{"group":"north"}"#).await.expect(200);
    // Somebody who reaches all watches her already, which makes it no easier.
    line.scene.start(line.scene.ana).await;
    let mut stranger = connect(&line, &south).await;
    let told = subscribe(&mut stranger, "ana").await;
    assert_eq!((&told["type"], &told["status"]), (&json!("error"), &json!(404)));
    let mut neighbour = connect(&line, &north).await;
    assert_eq!(subscribe(&mut neighbour, "ana").await["type"], "subscribed");
    line.scene.says(1, &[(line.scene.ana, 1_000, 2_000)]);
    while neighbour.next().await["type"] != "sample" {}
    drop((stranger, neighbour));
    line.leaves_nothing().await;
}

#[tokio::test]
async fn who_does_not_reach_a_router_any_more_is_told_no_more_of_it() {
    let ping = Duration::from_millis(500);
    let line = Line::with(LiveSettings { ping, ..LiveSettings::default() }).await;
    let north = token(&line, "north").await;
    line.scene.desk.patch("/api/v1/routers/tower", r#"{"group":"north"}"#).await.expect(200);
    let mut socket = connect(&line, &north).await;
    assert_eq!(subscribe(&mut socket, "ana").await["type"], "subscribed");
    line.scene.desk.patch("/api/v1/routers/tower", r#"{"group":null}"#).await.expect(200);
    // A list is looked up anew with each ping: one that was sent after a second came with the new one.
    let mut pings = 0;
    while pings < 2 {
        pings += socket.next_ping_or_text().await;
    }
    line.scene.says(1, &[(line.scene.ana, 1_000, 2_000)]);
    socket.say(r#"{"type":"subscribe","subscriber":"ana"}"#).await;
    loop {
        let told = socket.next().await;
        assert_ne!(told["type"], "sample", "{told}");
        if told["type"] == "error" {
            break;
        }
    }
    line.leaves_nothing().await;
}

/// Older programs look at whoever is watched for others. A list of routers is looked up anew with each ping.
#[tokio::test]
async fn who_looks_by_the_older_address_is_told_of_their_routers_alone() {
    let ping = Duration::from_millis(500);
    let line = Line::with(LiveSettings { ping, ..LiveSettings::default() }).await;
    let [north, south] = [token(&line, "north").await, token(&line, "south").await];
    line.scene.desk.patch("/api/v1/routers/tower", r#"{"group":"north"}"#).await.expect(200);
    let ana = line.scene.ana;
    line.scene.start(ana).await;
    let by = |token: &str| format!("Bearer {token}");
    let named = format!("/ws?customer_id={ana}");
    assert_eq!(line.refused(&named, &[("authorization", &by(&south))]).await.0, 404);
    let mut stranger = line.connect_with("/ws", &[("authorization", &by(&south))]).await;
    let mut neighbour = line.connect_with("/ws", &[("authorization", &by(&north))]).await;
    line.scene.says(1, &[(ana, 1_000, 2_000)]);
    assert_eq!(neighbour.next().await["customer_id"], ana.to_string());
    line.scene.desk.patch("/api/v1/routers/tower", r#"{"group":"south"}"#).await.expect(200);
    for _ in 0..2 {
        assert_eq!(stranger.next_ping_or_text().await, 1, "nothing is told of another's router");
    }
    line.scene.says(2, &[(ana, 3_000, 4_000)]);
    assert_eq!(stranger.next().await["customer_id"], ana.to_string(), "it is theirs now");
    drop((stranger, neighbour));
    line.leaves_nothing().await;
}
