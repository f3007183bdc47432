//! Accepting connections: how many, how long one may keep us waiting, and how the last ones end.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use crate::certificate::ServedCertificate;
use crate::door::{Door, Patience};

/// How long running requests may go on after the shutdown was asked for.
const GRACE: Duration = Duration::from_secs(10);
/// Pause after an accept that failed for lack of something (file descriptors, memory).
const BREATH: Duration = Duration::from_millis(200);

/// Answers connections by `app` until `shutdown` is cancelled, then lets running requests end (10 s at most) and returns. Who is
/// let in, and how long each may stay, `door` says.
pub(crate) async fn accept(listener: TcpListener, app: Router, door: Door, shutdown: CancellationToken) {
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    let places = Arc::new(Semaphore::new(door.places));
    while let Some((stream, peer)) = next(&listener, &places, &shutdown).await {
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else { continue };
        let Some(guest) = door.enter(peer.ip()) else { continue };
        let visit = Visit { peer, app: app.clone(), door: door.clone(), shutdown: shutdown.clone() };
        let stop = stop.clone();
        tasks.spawn(async move {
            stop.run_until_cancelled(visit.until_it_ends(stream)).await;
            drop((place, guest));
        });
    }
    drop(listener);
    tasks.close();
    if tokio::time::timeout(GRACE, tasks.wait()).await.is_err() {
        tracing::warn!(connections = tasks.len(), "requests still running at shutdown were broken off");
        stop.cancel();
        tasks.wait().await;
    }
}

/// The next connection once there is a place for it; `None` when it is time to stop. Places are taken by this
/// loop alone, so one that was free stays free until its caller takes it.
async fn next(
    listener: &TcpListener,
    places: &Semaphore,
    shutdown: &CancellationToken,
) -> Option<(TcpStream, SocketAddr)> {
    let accepted = shutdown.run_until_cancelled(async {
        loop {
            drop(places.acquire().await.ok()?);
            match listener.accept().await {
                Ok(accepted) => return Some(accepted),
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(BREATH).await;
                }
            }
        }
    });
    accepted.await.flatten()
}

/// One connection.
struct Visit {
    peer: SocketAddr,
    app: Router,
    door: Door,
    shutdown: CancellationToken,
}

impl Visit {
    /// Whatever is asked on it. One that outstays `patience.longest` is broken off: a client that sends, or reads, an octet now and
    /// then would hold its place for ever.
    async fn until_it_ends(self, stream: TcpStream) {
        let (peer, longest) = (self.peer, self.door.patience.longest());
        let whole = self.greeted(stream);
        match longest {
            None => whole.await,
            Some(longest) => {
                if tokio::time::timeout(longest, whole).await.is_err() {
                    tracing::debug!(%peer, "a connection was held for too long and is broken off");
                }
            }
        }
    }

    async fn greeted(self, stream: TcpStream) {
        let peer = self.peer;
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%peer, %error, "small answers may be delayed");
        }
        match self.door.certificate.clone() {
            None => self.answered(stream).await,
            // What it needs would be kept for each connection without TLS as well: there may be thousands that wait.
            Some(certificate) => Box::pin(self.over_tls(stream, certificate)).await,
        }
    }

    async fn over_tls(self, stream: TcpStream, certificate: Arc<ServedCertificate>) {
        let peer = self.peer;
        let greeting = certificate.acceptor().accept(stream);
        match tokio::time::timeout(self.door.patience.head, greeting).await {
            Ok(Ok(stream)) => self.answered(stream).await,
            Ok(Err(error)) => tracing::debug!(%peer, %error, "TLS was not agreed upon"),
            Err(_) => tracing::debug!(%peer, "TLS was not begun in time"),
        }
    }

    async fn answered(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let Visit { peer, app, door, shutdown } = self;
        let app = app.map_request(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            request
        });
        let mut builder = http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(door.patience.head);
        let service = TowerToHyperService::new(app);
        let mut served = pin!(builder.serve_connection(TokioIo::new(stream), service).with_upgrades());
        let ended = tokio::select! {
            ended = served.as_mut() => ended,
            () = last_request(door.patience, &shutdown) => {
                served.as_mut().graceful_shutdown();
                served.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%peer, %error, "a connection ended early");
        }
    }
}

/// When the request that runs is to be the connection's last one.
async fn last_request(patience: Patience, shutdown: &CancellationToken) {
    match patience.kept {
        None => shutdown.cancelled().await,
        Some(kept) => {
            shutdown.run_until_cancelled(tokio::time::sleep(kept)).await;
        }
    }
}
