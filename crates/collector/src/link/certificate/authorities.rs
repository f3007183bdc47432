//! Whose signature under a router's certificate is enough.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use super::provider::PROVIDER;

/// Authorities that sign routers' certificates.
#[derive(Clone, Debug)]
pub struct Authorities(Arc<Verified>);

/// Why there are none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthoritiesError {
    /// The file cannot be used.
    #[error("the certificates in {} cannot be used: {cause}", file.display())]
    File {
        /// Its path.
        file: PathBuf,
        /// What is wrong with it.
        cause: String,
    },
    /// The system has none.
    #[error(
        "this system knows no authority to trust ({0}); install its ca-certificates package, or name a file of your own: \
         [tls] ca_file"
    )]
    NoneOnSystem(String),
}

impl Authorities {
    /// Those that this system trusts.
    ///
    /// # Errors
    /// [`AuthoritiesError::NoneOnSystem`].
    pub fn of_system() -> Result<Authorities, AuthoritiesError> {
        let found = rustls_native_certs::load_native_certs();
        let mut roots = RootCertStore::empty();
        // Systems carry old certificates that are not understood; the others are as good as ever.
        roots.add_parsable_certificates(found.certs);
        let because = || match found.errors.first() {
            Some(error) => error.to_string(),
            None => "there are no certificates".to_owned(),
        };
        verifier(roots).ok_or_else(|| AuthoritiesError::NoneOnSystem(because()))
    }

    /// Those of a PEM file, and no others.
    ///
    /// # Errors
    /// [`AuthoritiesError::File`] when it cannot be read, holds no certificate, or one that is not understood.
    pub fn of_file(path: &Path) -> Result<Authorities, AuthoritiesError> {
        let wrong = |cause: String| AuthoritiesError::File { file: path.to_owned(), cause };
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_file_iter(path).map_err(|error| wrong(error.to_string()))? {
            let certificate = certificate.map_err(|error| wrong(error.to_string()))?;
            roots.add(certificate).map_err(|error| wrong(error.to_string()))?;
        }
        verifier(roots).ok_or_else(|| wrong("it holds no certificate".to_owned()))
    }

    pub(in crate::link) fn verifier(&self) -> Arc<dyn ServerCertVerifier> {
        self.0.clone()
    }
}

fn verifier(roots: RootCertStore) -> Option<Authorities> {
    let built = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), PROVIDER.clone()).build();
    built.ok().map(|judge| Authorities(Arc::new(Verified(judge))))
}

/// Tells a certificate whose signature is another authority's apart from a router whose own signature is wrong.
#[derive(Debug)]
struct Verified(Arc<WebPkiServerVerifier>);

impl ServerCertVerifier for Verified {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        // An authority of the same name is found by it, and then does not match.
        self.0.verify_server_cert(certificate, intermediates, name, ocsp, now).map_err(|error| match error {
            Error::InvalidCertificate(
                CertificateError::BadSignature
                | CertificateError::UnsupportedSignatureAlgorithmContext { .. }
                | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. },
            ) => CertificateError::UnknownIssuer.into(),
            other => other,
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}
