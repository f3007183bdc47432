//! The portal's socket, and the part that serves it.

use std::net::SocketAddr;
use std::sync::Arc;

use operations::Operations;
use server::PortalState;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::listening;
use crate::failure::Failure;

/// Ready to be served.
pub(super) struct Portal {
    listener: TcpListener,
    address: SocketAddr,
    state: PortalState,
}

impl Portal {
    /// Listens there, if anywhere.
    pub(super) async fn open(
        listen: Option<SocketAddr>,
        operations: &Arc<Operations>,
    ) -> Result<Option<Portal>, Failure> {
        let Some(listen) = listen else { return Ok(None) };
        let listener = listening::bind(listen, "portal.listen").await?;
        let address = listener
            .local_addr()
            .map_err(|error| Failure::said(format!("no address for the portal: {error}")))?;
        let state = PortalState::new(operations.clone(), operations.clock.clone());
        Ok(Some(Portal { listener, address, state }))
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop`.
    pub(super) async fn serve(self, stop: CancellationToken) {
        server::serve_portal(self.listener, self.state, stop).await;
    }
}
