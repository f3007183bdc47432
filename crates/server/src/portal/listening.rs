//! The portal's socket, which serves nothing else.

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::answers::portal;
use super::state::PortalState;
use crate::accepting::accept;
use crate::crowd::Crowd;

/// Connections of one address at once; a browser opens six.
const FROM_ONE: u32 = 24;

/// Serves until `shutdown` is cancelled, then lets running requests end (10 s at most) and returns.
pub async fn serve_portal(listener: TcpListener, state: PortalState, shutdown: CancellationToken) {
    accept(listener, portal(state), Crowd::of(FROM_ONE), shutdown).await;
}
