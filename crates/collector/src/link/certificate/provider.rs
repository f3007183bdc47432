//! The cryptography of connections to routers.

use std::sync::{Arc, LazyLock};

use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::CertificateDer;
use sha2::{Digest, Sha256};
use store::Fingerprint;

/// The key exchanges offered are named here, so that no feature of another crate makes the first message outgrow one
/// TCP segment or changes what old routers are offered.
pub(in crate::link) static PROVIDER: LazyLock<Arc<CryptoProvider>> = LazyLock::new(|| {
    use aws_lc_rs::kx_group::{SECP256R1, SECP384R1, X25519};
    let groups = vec![X25519, SECP256R1, SECP384R1];
    Arc::new(CryptoProvider { kx_groups: groups, ..aws_lc_rs::default_provider() })
});

/// What a certificate is recognised by.
pub(in crate::link) fn fingerprint_of(certificate: &CertificateDer<'_>) -> Fingerprint {
    Fingerprint(Sha256::digest(certificate).into())
}
