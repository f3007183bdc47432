//! The portal over TLS.

use std::io;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;

use accounting::time::Micros;
use operations::ManualClock;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use server::{PortalState, ServedCertificate, serve_portal};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_util::sync::CancellationToken;

use super::till::Till;

/// A certificate for `localhost` in files of its own.
pub(crate) struct Files(tempfile::TempDir);

impl Files {
    pub(crate) fn new() -> Self {
        let files = Files(tempfile::tempdir().unwrap());
        files.renew();
        files
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Another one takes its place.
    fn renew(&self) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        std::fs::write(self.path("cert.pem"), made.cert.pem()).unwrap();
        std::fs::write(self.path("key.pem"), made.signing_key.serialize_pem()).unwrap();
    }

    pub(crate) fn served(&self) -> Arc<ServedCertificate> {
        Arc::new(ServedCertificate::of_files(&self.path("cert.pem"), &self.path("key.pem")).unwrap())
    }

    /// A client that trusts this one alone.
    pub(crate) fn client(&self) -> TlsConnector {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(self.path("cert.pem")).unwrap()).unwrap();
        let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
        let builder = builder.with_safe_default_protocol_versions().unwrap();
        TlsConnector::from(Arc::new(builder.with_root_certificates(roots).with_no_client_auth()))
    }
}

pub(crate) async fn asked(client: &TlsConnector, port: u16, path: &str) -> io::Result<String> {
    asked_from(Ipv4Addr::LOCALHOST, client, port, path).await
}

/// The same from a host at that address, which is this one.
pub(crate) async fn asked_from(
    host: Ipv4Addr,
    client: &TlsConnector,
    port: u16,
    path: &str,
) -> io::Result<String> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((host, 0).into())?;
    let stream = socket.connect((Ipv4Addr::LOCALHOST, port).into()).await?;
    let mut stream = client.connect("localhost".try_into().unwrap(), stream).await?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost:{port}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

#[tokio::test]
async fn a_certificate_is_shown_and_another_one_once_it_is_there() {
    let (files, till) = (Files::new(), Arc::new(Till::default()));
    till.sees("AA:BB:CC:00:00:01", "127.0.0.1");
    let served = files.served();
    let clock = Arc::new(ManualClock::new(Micros(0)));
    let state = PortalState::new(till, clock).over_tls(Some(served.clone()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, shutdown) = (listener.local_addr().unwrap().port(), CancellationToken::new());
    let serving = tokio::spawn(serve_portal(listener, state, shutdown.clone()));

    let before = files.client();
    let answer = asked(&before, port, "/api/captive/tower").await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("content-type: application/captive+json\r\n"), "{answer}");
    let page =
        format!("https://localhost:{port}/portal?router=tower&mac=AA%3ABB%3ACC%3A00%3A00%3A01&ip=127.0.0.1");
    assert!(
        answer.contains(&format!(
            r#"{{"captive":true,"user-portal-url":"{page}","can-extend-session":false}}"#
        )),
        "{answer}"
    );
    let path = page.split_once(&format!(":{port}")).unwrap().1;
    let answer = asked(&before, port, path).await.unwrap();
    assert!(
        answer.contains("action=\"/activate\"") && answer.contains("SameSite=Lax; Secure\r\n"),
        "{answer}"
    );

    files.renew();
    assert!(asked(&before, port, "/portal").await.is_ok(), "nobody has read the new one");
    assert_eq!(served.read_again(), Ok(true));
    assert!(asked(&before, port, "/portal").await.is_err(), "it trusts the old one alone");
    assert!(asked(&files.client(), port, "/portal").await.is_ok());

    let mut plain = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    plain.write_all(b"GET /portal HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut told = Vec::new();
    let _ = plain.read_to_end(&mut told).await;
    assert!(!told.starts_with(b"HTTP"), "{told:?}");
    shutdown.cancel();
    serving.await.unwrap();
}
