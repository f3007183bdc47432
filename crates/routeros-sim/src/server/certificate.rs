//! Certificates for simulated routers, made anew for each.

use std::io;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, PKCS_ECDSA_P256_SHA256,
    PKCS_ECDSA_P384_SHA384, PKCS_RSA_SHA256, RsaKeySize,
};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Kinds of keys that RouterOS makes and modern clients accept (the manual's `key-size`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// `2048`
    Rsa2048,
    /// `4096`
    Rsa4096,
    /// `prime256v1`
    P256,
    /// `secp384r1`
    P384,
}

/// A certificate and its key.
#[derive(Debug)]
pub struct Certificate {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Clone for Certificate {
    fn clone(&self) -> Self {
        Self { chain: self.chain.clone(), key: self.key.clone_key() }
    }
}

/// Signs certificates of routers.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl KeyKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Rsa2048, Self::Rsa4096, Self::P256, Self::P384];

    fn pair(self) -> io::Result<KeyPair> {
        match self {
            Self::Rsa2048 => KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048),
            Self::Rsa4096 => KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_4096),
            Self::P256 => KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256),
            Self::P384 => KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384),
        }
        .map_err(io::Error::other)
    }
}

impl Certificate {
    /// Signed by its own key, as `/certificate sign` does without an authority, for a host name or address.
    ///
    /// # Errors
    /// When the host can stand in no certificate.
    pub fn self_signed(kind: KeyKind, host: &str) -> io::Result<Self> {
        let key = kind.pair()?;
        let params = CertificateParams::new([host.to_owned()]).map_err(io::Error::other)?;
        let certificate = params.self_signed(&key).map_err(io::Error::other)?;
        Ok(Self::of(certificate.der(), &key))
    }

    /// The certificate in DER form.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.chain[0]
    }

    fn of(certificate: &CertificateDer<'static>, key: &KeyPair) -> Self {
        let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
        Self { chain: vec![certificate.clone()], key }
    }

    pub(crate) fn acceptor(&self) -> io::Result<TlsAcceptor> {
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|config| {
                config.with_no_client_auth().with_single_cert(self.chain.clone(), self.key.clone_key())
            })
            .map_err(io::Error::other)?;
        Ok(Arc::new(config).into())
    }
}

impl Authority {
    /// A new one.
    ///
    /// # Errors
    /// When its key cannot be made.
    pub fn new() -> io::Result<Self> {
        let key = KeyKind::P256.pair()?;
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).map_err(io::Error::other)?.pem();
        Ok(Self { issuer: Issuer::new(params, key), pem })
    }

    /// Its own certificate, for those who trust it.
    #[must_use]
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// A certificate for a host name or address.
    ///
    /// # Errors
    /// When the host can stand in no certificate.
    pub fn sign(&self, host: &str) -> io::Result<Certificate> {
        let key = KeyKind::P256.pair()?;
        let params = CertificateParams::new([host.to_owned()]).map_err(io::Error::other)?;
        let certificate = params.signed_by(&key, &self.issuer).map_err(io::Error::other)?;
        Ok(Certificate::of(certificate.der(), &key))
    }
}
