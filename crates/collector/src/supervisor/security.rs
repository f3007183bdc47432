//! How each router's connection is protected, and where its certificate is remembered.

use std::sync::Arc;

use async_trait::async_trait;
use operations::Clock;
use store::{Fingerprint, FirstSight, Nas, NewAudit, Store, TlsMode};
use tokio::sync::OnceCell;

use crate::link::Security;
use crate::link::security::{Authorities, AuthoritiesError, Pin, PinKeeper};

/// See the module.
pub(super) struct Securities {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    authorities: OnceCell<Authorities>,
}

impl Securities {
    /// Verified routers are judged by `authorities`; without any, by those of the system, read when first needed.
    pub(super) fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        authorities: Option<Authorities>,
    ) -> Self {
        Securities { store, clock, authorities: OnceCell::new_with(authorities) }
    }

    /// As the router is configured.
    pub(super) async fn of(&self, nas: &Nas) -> Result<Security, AuthoritiesError> {
        let pin = || Pin::first_seen(nas.config.fingerprint, self.keeper(nas));
        self.by(nas.config.tls, pin).await
    }

    /// Of an address that nobody keeps: no certificate is remembered there.
    pub(super) async fn of_address(
        &self,
        tls: TlsMode,
        known: Option<Fingerprint>,
    ) -> Result<Security, AuthoritiesError> {
        self.by(tls, || Pin::strict(known)).await
    }

    async fn by(&self, tls: TlsMode, pin: impl FnOnce() -> Arc<Pin>) -> Result<Security, AuthoritiesError> {
        Ok(match tls {
            TlsMode::Off => Security::Plain,
            TlsMode::Pinned => Security::Pinned(pin()),
            TlsMode::Verified => Security::Verified(
                self.authorities.get_or_try_init(|| async { Authorities::of_system() }).await?.clone(),
            ),
        })
    }

    fn keeper(&self, nas: &Nas) -> Keeper {
        Keeper { store: self.store.clone(), clock: self.clock.clone(), nas: nas.clone() }
    }
}

/// Remembers one router's first certificate in the store.
struct Keeper {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    nas: Nas,
}

#[async_trait]
impl PinKeeper for Keeper {
    async fn remember(&self, seen: Fingerprint) -> Result<Fingerprint, String> {
        let config = &self.nas.config;
        let first =
            FirstSight { nas: self.nas.id, host: config.host.clone(), port: config.port, fingerprint: seen };
        let act = NewAudit {
            at: self.clock.now(),
            actor: "server".to_owned(),
            origin: None,
            action: "router.certificate".to_owned(),
            subject: config.name.clone(),
            detail: format!(r#"{{"fingerprint":"{seen}","seen":"first"}}"#),
        };
        let known = self.store.remember_certificate(first, act).await.map_err(|error| error.to_string())?;
        tracing::info!(router = config.name, %seen, %known, "a router showed its certificate for the first time");
        Ok(known)
    }
}
