//! The portal's socket, and the part that serves it.

use std::net::SocketAddr;
use std::sync::Arc;

use operations::Operations;
use server::{PortalCounts, PortalState, ServedCertificate};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::certificates::keep_up;
use super::listening;
use crate::config::PortalSettings;
use crate::failure::Failure;

/// Ready to be served.
pub(super) struct Portal {
    listener: TcpListener,
    address: SocketAddr,
    state: PortalState,
    certificate: Option<Arc<ServedCertificate>>,
}

impl Portal {
    /// Listens there, if anywhere. Where nobody said so, it is done without if another program is there.
    pub(super) async fn open(
        settings: Option<PortalSettings>,
        operations: &Arc<Operations>,
    ) -> Result<Option<Portal>, Failure> {
        let Some(PortalSettings { listen, is_named, certificate }) = settings else { return Ok(None) };
        let listener = match listening::bind(listen, "portal.listen").await {
            Err(failure) if !is_named => {
                tracing::error!("the portal for vouchers is not served: {failure} (`off`: nowhere)");
                return Ok(None);
            }
            bound => bound?,
        };
        let address = listener
            .local_addr()
            .map_err(|error| Failure::said(format!("no address for the portal: {error}")))?;
        let certificate = certificate.map(|(chain, key)| ServedCertificate::of_files(&chain, &key));
        let certificate = certificate.transpose().map_err(Failure::said)?.map(Arc::new);
        let state = PortalState::new(operations.clone(), operations.clock.clone());
        let state = state.over_tls(certificate.clone());
        Ok(Some(Portal { listener, address, state, certificate }))
    }

    /// Its port.
    pub(super) fn port(&self) -> u16 {
        self.address.port()
    }

    /// Where it is.
    pub(super) fn url(&self) -> String {
        let scheme = if self.certificate.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// How it does.
    pub(super) fn counts(&self) -> PortalCounts {
        self.state.counts()
    }

    /// Serves until `stop`.
    pub(super) async fn serve(self, stop: CancellationToken) {
        let serving = server::serve_portal(self.listener, self.state, stop.clone());
        tokio::join!(serving, keep_up("the portal", self.certificate, stop));
    }
}
