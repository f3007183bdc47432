//! The API and the page on their socket, and live samples for who looks on.

use std::sync::Arc;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::accepting::accept;
use crate::door::Door;
use crate::live;
use crate::router::router;
use crate::state::ServerState;

/// Serves until `shutdown` is cancelled, then closes live connections, lets running requests end (10 s at most) and returns.
pub async fn serve(listener: TcpListener, state: ServerState, shutdown: CancellationToken) {
    let live = live::run(state.live.clone(), Arc::clone(&state.operations), shutdown.clone());
    let live = tokio::spawn(live);
    accept(listener, router(state), Door::open(), shutdown).await;
    if let Err(error) = live.await {
        tracing::error!(%error, "telling live samples broke");
    }
}
