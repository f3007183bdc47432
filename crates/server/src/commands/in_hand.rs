//! Commands that this process is carrying out.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use uuid::Uuid;

/// What is being carried out now.
#[derive(Clone, Default)]
pub(super) struct InHand(Arc<Mutex<HashSet<Uuid>>>);

impl InHand {
    /// From now on it is. False: it is already.
    pub(super) fn take(&self, id: Uuid) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id)
    }

    /// It is not any more.
    pub(super) fn leave(&self, id: Uuid) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }

    /// Whether it is.
    pub(super) fn has(&self, id: Uuid) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(&id)
    }
}
