//! The API and the page on their socket, and live samples for who looks on.

use std::sync::Arc;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::accepting::accept;
use crate::certificate::ServedCertificate;
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

/// The same routes over TLS, on a socket beside that of [`serve`], which closes the live connections of both.
pub async fn serve_tls(
    listener: TcpListener,
    state: ServerState,
    certificate: Arc<ServedCertificate>,
    shutdown: CancellationToken,
) {
    let door = Door { certificate: Some(certificate), ..Door::open() };
    accept(listener, router(state), door, shutdown).await;
}
