//! What every request of the portal can reach.

use std::sync::Arc;

use operations::Clock;
use tokio::sync::Semaphore;

use super::desk::PortalDesk;
use super::gate::Gate;
use super::seal::{Seal, Seen};

/// Hand-overs that are looked up on routers at the same moment.
const LOOKUPS: usize = 16;

/// What the portal serves from; cheap to clone.
#[derive(Clone)]
pub struct PortalState {
    pub(super) desk: Arc<dyn PortalDesk>,
    pub(super) gate: Arc<Gate>,
    pub(super) lookups: Arc<Semaphore>,
    seal: Arc<Seal>,
    clock: Arc<dyn Clock>,
}

impl PortalState {
    /// Serves vouchers of `desk`; nobody has tried anything yet.
    pub fn new(desk: Arc<dyn PortalDesk>, clock: Arc<dyn Clock>) -> Self {
        PortalState {
            desk,
            gate: Arc::new(Gate::new(Arc::clone(&clock))),
            lookups: Arc::new(Semaphore::new(LOOKUPS)),
            seal: Arc::new(Seal::new()),
            clock,
        }
    }

    pub(super) fn sealed(&self, seen: &Seen) -> String {
        self.seal.close(seen, self.clock.host().micros)
    }

    pub(super) fn opened(&self, sealed: &str) -> Option<Seen> {
        self.seal.open(sealed, self.clock.host().micros)
    }
}
