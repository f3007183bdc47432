//! What the latest readings said, router by router: written where they are committed, read by whoever asks.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use accounting::time::HostInstant;
use store::NasId;

use super::latest::Latest;
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

    /// What was put up last of a router.
    pub(super) fn look(&self, nas: NasId, now: HostInstant) -> Option<Latest> {
        self.routers.read().unwrap_or_else(PoisonError::into_inner).get(&nas)?.latest(now)
    }

    /// What was put up last of all routers, with when that was.
    pub(super) fn all(&self, now: HostInstant) -> Vec<(NasId, HostInstant, Latest)> {
        let routers = self.routers.read().unwrap_or_else(PoisonError::into_inner);
        routers.iter().filter_map(|(nas, shown)| Some((*nas, shown.read_at, shown.latest(now)?))).collect()
    }
}

impl Shown {
    /// It was put up by this process, so the clock is one.
    fn latest(&self, now: HostInstant) -> Option<Latest> {
        let (rates, moved) = (self.rates.clone(), self.rates.gains.sessions.len());
        Some(Latest { rates, age_us: now.micros_since(self.read_at)?, moved })
    }
}
