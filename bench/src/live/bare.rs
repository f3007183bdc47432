//! The bound: a WebSocket endpoint of the same library that sends ready texts from a ring to whoever connects, those that
//! wait with one flush; what routers say is read by hand. No token, no accounts of what is lost, nobody closed.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::get;
use futures_util::SinkExt as _;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::broadcast;

use super::bare_ear::{Texts, hear};
use super::numbers::interface;
use super::orders::Tells;
use super::side::EACH;
use crate::figure::Result;

/// As many moments as our ring holds.
const RING: usize = 256;
/// As many moments with one flush as ours.
const TOGETHER: usize = 64;
/// As our server has them.
const MESSAGE_BYTES: usize = 4_096;
const WRITE_BYTES: usize = 16 * 1_024;

type Moment = Arc<[Utf8Bytes]>;

pub(super) struct Bare {
    pub(super) addr: SocketAddr,
    ring: broadcast::Sender<Moment>,
    texts: Mutex<Vec<Utf8Bytes>>,
    runtime: Handle,
}

impl Bare {
    pub(super) async fn start() -> Result<Bare> {
        let ring = broadcast::Sender::new(RING);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let addr = listener.local_addr()?;
        let app = axum::Router::new().route("/ws", get(watch)).with_state(ring.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Ok(Bare { addr, ring, texts: Mutex::default(), runtime: Handle::current() })
    }
}

impl Bare {
    /// They are told in their subscribers' order.
    fn by_interface(&self) -> Texts {
        let texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        let who = (0_u32..).map(|one| interface(one / EACH, one % EACH).into_bytes());
        who.zip(texts.iter().map(|text| text.as_str().to_owned())).collect()
    }
}

impl Tells for Bare {
    fn learn(&self, words: &str) {
        self.texts.lock().unwrap_or_else(PoisonError::into_inner).push(words.to_owned().into());
    }

    fn say(&self, router: u32) {
        let texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        let moment = texts.chunks(EACH as usize).nth(router as usize).unwrap_or_default();
        // Nobody has to look.
        drop(self.ring.send(moment.into()));
    }

    fn reach(&self, routers: Vec<SocketAddr>) {
        let texts = Arc::new(self.by_interface());
        for router in routers {
            let (texts, ring) = (Arc::clone(&texts), self.ring.clone());
            self.runtime.spawn(async move {
                if let Err(error) = hear(router, texts, ring).await {
                    eprintln!("bench: live: the bound hears a router no more: {error}");
                }
            });
        }
    }
}

async fn watch(State(ring): State<broadcast::Sender<Moment>>, upgrade: WebSocketUpgrade) -> Response {
    let moments = ring.subscribe();
    let upgrade = upgrade
        .max_message_size(MESSAGE_BYTES)
        .max_frame_size(MESSAGE_BYTES)
        .read_buffer_size(MESSAGE_BYTES)
        .write_buffer_size(WRITE_BYTES);
    upgrade.on_upgrade(|socket| async move { _ = tell(socket, moments).await })
}

async fn tell(mut socket: WebSocket, mut moments: broadcast::Receiver<Moment>) -> Option<()> {
    loop {
        tokio::select! {
            moment = moments.recv() => pass_on(&mut socket, moment.ok()?, &mut moments).await?,
            heard = socket.recv() => drop(heard?.ok()?),
        }
    }
}

async fn pass_on(
    socket: &mut WebSocket,
    first: Moment,
    moments: &mut broadcast::Receiver<Moment>,
) -> Option<()> {
    let mut next = first;
    for taken in 1.. {
        for text in &*next {
            socket.feed(Message::Text(text.clone())).await.ok()?;
        }
        if taken == TOGETHER {
            break;
        }
        next = match moments.try_recv() {
            Ok(moment) => moment,
            Err(_) => break,
        };
    }
    socket.flush().await.ok()
}
