//! How the devices of vouchers stand on routers, as this process saw it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use accounting::time::Micros;
use store::NasId;

use super::on_router::VouchersKept;

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

/// Where it is kept; cheap to clone, clones show the same.
#[derive(Clone, Debug, Default)]
pub struct VoucherBoard {
    seen: Arc<Mutex<HashMap<NasId, VouchersSeen>>>,
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

    /// Nobody looks at it here any more.
    pub fn forget(&self, nas: NasId) {
        self.all().remove(&nas);
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
