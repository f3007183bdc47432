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
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use crate::crowd::Crowd;

/// Connections at once; further ones wait in the kernel's queue.
const CONNECTIONS: usize = 1_024;
/// How long a client may take to send a request's head, and how long an idle connection is kept.
const HEAD: Duration = Duration::from_secs(30);
/// How long running requests may go on after the shutdown was asked for.
const GRACE: Duration = Duration::from_secs(10);
/// Pause after an accept that failed for lack of something (file descriptors, memory).
const BREATH: Duration = Duration::from_millis(200);

/// Answers connections by `app` until `shutdown` is cancelled, then lets running requests end (10 s at most) and returns. From one address
/// no more come at once than `crowd` takes; further ones are closed.
pub(crate) async fn accept(listener: TcpListener, app: Router, crowd: Crowd, shutdown: CancellationToken) {
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    while let Some((stream, peer)) = next(&listener, &places, &shutdown).await {
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else { continue };
        let Some(guest) = crowd.enter(peer.ip()) else { continue };
        let (app, shutdown, stop) = (app.clone(), shutdown.clone(), stop.clone());
        tasks.spawn(async move {
            stop.run_until_cancelled(connection(stream, peer, app, shutdown)).await;
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

async fn connection(stream: TcpStream, peer: SocketAddr, app: Router, shutdown: CancellationToken) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%peer, %error, "small answers may be delayed");
    }
    let app = app.map_request(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD);
    let mut served =
        pin!(builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(app)).with_upgrades());
    let ended = tokio::select! {
        ended = served.as_mut() => ended,
        () = shutdown.cancelled() => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%peer, %error, "a connection ended early");
    }
}
