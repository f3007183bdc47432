//! What every request of the portal can reach.

use std::sync::Arc;

use operations::Clock;

use super::counts::PortalCounts;
use super::desk::PortalDesk;
use super::gate::Gate;
use super::seal::{Seal, Seen};
use crate::certificate::ServedCertificate;
use crate::crowd::Crowd;

/// Devices that are looked for on one router at the same moment. Each has places of its own, so that one which does not answer keeps
/// nobody else waiting.
const LOOKUPS: u32 = 16;

/// What the portal serves from; cheap to clone.
#[derive(Clone)]
pub struct PortalState {
    pub(super) desk: Arc<dyn PortalDesk>,
    pub(super) gate: Arc<Gate>,
    /// Devices that are being looked for, by router.
    pub(super) lookups: Crowd<String>,
    pub(super) counts: PortalCounts,
    /// What is shown to those who come; without it plain HTTP is spoken.
    pub(super) certificate: Option<Arc<ServedCertificate>>,
    seal: Arc<Seal>,
    clock: Arc<dyn Clock>,
}

impl PortalState {
    /// Serves vouchers of `desk`; nobody has tried anything yet.
    pub fn new(desk: Arc<dyn PortalDesk>, clock: Arc<dyn Clock>) -> Self {
        let counts = PortalCounts::new();
        PortalState {
            desk,
            gate: Arc::new(Gate::new(Arc::clone(&clock), counts.clone())),
            lookups: Crowd::of(LOOKUPS),
            counts,
            certificate: None,
            seal: Arc::new(Seal::new()),
            clock,
        }
    }

    /// The same over TLS alone, if there is a certificate.
    #[must_use]
    pub fn over_tls(self, certificate: Option<Arc<ServedCertificate>>) -> Self {
        PortalState { certificate, ..self }
    }

    /// What it did so far.
    pub fn counts(&self) -> PortalCounts {
        self.counts.clone()
    }

    pub(super) fn sealed(&self, seen: &Seen) -> String {
        self.seal.close(seen, self.clock.host().micros)
    }

    pub(super) fn opened(&self, sealed: &str) -> Option<Seen> {
        self.seal.open(sealed, self.clock.host().micros)
    }
}
