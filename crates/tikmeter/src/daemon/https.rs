//! The API over TLS: a socket beside the one for commands on this machine.

use std::net::SocketAddr;
use std::sync::Arc;

use server::{ServedCertificate, ServerState};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::certificates::keep_up;
use super::listening;
use crate::config::HttpsSettings;
use crate::failure::Failure;

/// Ready to be served.
pub(super) struct Https {
    listener: TcpListener,
    address: SocketAddr,
    certificate: Arc<ServedCertificate>,
}

impl Https {
    /// Listens there.
    pub(super) async fn open(settings: HttpsSettings) -> Result<Https, Failure> {
        let HttpsSettings { listen, certificate: (chain, key) } = settings;
        let listener = listening::bind(listen, "https.listen").await?;
        let address =
            listener.local_addr().map_err(|error| Failure::said(format!("no address for HTTPS: {error}")))?;
        let certificate = ServedCertificate::of_files(&chain, &key).map_err(Failure::said)?;
        Ok(Https { listener, address, certificate: Arc::new(certificate) })
    }

    /// Where it is.
    pub(super) fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// Serves until `stop`.
    pub(super) async fn serve(self, state: ServerState, stop: CancellationToken) {
        let serving = server::serve_tls(self.listener, state, Arc::clone(&self.certificate), stop.clone());
        tokio::join!(serving, keep_up("HTTPS", Some(self.certificate), stop));
    }
}
