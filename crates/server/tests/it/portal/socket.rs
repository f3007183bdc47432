//! The portal on a real socket.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use accounting::time::Micros;
use operations::ManualClock;
use server::{PortalState, serve_portal};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use super::till::Till;

const ASK: &[u8] = b"GET /portal HTTP/1.1\r\nhost: portal\r\n\r\n";

async fn is_answered(stream: &mut TcpStream) -> bool {
    let mut some = [0; 512];
    stream.write_all(ASK).await.is_ok() && stream.read(&mut some).await.is_ok_and(|read| read > 0)
}

#[tokio::test]
async fn one_address_cannot_take_all_the_places_and_a_stop_ends_it() {
    let state = PortalState::new(Arc::new(Till::default()), Arc::new(ManualClock::new(Micros(0))));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, shutdown) = (listener.local_addr().unwrap(), CancellationToken::new());
    let serving = tokio::spawn(serve_portal(listener, state, shutdown.clone()));
    let mut held = Vec::new();
    for _ in 0..24 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        assert!(is_answered(&mut stream).await);
        held.push(stream);
    }
    let mut one_more = TcpStream::connect(address).await.unwrap();
    assert!(!is_answered(&mut one_more).await, "a 25th of the same address is closed");
    held.clear();
    while !is_answered(&mut TcpStream::connect(address).await.unwrap()).await {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    shutdown.cancel();
    serving.await.unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

/// What somebody does who wants all the places.
async fn hold(address: SocketAddr, begin: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(begin).await.unwrap();
    stream
}

async fn is_closed(mut stream: TcpStream) -> bool {
    let mut some = [0; 4_096];
    loop {
        match stream.read(&mut some).await {
            Ok(0) | Err(_) => return true,
            Ok(_) => {}
        }
    }
}

/// Waits, by a clock that runs as fast as nobody does anything, for what never ends unless the portal ends it.
async fn within_minutes(ends: impl Future<Output = bool>) -> bool {
    tokio::time::timeout(Duration::from_secs(600), ends).await.unwrap_or(false)
}

#[tokio::test(start_paused = true)]
async fn nobody_holds_a_place_by_doing_nothing_or_next_to_nothing() {
    let state = PortalState::new(Arc::new(Till::default()), Arc::new(ManualClock::new(Micros(0))));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, shutdown) = (listener.local_addr().unwrap(), CancellationToken::new());
    let serving = tokio::spawn(serve_portal(listener, state, shutdown.clone()));

    assert!(within_minutes(is_closed(hold(address, b"").await)).await, "nothing is sent");
    assert!(
        within_minutes(is_closed(hold(address, b"GET /portal HTTP/1.1\r\nx: ").await)).await,
        "half a head"
    );
    let half = b"POST /activate HTTP/1.1\r\nhost: a\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 99\r\n\r\nco";
    assert!(within_minutes(is_closed(hold(address, half).await)).await, "half a body");

    let (mut reading, mut writing) = hold(address, ASK).await.into_split();
    let dripping = tokio::spawn(async move {
        while writing.write_all(ASK).await.is_ok() {
            tokio::time::sleep(Duration::from_secs(5)).await;
        }
    });
    let all_read = async { tokio::io::copy(&mut reading, &mut tokio::io::sink()).await.is_ok() };
    assert!(within_minutes(all_read).await, "a request every now and then");
    dripping.abort();

    let (deaf, mut asking) = hold(address, ASK).await.into_split();
    let asks_on = async {
        let many = ASK.repeat(100);
        while asking.write_all(&many).await.is_ok() {}
        true
    };
    assert!(within_minutes(asks_on).await, "answers are asked for and never read");
    drop(deaf);
    shutdown.cancel();
    serving.await.unwrap();
}
