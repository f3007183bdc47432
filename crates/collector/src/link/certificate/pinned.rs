//! Recognises a router by its one certificate.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, SignatureScheme};
use store::Fingerprint;

use super::provider::{PROVIDER, fingerprint_of};
use crate::link::insecure::TlsFailure;

/// A verifier that wants exactly this certificate, whoever signed it and for whatever name and time; without one it
/// lets each pass, and whoever uses it must look at the certificate before sending anything. That the router holds the
/// certificate's key is checked in any case.
pub(in crate::link) fn pinned(known: Option<Fingerprint>) -> Arc<dyn ServerCertVerifier> {
    Arc::new(Pinned(known))
}

#[derive(Debug)]
struct Pinned(Option<Fingerprint>);

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let seen = fingerprint_of(certificate);
        match self.0 {
            Some(known) if known != seen => {
                let changed = OtherError(Arc::new(TlsFailure::Changed { known, seen }));
                Err(CertificateError::Other(changed).into())
            }
            _ => Ok(ServerCertVerified::assertion()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &PROVIDER.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &PROVIDER.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        PROVIDER.signature_verification_algorithms.supported_schemes()
    }
}
