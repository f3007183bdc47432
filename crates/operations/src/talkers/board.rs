//! What the latest readings said, router by router: written where they are committed, read by whoever asks.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use accounting::time::HostInstant;
use store::NasId;

use super::rates::RouterRates;

/// See the module. Cheap to clone; clones show the same. It holds the latest of each router and nothing before it.
#[derive(Clone, Debug, Default)]
pub struct TalkerBoard {
    routers: Arc<RwLock<HashMap<NasId, Shown>>>,
}

#[derive(Clone, Debug)]
struct Shown {
    read_at: HostInstant,
    rates: RouterRates,
}

impl TalkerBoard {
    /// Puts up what a reading said that ended at `read_at`; what the one before said goes.
    pub fn put_up(&self, nas: NasId, read_at: HostInstant, rates: RouterRates) {
        let shown = Shown { read_at, rates };
        self.routers.write().unwrap_or_else(PoisonError::into_inner).insert(nas, shown);
    }

    /// A router is not polled here any more.
    pub fn take_down(&self, nas: NasId) {
        self.routers.write().unwrap_or_else(PoisonError::into_inner).remove(&nas);
    }

    /// What was put up last of a router, and how old it is, microseconds.
    pub(super) fn look(&self, nas: NasId, now: HostInstant) -> Option<(RouterRates, u64)> {
        let routers = self.routers.read().unwrap_or_else(PoisonError::into_inner);
        let shown = routers.get(&nas)?;
        // It was put up by this process, so the clock is one.
        Some((shown.rates.clone(), now.micros_since(shown.read_at)?))
    }
}
