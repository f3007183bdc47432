//! Routers that are about to be left: from the order to take what is ours off until the registry has it, nothing of ours comes on again.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use store::NasId;
use tokio::time::Instant;

/// A router that is about to be left is left by then: what is wanted on it is wanted again otherwise.
const LEFT_WITHIN: Duration = Duration::from_secs(60);

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Leaving(Mutex<HashMap<NasId, Instant>>);

impl Leaving {
    /// Somebody removes or disables it at this moment.
    pub(super) fn begin(&self, nas: NasId) {
        self.until().insert(nas, Instant::now() + LEFT_WITHIN);
    }

    /// Whether somebody does.
    pub(super) fn is_left(&self, nas: NasId) -> bool {
        self.until().get(&nas).is_some_and(|until| *until > Instant::now())
    }

    /// It is polled anew, so that nobody leaves it any more.
    pub(super) fn is_not_left(&self, nas: NasId) {
        self.until().remove(&nas);
    }

    /// Each change is a single step, so a panic elsewhere leaves a consistent map.
    fn until(&self) -> MutexGuard<'_, HashMap<NasId, Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
