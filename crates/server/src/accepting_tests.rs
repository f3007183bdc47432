//! Clients that are slow on purpose, on a real socket whose patience is short.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::accepting::accept;
use crate::door::{Door, Patience};
use crate::layers::limits::time_limit;

const SOON: Duration = Duration::from_millis(300);
const A_MOMENT: Duration = Duration::from_millis(10);
/// More than sockets take for a client that does not read.
const LONG_ANSWER: usize = 64 << 20;

/// A server that waits for nobody for long, and stops when it is dropped.
async fn served(patience: Patience, places: usize) -> (SocketAddr, DropGuard) {
    let app = Router::new()
        .route("/", get(async || "here"))
        .route("/long", get(async || vec![b'a'; LONG_ANSWER]))
        .route("/", post(async |body: Bytes| body.len().to_string()))
        .layer(from_fn_with_state(SOON, time_limit));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
    let door = Door { patience, ..Door::open(places) };
    tokio::spawn(accept(listener, app, door, stop.clone()));
    (address, stop.drop_guard())
}

const IMPATIENT: Patience = Patience { head: SOON, kept: None, last: Duration::ZERO };

/// Sends one octet after the other, and then nothing; what the server said until it closed the connection.
async fn trickled(address: SocketAddr, text: &str) -> String {
    let mut client = TcpStream::connect(address).await.unwrap();
    let (mut reader, mut writer) = client.split();
    let mut said = Vec::new();
    let send = async {
        for octet in text.as_bytes().chunks(1).cycle() {
            if writer.write_all(octet).await.is_err() {
                break;
            }
            tokio::time::sleep(A_MOMENT).await;
        }
    };
    tokio::select! {
        // However it closes: what counts is that it does.
        _ = reader.read_to_end(&mut said) => {}
        () = send => {}
    }
    String::from_utf8(said).unwrap()
}

#[tokio::test]
async fn a_head_that_comes_octet_by_octet_is_not_waited_for() {
    let (address, _stop) = served(IMPATIENT, 9).await;
    let said = trickled(address, "GET / HTTP/1.1\r\nx-more: ").await;
    assert!(!said.contains(" 200 "), "{said}");
}

#[tokio::test]
async fn a_body_that_comes_octet_by_octet_is_given_up_in_words() {
    let (address, _stop) = served(IMPATIENT, 9).await;
    let mut client = TcpStream::connect(address).await.unwrap();
    client.write_all(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n").await.unwrap();
    let (mut reader, mut writer) = client.split();
    let mut said = [0; 4_096];
    let read = tokio::select! {
        read = reader.read(&mut said) => read.unwrap(),
        () = async {
            while writer.write_all(b"a").await.is_ok() {
                tokio::time::sleep(A_MOMENT).await;
            }
            std::future::pending().await
        } => unreachable!(),
    };
    let said = String::from_utf8_lossy(&said[..read]).into_owned();
    assert!(said.starts_with("HTTP/1.1 504 ") && said.contains("given up"), "{said}");
}

#[tokio::test]
async fn an_answer_that_is_read_octet_by_octet_is_broken_off_where_anybody_may_come() {
    let patience = Patience { kept: Some(SOON), last: SOON, ..IMPATIENT };
    let (address, _stop) = served(patience, 9).await;
    let mut client = TcpStream::connect(address).await.unwrap();
    client.write_all(b"GET /long HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    for _ in 0..100 {
        client.read_u8().await.unwrap();
        tokio::time::sleep(A_MOMENT).await;
    }
    let mut rest = Vec::new();
    // Broken off by a reset or by an end: much of it never comes.
    let _ = client.read_to_end(&mut rest).await;
    assert!(rest.len() < LONG_ANSWER / 2, "{} octets came", rest.len());
}

#[tokio::test]
async fn whoever_waits_for_a_place_has_it_when_one_that_is_idle_is_closed() {
    let (address, _stop) = served(IMPATIENT, 2).await;
    let mut idle = Vec::new();
    for _ in 0..2 {
        let mut client = TcpStream::connect(address).await.unwrap();
        client.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        let mut said = [0; 1_024];
        assert!(client.read(&mut said).await.unwrap() > 0);
        idle.push(client);
    }
    let mut next = TcpStream::connect(address).await.unwrap();
    next.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut said = String::new();
    next.read_to_string(&mut said).await.unwrap();
    assert!(said.starts_with("HTTP/1.1 200 "), "{said}");
    let is_closed = |client: &TcpStream| matches!(client.try_read(&mut [0; 9]), Ok(0));
    assert!(idle.iter().any(is_closed), "there was none before");
}
