//! How the limits of routers stand, as this process saw it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use accounting::time::Micros;
use store::{LimitSubject, NasId, WantedLimit};
use tokio::sync::Notify;

use super::kept::{LimitFound, LimitsKept};
use super::traffic::TrafficBoard;
use crate::keeper_passes::KeeperPasses;

/// How those of a router stood when its queues were looked at last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitsSeen {
    /// When (our clock).
    pub at: Micros,
    /// By which number the router had been told what was wanted when that look began ([`super::RouterLimits::told`]).
    pub told: u64,
    /// Those that end with a session in whose place the router showed another.
    pub over: Vec<WantedLimit>,
    /// How they stood, or why that is not known.
    pub kept: Result<LimitsKept, String>,
}

/// Where it is kept; cheap to clone, clones show the same.
#[derive(Clone, Debug, Default)]
pub struct LimitBoard {
    seen: Arc<Mutex<HashMap<NasId, LimitsSeen>>>,
    traffic: TrafficBoard,
    found_over: Arc<Notify>,
    passes: KeeperPasses,
}

impl LimitBoard {
    /// The last look at a router.
    pub fn of(&self, nas: NasId) -> Option<LimitsSeen> {
        self.all().get(&nas).cloned()
    }

    /// How one limit stood at the last look at its router, and when that was (our clock); `None`: it was not looked for, or that look failed.
    pub fn found(&self, nas: NasId, subject: &LimitSubject) -> Option<(Micros, LimitFound)> {
        let all = self.all();
        let seen = all.get(&nas)?;
        let found = seen.kept.as_ref().ok()?.of(subject)?;
        Some((seen.at, found.clone()))
    }

    /// A router was looked at; true when it stands otherwise than before.
    pub fn show(&self, nas: NasId, seen: LimitsSeen) -> bool {
        if !seen.over.is_empty() {
            self.found_over.notify_one();
        }
        let kept = seen.kept.clone();
        self.all().insert(nas, seen).is_none_or(|before| before.kept != kept)
    }

    /// Returns when a look found some to be over; for one who waits.
    pub async fn found_over(&self) {
        self.found_over.notified().await;
    }

    /// Those that the last looks found to be over.
    pub fn over(&self) -> Vec<WantedLimit> {
        self.all().values().flat_map(|seen| seen.over.iter().cloned()).collect()
    }

    /// Nobody looks at it here any more.
    pub fn forget(&self, nas: NasId) {
        self.all().remove(&nas);
        self.traffic.forget(nas);
    }

    /// What was sent to keep them that nobody waited for.
    pub fn passes(&self) -> &KeeperPasses {
        &self.passes
    }

    /// What those move who can be limited.
    pub fn traffic(&self) -> &TrafficBoard {
        &self.traffic
    }

    fn all(&self) -> MutexGuard<'_, HashMap<NasId, LimitsSeen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
