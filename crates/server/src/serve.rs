//! The API and the page on their socket, and live samples for who looks on.

use std::sync::Arc;

use axum::Extension;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::accepting::accept;
use crate::certificate::ServedCertificate;
use crate::crowd::Crowd;
use crate::door::{Door, Patience};
use crate::layers::transport::SpokeTls;
use crate::live;
use crate::router::router;
use crate::state::ServerState;

/// Connections of one host over TLS: some people behind one address, each with a browser's six and live samples.
const OF_A_HOST: u32 = 128;
/// Connections over TLS at once: each costs some ten times as much memory as a plain one.
const OVER_TLS: u32 = 4_096;
/// From so many connections on a host has only so many.
const PRESSED_FROM: u32 = OVER_TLS / 2;
const WHEN_PRESSED: u32 = 16;

/// Serves until `shutdown` is cancelled, then closes live connections, lets running requests end (10 s at most) and returns.
pub async fn serve(listener: TcpListener, state: ServerState, shutdown: CancellationToken) {
    let live = live::run(state.live.clone(), Arc::clone(&state.operations), shutdown.clone());
    let live = tokio::spawn(live);
    let door = Door::open(state.connections);
    accept(listener, router(state), door, shutdown).await;
    if let Err(error) = live.await {
        tracing::error!(%error, "telling live samples broke");
    }
}

/// The same routes over TLS, on a socket beside that of [`serve`], which closes the live connections of both.
pub async fn serve_tls(
    listener: TcpListener,
    state: ServerState,
    certificate: Arc<ServedCertificate>,
    shutdown: CancellationToken,
) {
    // Unlike plain HTTP, this is meant to be reached by anybody: no host takes the places of all.
    let crowd = Crowd::of(OF_A_HOST).pressed_from(PRESSED_FROM, WHEN_PRESSED);
    let patience = Patience { head: Patience::ANYBODY.head, ..Patience::GUESTS };
    let places = state.connections.min(OVER_TLS as usize);
    let door = Door { crowd, patience, certificate: Some(certificate), ..Door::open(places) };
    accept(listener, router(state).layer(Extension(SpokeTls)), door, shutdown).await;
}
