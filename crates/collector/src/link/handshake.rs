//! TLS to a router: the handshake, and what it proves before a password is sent (routeros.md §1.9).

use std::io;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::client::Resumption;
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::certificate::{PROVIDER, fingerprint_of};
use super::error::{Closed, Deadline, LinkError};
use super::insecure::{Insecure, TlsFailure};
use super::security::{Pin, Security};
use super::target::Target;

/// Shakes hands over `stream` and checks the router's certificate as `target` wants it.
///
/// # Errors
/// [`LinkError::Insecure`], [`LinkError::TimedOut`] or [`LinkError::Closed`]; nothing but the handshake was sent.
pub(super) async fn shake_hands(
    target: &Target,
    stream: TcpStream,
    verifier: Arc<dyn ServerCertVerifier>,
) -> Result<TlsStream<TcpStream>, LinkError> {
    let insecure = |why| LinkError::Insecure(Insecure { address: target.address(), why });
    let name = ServerName::try_from(target.host.clone()).map_err(|_| insecure(TlsFailure::NoServerName))?;
    let connector = TlsConnector::from(configuration(verifier));
    let within = target.deadlines.login;
    let stream = match timeout(within, connector.connect(name, stream)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return Err(TlsFailure::of(error).map_or_else(broken, insecure)),
        Err(_) => return Err(LinkError::TimedOut(Deadline::Handshake(within))),
    };
    if let Security::Pinned(pin) = &target.security {
        recognise(pin, &stream).await.map_err(insecure)?;
    }
    Ok(stream)
}

/// Without resumption, so that each connection proves anew whose it is.
fn configuration(verifier: Arc<dyn ServerCertVerifier>) -> Arc<ClientConfig> {
    let mut config = ClientConfig::builder_with_provider(PROVIDER.clone())
        .with_safe_default_protocol_versions()
        .expect("the provider has cipher suites of TLS 1.2 and 1.3")
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.resumption = Resumption::disabled();
    Arc::new(config)
}

fn broken(cause: io::Error) -> LinkError {
    LinkError::Closed(match cause.kind() {
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset => Closed::DuringHandshake,
        _ => Closed::Broken(cause),
    })
}

/// The verifier let any certificate pass if none was known; now it becomes known, or the router is refused.
async fn recognise(pin: &Pin, stream: &TlsStream<TcpStream>) -> Result<(), TlsFailure> {
    if pin.known().is_some() {
        return Ok(());
    }
    let certificates = stream.get_ref().1.peer_certificates();
    let seen = certificates.and_then(<[_]>::first).map(fingerprint_of).ok_or(TlsFailure::NoCertificate)?;
    let keeper = pin.keeper().ok_or(TlsFailure::Unknown { seen })?;
    let known = keeper.remember(seen).await.map_err(TlsFailure::NotRemembered)?;
    pin.demand(known);
    if known == seen { Ok(()) } else { Err(TlsFailure::Changed { known, seen }) }
}
