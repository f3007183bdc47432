//! How the connection to a router is protected, and by what we recognise the router.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use rustls::client::danger::ServerCertVerifier;
use store::Fingerprint;

pub use super::certificate::{Authorities, AuthoritiesError};

/// See the module.
#[derive(Clone, Debug)]
pub enum Security {
    /// Plain TCP: password and figures cross the network in clear.
    Plain,
    /// TLS with the one certificate that was seen first, or named by the operator.
    Pinned(Arc<Pin>),
    /// TLS with a certificate for the router's host that a known authority signed.
    Verified(Authorities),
}

impl Security {
    /// What checks the certificate, before anything is sent; `None` for plain TCP.
    pub(super) fn verifier(&self) -> Option<Arc<dyn ServerCertVerifier>> {
        match self {
            Security::Plain => None,
            Security::Pinned(pin) => Some(pin.verifier()),
            Security::Verified(authorities) => Some(authorities.verifier()),
        }
    }
}

/// The certificate a router is recognised by.
pub struct Pin {
    known: Mutex<Option<Fingerprint>>,
    keeper: Option<Box<dyn PinKeeper>>,
}

/// Remembers a certificate beyond this process.
#[async_trait]
pub trait PinKeeper: Send + Sync {
    /// Remembers the first certificate seen, and answers the one that is remembered: this, or one that was there
    /// before.
    ///
    /// # Errors
    /// Why it could not be remembered, as part of a sentence.
    async fn remember(&self, seen: Fingerprint) -> Result<Fingerprint, String>;
}

impl Pin {
    /// The certificate to demand. Without one, any is refused and shown.
    pub fn strict(known: Option<Fingerprint>) -> Arc<Pin> {
        Arc::new(Pin { known: Mutex::new(known), keeper: None })
    }

    /// As [`Pin::strict`], but without one the first that is seen is remembered.
    pub fn first_seen(known: Option<Fingerprint>, keeper: impl PinKeeper + 'static) -> Arc<Pin> {
        Arc::new(Pin { known: Mutex::new(known), keeper: Some(Box::new(keeper)) })
    }

    /// The certificate demanded now.
    pub fn known(&self) -> Option<Fingerprint> {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn keeper(&self) -> Option<&dyn PinKeeper> {
        self.keeper.as_deref()
    }

    pub(super) fn demand(&self, fingerprint: Fingerprint) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(fingerprint);
    }

    fn verifier(&self) -> Arc<dyn ServerCertVerifier> {
        super::certificate::pinned(self.known())
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pin").field(&self.known()).finish()
    }
}
