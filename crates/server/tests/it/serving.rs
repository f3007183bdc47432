//! The server on a real socket.

use std::time::Duration;

use server::{serve, serve_tls};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::harness::Desk;
use crate::portal::tls::{Files, asked, asked_from};

/// A server that runs until it is told to stop.
pub(crate) struct Running {
    pub(crate) address: std::net::SocketAddr,
    pub(crate) shutdown: CancellationToken,
    pub(crate) server: JoinHandle<()>,
}

pub(crate) async fn start(desk: &Desk) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let shutdown = CancellationToken::new();
    let server = tokio::spawn(serve(listener, desk.state.clone(), shutdown.clone()));
    Running { address, shutdown, server }
}

#[tokio::test]
async fn programs_on_this_host_scrape_without_a_token_and_nothing_else() {
    let desk = Desk::new().await;
    let running = start(&desk).await;
    let get = |path: &str| reqwest::get(format!("http://{}{path}", running.address));
    let metrics = get("/metrics").await.unwrap();
    assert_eq!(metrics.status(), 200);
    assert!(metrics.headers()["content-type"].to_str().unwrap().starts_with("application/openmetrics-text"));
    assert_eq!(get("/api/v1/status").await.unwrap().status(), 401);
    let text = get("/metrics").await.unwrap().text().await.unwrap();
    let line = "tikmeter_http_requests_total{route=\"/api/v1/status\",method=\"read\",status=\"401\"} 1";
    assert!(text.contains(line), "{text}");
    let foreign = reqwest::Client::new()
        .get(format!("http://{}/metrics", running.address))
        .header("host", "evil.example");
    assert_eq!(foreign.send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn the_same_is_served_over_tls_beside_it() {
    let (desk, files) = (Desk::new().await, Files::new());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, shutdown) = (listener.local_addr().unwrap().port(), CancellationToken::new());
    let serving = tokio::spawn(serve_tls(listener, desk.state.clone(), files.served(), shutdown.clone()));
    let answer = asked(&files.client(), port, "/healthz").await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("ok\n"), "{answer}");
    let answer = asked(&files.client(), port, "/api/v1/status").await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    assert!(asked(&Files::new().client(), port, "/healthz").await.is_err(), "it trusts another one");
    shutdown.cancel();
    serving.await.unwrap();
}

/// Over TLS anybody may come: a host that opens more connections than some people need leaves places for others.
#[tokio::test]
async fn no_host_takes_all_places_over_tls() {
    let (desk, files) = (Desk::new().await, Files::new());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, shutdown) = (listener.local_addr().unwrap().port(), CancellationToken::new());
    let serving = tokio::spawn(serve_tls(listener, desk.state.clone(), files.served(), shutdown.clone()));
    let client = files.client();
    let mut greedy = Vec::new();
    for _ in 0..128 {
        greedy.push(TcpStream::connect(("127.0.0.1", port)).await.unwrap());
    }
    assert!(asked(&client, port, "/healthz").await.is_err(), "so many it may have, and no more");
    let another = asked_from([127, 0, 0, 2].into(), &client, port, "/healthz").await;
    assert!(another.is_ok(), "another host finds a place: {another:?}");
    drop(greedy);
    let mut again = asked(&client, port, "/healthz").await;
    for _ in 0..600 {
        if again.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        again = asked(&client, port, "/healthz").await;
    }
    assert!(again.is_ok(), "whoever goes gives their places back: {again:?}");
    shutdown.cancel();
    serving.await.unwrap();
}

#[tokio::test]
async fn shutdown_closes_idle_connections_and_ends() {
    let desk = Desk::new().await;
    let running = start(&desk).await;
    let mut idle = TcpStream::connect(running.address).await.unwrap();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut some = [0; 1_024];
    assert!(idle.read(&mut some).await.unwrap() > 0);
    running.shutdown.cancel();
    tokio::time::timeout(Duration::from_secs(5), running.server).await.unwrap().unwrap();
    assert_eq!(idle.read(&mut some).await.unwrap(), 0);
    assert!(TcpStream::connect(running.address).await.is_err());
}

/// The library that reads requests answers these before any of our code could: what its document says of them is true.
#[tokio::test]
async fn what_is_no_request_is_answered_without_a_body_as_the_document_says() {
    let desk = Desk::new().await;
    let running = start(&desk).await;
    let headers: String = (0..=100).map(|number| format!("x{number}: 1\r\n")).collect();
    let most = 65_534;
    for (head, status) in [
        ("GET\r\n\r\n".to_owned(), 400),
        (format!("GET /{} HTTP/1.1\r\nhost: localhost\r\n\r\n", "a".repeat(most)), 414),
        (format!("GET /healthz HTTP/1.1\r\n{headers}\r\n"), 431),
    ] {
        let mut client = TcpStream::connect(running.address).await.unwrap();
        client.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
        assert!(answer.contains("connection: close") && answer.ends_with("\r\n\r\n"), "{answer}");
    }
    let longest =
        format!("GET /{} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n", "a".repeat(most - 1));
    let mut client = TcpStream::connect(running.address).await.unwrap();
    client.write_all(longest.as_bytes()).await.unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    assert!(answer.contains("application/problem+json"), "{answer}");
}

/// Neither a length that is told nor one that is not makes us take it in.
#[tokio::test]
async fn a_gigabyte_is_refused_after_little_of_it() {
    let desk = Desk::new().await;
    let running = start(&desk).await;
    let token = &desk.admin;
    for (told, before, after) in
        [("content-length: 1073741824", "", ""), ("transfer-encoding: chunked", "10000\r\n", "\r\n")]
    {
        let client = TcpStream::connect(running.address).await.unwrap();
        let (mut reader, mut writer) = client.into_split();
        let head = format!(
            "POST /api/v1/plans HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\
             content-type: application/json\r\n{told}\r\n\r\n"
        );
        writer.write_all(head.as_bytes()).await.unwrap();
        let piece = [before.as_bytes(), &[b' '; 0x1_0000], after.as_bytes()].concat();
        let sending = tokio::spawn(async move {
            let mut sent = 0_u64;
            while sent < 1 << 30 && writer.write_all(&piece).await.is_ok() {
                sent += piece.len() as u64;
            }
            sent
        });
        let mut said = [0; 1_024];
        let read = reader.read(&mut said).await.unwrap();
        assert!(said[..read].starts_with(b"HTTP/1.1 413 "), "{}", String::from_utf8_lossy(&said[..read]));
        drop(reader);
        // What the sockets between us hold is sent at most.
        let sent = sending.await.unwrap();
        assert!(sent < 1 << 28, "{sent} octets were taken");
    }
    running.shutdown.cancel();
    running.server.await.unwrap();
}
