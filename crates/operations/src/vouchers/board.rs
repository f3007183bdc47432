//! How the devices of vouchers stand on routers, as this process saw it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use accounting::time::Micros;
use store::NasId;

use super::on_router::VouchersKept;
use super::sights::VoucherSights;
use crate::keeper_passes::KeeperPasses;
use crate::limits::LimitBoard;

/// How those of a router stood when it was looked at last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VouchersSeen {
    /// When (our clock).
    pub at: Micros,
    /// By which number that look knew what was wanted.
    pub told: u64,
    /// How they stood, or why that is not known.
    pub kept: Result<VouchersKept, String>,
}

/// What a router showed when it was looked at last.
#[derive(Clone, Copy, Debug)]
pub struct RouterSeen<'a> {
    /// How devices of vouchers stood on it.
    pub vouchers: Option<&'a VouchersSeen>,
    /// How limits stand.
    pub limits: &'a LimitBoard,
    /// What time it is by the clock by which looks at limits are timed; vouchers go by the books' time.
    pub wall: Micros,
}

/// Where it is kept; cheap to clone, clones show the same.
#[derive(Clone, Debug, Default)]
pub struct VoucherBoard {
    seen: Arc<Mutex<HashMap<NasId, VouchersSeen>>>,
    /// What waits to be written down.
    sights: Arc<Mutex<HashMap<NasId, VoucherSights>>>,
    passes: KeeperPasses,
}

impl VoucherBoard {
    /// The last look at a router.
    pub fn of(&self, nas: NasId) -> Option<VouchersSeen> {
        self.all().get(&nas).cloned()
    }

    /// A router was looked at; true when it is in other trouble than before.
    pub fn show(&self, nas: NasId, seen: VouchersSeen) -> bool {
        let trouble = trouble(&seen).map(str::to_owned);
        let before = self.all().insert(nas, seen);
        before.as_ref().and_then(trouble_of) != trouble
    }

    /// What was sent to keep them.
    pub fn passes(&self) -> &KeeperPasses {
        &self.passes
    }

    /// Nobody looks at it here any more.
    pub fn forget(&self, nas: NasId) {
        self.all().remove(&nas);
        self.waiting().remove(&nas);
    }

    /// What a look at a router showed is to be written down.
    pub fn note(&self, nas: NasId, sights: VoucherSights) {
        if !sights.is_empty() {
            self.waiting().entry(nas).or_default().absorb(sights);
        }
    }

    /// What is to be written down of a router; it waits no more.
    pub fn take_sights(&self, nas: NasId) -> Option<VoucherSights> {
        self.waiting().remove(&nas)
    }

    /// It could not be written down.
    pub fn put_back(&self, nas: NasId, mut sights: VoucherSights) {
        let mut waiting = self.waiting();
        sights.absorb(waiting.remove(&nas).unwrap_or_default());
        waiting.insert(nas, sights);
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<NasId, VoucherSights>> {
        self.sights.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn all(&self) -> MutexGuard<'_, HashMap<NasId, VouchersSeen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn trouble(seen: &VouchersSeen) -> Option<&str> {
    match &seen.kept {
        Ok(kept) => kept.stays.as_deref(),
        Err(why) => Some(why),
    }
}

fn trouble_of(seen: &VouchersSeen) -> Option<String> {
    trouble(seen).map(str::to_owned)
}
