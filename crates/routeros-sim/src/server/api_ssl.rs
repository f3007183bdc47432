//! The `api-ssl` service: the same API behind TLS, or what a router answers that cannot serve it well (routeros.md
//! §1.9).

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use super::certificate::Certificate;

/// The record of a fatal alert, up to its number.
const FATAL_ALERT: [u8; 6] = [21, 3, 1, 0, 2, 2];
const HANDSHAKE_FAILURE: u8 = 40;
const PROTOCOL_VERSION: u8 = 70;

/// What bytes are read from and written to.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// How the service stands.
#[derive(Clone, Debug)]
pub enum ApiSsl {
    /// It has a certificate: TLS 1.2 and 1.3.
    Certificate(Certificate),
    /// It has none and offers anonymous Diffie-Hellman alone. To a client without it, OpenSSL answers the alert
    /// `handshake_failure`, and so does this; the exchange itself is not simulated.
    NoCertificate,
    /// It speaks nothing newer than TLS 1.1. To a newer client, OpenSSL answers the alert `protocol_version`, and so
    /// does this; the old protocol itself is not simulated.
    OldProtocol,
}

/// How one door speaks.
#[derive(Clone)]
pub(crate) enum Speech {
    Plain,
    Tls(TlsAcceptor),
    Alert(u8),
}

impl Speech {
    pub(crate) fn of(service: &ApiSsl) -> io::Result<Self> {
        Ok(match service {
            ApiSsl::Certificate(certificate) => Self::Tls(certificate.acceptor()?),
            ApiSsl::NoCertificate => Self::Alert(HANDSHAKE_FAILURE),
            ApiSsl::OldProtocol => Self::Alert(PROTOCOL_VERSION),
        })
    }

    /// The client's stream of sentences; `None` when it is sent away.
    pub(crate) async fn greet(&self, mut stream: TcpStream) -> io::Result<Option<Box<dyn Stream>>> {
        match self {
            Self::Plain => Ok(Some(Box::new(stream))),
            Self::Tls(acceptor) => Ok(Some(Box::new(acceptor.accept(stream).await?))),
            Self::Alert(number) => {
                stream.read_exact(&mut [0; 5]).await?;
                stream.write_all(&[&FATAL_ALERT[..], &[*number]].concat()).await?;
                stream.shutdown().await?;
                // What the client still sends is read, or the alert would be lost in a reset.
                tokio::io::copy(&mut stream, &mut tokio::io::sink()).await?;
                Ok(None)
            }
        }
    }
}
