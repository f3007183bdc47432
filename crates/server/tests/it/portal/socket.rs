//! The portal on a real socket.

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
