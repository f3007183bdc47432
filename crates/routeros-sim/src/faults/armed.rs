//! The armed faults of one router.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::fault::{CommandFaults, Fault};
use super::plan::{FaultId, Plan, Times, is_print, names};

struct Armed {
    id: FaultId,
    plan: Plan,
    struck: u32,
}

impl Armed {
    fn is_live(&self) -> bool {
        match self.plan.times {
            Times::N(times) => self.struck < times,
            Times::UntilCleared => true,
        }
    }

    fn strikes_command(&self, path: &[u8], is_whole: bool) -> bool {
        let fault = &self.plan.fault;
        let fits = match &self.plan.path {
            Some(named) => names(named, path),
            None if *fault == Fault::AuthFailure => path == b"/login",
            None => !matches!(path, b"/login" | b"/quit" | b"/cancel"),
        };
        let fits = fits && (is_whole || !self.plan.whole_only);
        fits && !fault.strikes_connects() && (!fault.strikes_only_prints() || is_print(path))
    }
}

#[derive(Default)]
struct List {
    armed: Vec<Armed>,
    count: u64,
}

/// Arms, disarms and clears faults while the router serves.
#[derive(Default)]
pub struct Faults {
    list: Mutex<List>,
}

impl Faults {
    /// Arms a fault as planned.
    pub fn arm(&self, plan: Plan) -> FaultId {
        let mut list = self.list();
        list.count += 1;
        let id = FaultId(list.count);
        list.armed.push(Armed { id, plan, struck: 0 });
        id
    }

    /// Strikes once, wherever it first fits.
    pub fn once(&self, fault: Fault) -> FaultId {
        self.arm(Plan::new(fault).once())
    }

    /// Strikes once, on this command or menu.
    pub fn once_on(&self, path: &str, fault: Fault) -> FaultId {
        self.arm(Plan::new(fault).once().on(path))
    }

    /// Strikes each time until cleared.
    pub fn always(&self, fault: Fault) -> FaultId {
        self.arm(Plan::new(fault))
    }

    /// Strikes each time until cleared, on this command or menu.
    pub fn always_on(&self, path: &str, fault: Fault) -> FaultId {
        self.arm(Plan::new(fault).on(path))
    }

    /// Disarms one.
    pub fn disarm(&self, id: FaultId) {
        self.list().armed.retain(|armed| armed.id != id);
    }

    /// Disarms all.
    pub fn clear(&self) {
        self.list().armed.clear();
    }

    /// How often it struck; `None` once disarmed.
    #[must_use]
    pub fn struck(&self, id: FaultId) -> Option<u32> {
        self.list().armed.iter().find(|armed| armed.id == id).map(|armed| armed.struck)
    }

    /// The fault that strikes a new connection, if any.
    pub(crate) fn at_connect(&self) -> Option<Fault> {
        let mut list = self.list();
        let armed =
            list.armed.iter_mut().find(|armed| armed.is_live() && armed.plan.fault.strikes_connects())?;
        armed.struck += 1;
        Some(armed.plan.fault.clone())
    }

    /// Everything that strikes a command. `is_whole`: it has no query.
    pub(crate) fn at_command(&self, path: &[u8], is_whole: bool) -> CommandFaults {
        let mut faults = CommandFaults::default();
        for armed in &mut self.list().armed {
            if armed.is_live() && armed.strikes_command(path, is_whole) {
                armed.struck += 1;
                faults.add(armed.plan.fault.clone());
            }
        }
        faults
    }

    fn list(&self) -> MutexGuard<'_, List> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
