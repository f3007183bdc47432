//! A server on a real socket, and WebSocket clients that others wrote.

use std::io::ErrorKind;
use std::time::Duration;

use axum::http::Request;
use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use server::LiveSettings;
use tokio::net::TcpStream;
use tokio::runtime::Handle;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::scene::Scene;
use crate::serving::{Running, start};

/// Against a test that would never end.
const PATIENCE: Duration = Duration::from_secs(60);

/// The scene, served.
pub(super) struct Line {
    pub(super) scene: Scene,
    pub(super) running: Running,
    /// Tasks that there were before it was served.
    tasks: usize,
    is_checked: bool,
}

impl Drop for Line {
    fn drop(&mut self) {
        assert!(self.is_checked || std::thread::panicking(), "the test does not end with `leaves_nothing`");
    }
}

/// A client.
pub(super) struct Socket(pub(super) WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Line {
    pub(super) async fn new() -> Line {
        Line::with(LiveSettings::default()).await
    }

    pub(super) async fn with(settings: LiveSettings) -> Line {
        Line::of(Scene::new().await, settings).await
    }

    pub(super) async fn of(mut scene: Scene, settings: LiveSettings) -> Line {
        scene.desk.state = scene.desk.state.clone().with_live(settings);
        let tasks = Line::tasks();
        let running = start(&scene.desk).await;
        Line { scene, running, tasks, is_checked: false }
    }

    fn tasks() -> usize {
        Handle::current().metrics().num_alive_tasks()
    }

    /// Each test ends so: who was started is stopped, and with the server every client goes. No slot stays taken, and no task.
    pub(super) async fn leaves_nothing(mut self) {
        let started = self.scene.watched().into_iter().filter(|(_, started, _)| *started);
        for (customer, ..) in started {
            self.scene.desk.operate.stop_monitor(customer).await.unwrap();
        }
        self.running.shutdown.cancel();
        (&mut self.running.server).await.unwrap();
        assert_eq!(self.scene.watched(), [], "a slot stays taken");
        let all_end = async {
            while Line::tasks() > self.tasks {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, all_end).await.expect("every task ends");
        self.is_checked = true;
    }

    fn request(&self, path: &str, headers: &[(&'static str, &str)]) -> Request<()> {
        let mut request = format!("ws://{}{path}", self.running.address).into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        request
    }

    /// Connects as a viewer.
    pub(super) async fn connect(&self, path: &str) -> Socket {
        self.connect_with(path, &[]).await
    }

    pub(super) async fn connect_with(&self, path: &str, headers: &[(&'static str, &str)]) -> Socket {
        let viewer = format!("Bearer {}", self.scene.desk.viewer);
        let headers = [&[("authorization", viewer.as_str())], headers].concat();
        Socket(connect_async(self.request(path, &headers)).await.unwrap().0)
    }

    /// Connects as a page in a browser does, with a token among the protocols that it offers; gives the protocol that was taken.
    pub(super) async fn connect_as_page(&self, path: &str, token: &str) -> Result<(Socket, String), u16> {
        let offered = format!("tikmeter, bearer.{token}");
        match connect_async(self.request(path, &[("sec-websocket-protocol", &offered)])).await {
            Ok((socket, answer)) => {
                let taken = answer.headers()["sec-websocket-protocol"].to_str().unwrap().to_owned();
                Ok((Socket(socket), taken))
            }
            Err(Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// Connects as a viewer, or says by which status that was refused. The kernel resets whom its queue has no room for while
    /// the server has not accepted those before, and the server ends who was slow to say what is asked for; they come again,
    /// as people do.
    pub(super) async fn try_to_connect(&self, path: &str) -> Result<Socket, u16> {
        let viewer = format!("Bearer {}", self.scene.desk.viewer);
        for _ in 0..20 {
            match connect_async(self.request(path, &[("authorization", viewer.as_str())])).await {
                Ok((socket, _)) => return Ok(Socket(socket)),
                Err(Error::Http(answer)) => return Err(answer.status().as_u16()),
                Err(Error::Protocol(ProtocolError::HandshakeIncomplete)) => (),
                Err(Error::Io(error)) if error.kind() == ErrorKind::ConnectionReset => (),
                Err(error) => panic!("{error}"),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("twenty times nobody was there to let them in");
    }

    /// What answers instead of a WebSocket.
    pub(super) async fn refused(&self, path: &str, headers: &[(&'static str, &str)]) -> (u16, Value) {
        let asked = self.request(path, headers);
        let url = format!("http://{}{path}", self.running.address);
        let answer = reqwest::Client::new().get(url).headers(asked.headers().clone()).send().await.unwrap();
        let (status, text) = (answer.status().as_u16(), answer.text().await.unwrap());
        (status, serde_json::from_str(&text).unwrap())
    }

    /// The same as a viewer.
    pub(super) async fn refused_to_viewer(&self, path: &str) -> (u16, Value) {
        let viewer = format!("Bearer {}", self.scene.desk.viewer);
        self.refused(path, &[("authorization", &viewer)]).await
    }

    /// A figure of /metrics.
    pub(super) async fn figure(&self, name: &str) -> u64 {
        let desk = &self.scene.desk;
        let text = desk.get("/metrics", Some(&desk.viewer)).await.body;
        let line = text.lines().find_map(|line| line.strip_prefix(&format!("{name} ")));
        line.unwrap_or_else(|| panic!("no {name} in {text}")).parse().unwrap()
    }

    /// Waits until a figure of /metrics is that.
    pub(super) async fn until(&self, name: &str, figure: u64) {
        while self.figure(name).await != figure {
            tokio::task::yield_now().await;
        }
    }
}

impl Socket {
    pub(super) async fn say(&mut self, words: &str) {
        self.0.send(Message::text(words)).await.unwrap();
    }

    /// The next text.
    pub(super) async fn next(&mut self) -> Value {
        loop {
            match self.0.next().await.unwrap().unwrap() {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// The next ping as 1, or another message as 0.
    pub(super) async fn next_ping_or_text(&mut self) -> u32 {
        u32::from(matches!(self.0.next().await.unwrap().unwrap(), Message::Ping(_)))
    }

    /// Texts until the close, and with what code and reason that came.
    pub(super) async fn rest(&mut self) -> (Vec<Value>, (u16, String)) {
        let mut texts = Vec::new();
        loop {
            match self.0.next().await.unwrap().unwrap() {
                Message::Text(text) => texts.push(serde_json::from_str(&text).unwrap()),
                Message::Close(Some(CloseFrame { code, reason })) => {
                    return (texts, (code.into(), reason.to_string()));
                }
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }
}
