//! The portal's socket, which serves nothing else.

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::answers::portal;
use super::state::PortalState;
use crate::accepting::accept;
use crate::door::{Door, Patience};

/// Connections at once: each is a page, and is left soon.
const PLACES: usize = 1_024;

/// Serves until `shutdown` is cancelled, then lets running requests end (10 s at most) and returns.
pub async fn serve_portal(listener: TcpListener, state: PortalState, shutdown: CancellationToken) {
    let counts = state.counts();
    let door = Door {
        places: PLACES,
        crowd: counts.crowd,
        refused: counts.refused,
        patience: Patience::ANYBODY,
        certificate: state.certificate.clone(),
    };
    accept(listener, portal(state), door, shutdown).await;
}
