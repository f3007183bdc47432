//! How connections end, and what they are told.

use std::time::Duration;

use futures_util::SinkExt;
use server::LiveSettings;
use tokio_tungstenite::tungstenite::Message;

use super::line::Line;

#[tokio::test]
async fn what_is_no_message_of_this_api_closes_with_the_reason() {
    let line = Line::new().await;
    let large = format!(r#"{{"type":"subscribe","subscriber":"{}"}}"#, "a".repeat(5_000));
    for (message, code, reason) in [
        (Message::text("subscribe ana"), 1007, "no message of this API"),
        (Message::text(r#"{"type":"watch","subscriber":"ana"}"#), 1007, "unknown variant `watch`"),
        (Message::text(r#"{"type":"subscribe","subscriber":"ana","x":1}"#), 1007, "unknown field `x`"),
        (Message::binary(vec![7]), 1003, "messages are texts"),
        (Message::text(large), 1009, "4096 octets"),
    ] {
        let mut socket = line.connect("/api/v1/live").await;
        socket.0.send(message).await.unwrap();
        let (texts, told) = socket.rest().await;
        assert!(texts.is_empty() && told.0 == code && told.1.contains(reason), "{told:?}");
    }
    line.until("tikmeter_live_clients", 0).await;
    assert_eq!(line.scene.watched(), []);
    line.leaves_nothing().await;
}

#[tokio::test]
async fn on_ws_words_are_passed_over_and_too_many_of_them_close_it() {
    let line = Line::new().await;
    let mut socket = line.connect(&format!("/ws?customer_id={}", line.scene.ana)).await;
    socket.say("ping").await;
    socket.0.send(Message::binary(vec![7; 4_000])).await.unwrap();
    line.scene.says(1, &[(line.scene.ana, 1, 2)]);
    socket.next().await;
    socket.0.send(Message::text("a".repeat(4_097))).await.unwrap();
    assert_eq!(socket.rest().await.1.0, 1009);
    line.leaves_nothing().await;
}

#[tokio::test]
async fn frames_that_are_none_close_with_the_reason() {
    use tokio::io::AsyncWriteExt;
    let line = Line::new().await;
    let mut socket = line.connect("/api/v1/live").await;
    // A frame that no client may send: it is not masked.
    let tokio_tungstenite::MaybeTlsStream::Plain(stream) = socket.0.get_mut() else { panic!("no TLS here") };
    stream.write_all(&[0x81, 0x01, b'a']).await.unwrap();
    let (_, (code, reason)) = socket.rest().await;
    assert!(code == 1007 && reason.contains("unmasked"), "{code} {reason}");
    line.leaves_nothing().await;
}

#[tokio::test]
async fn a_client_that_answers_no_ping_is_closed_and_holds_nobody() {
    let ping = Duration::from_millis(20);
    let line = Line::with(LiveSettings { ping, ..LiveSettings::default() }).await;
    let mut socket = line.connect(&format!("/ws?customer_id={}", line.scene.ana)).await;
    while !line.scene.watched().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(socket.rest().await.1, (1008, "no pong came".to_owned()));
    line.leaves_nothing().await;
}

#[tokio::test]
async fn at_shutdown_every_client_is_told_and_the_server_ends() {
    let line = Line::new().await;
    let mut sockets =
        [line.connect("/ws").await, line.connect(&format!("/ws?customer_id={}", line.scene.ana)).await, {
            line.connect("/api/v1/live").await
        }];
    line.running.shutdown.cancel();
    for socket in &mut sockets {
        assert_eq!(socket.rest().await.1, (1001, "the server stops".to_owned()));
    }
    line.leaves_nothing().await;
}

#[tokio::test]
async fn whoever_came_with_a_token_that_is_revoked_is_closed() {
    let ping = Duration::from_millis(500);
    let line = Line::with(LiveSettings { ping, ..LiveSettings::default() }).await;
    let mut socket = line.connect("/api/v1/live").await;
    let operate = &line.scene.desk.operate;
    let viewers =
        operate.list_tokens().await.unwrap().into_iter().find(|one| one.token.name == "desk").unwrap();
    let (rest, revoked) = tokio::join!(socket.rest(), operate.revoke_token("test", viewers.id));
    revoked.unwrap();
    let told = "the token or the sign-in with which this came has ended";
    assert_eq!(rest.1, (1008, told.to_owned()));
    line.leaves_nothing().await;
}
