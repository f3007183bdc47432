//! Where a router's snapshots wait for its actor. Bounded by memory: when it is full the poller pauses and says so.

use std::sync::{Mutex, MutexGuard, PoisonError};

use accounting::pending::Pending;
use accounting::snapshot::Snapshot;
use accounting::state::Wanted;
use accounting::time::{HostInstant, Micros};
use store::{CommitError, StoreError};
use tokio::sync::{Notify, watch};

/// How far a router's accounting is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Snapshots committed.
    pub poll_seq: u64,
    /// Wall clock of the last committed snapshot.
    pub at: Micros,
    /// Host's clock at its end.
    pub host: HostInstant,
    /// Sessions it showed.
    pub sessions_open: usize,
    /// Sessions the router's numbering shows that nobody saw.
    pub unseen_sessions: u64,
    /// What the next round should read whatever it meets.
    pub wanted: Wanted,
}

/// Why snapshots wait, for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trouble {
    /// The store's last words; `None` while commits succeed.
    pub store: Option<String>,
    /// Snapshots dropped because a later one was committed already.
    pub dropped_late: u64,
    /// Why the last snapshot was dropped as one the store can never take; `None` once a later one is committed.
    pub refused: Option<String>,
    /// Snapshots dropped because the store can never take them.
    pub dropped_refused: u64,
}

/// See the module.
#[derive(Debug)]
pub struct Inbox {
    pending: Mutex<Pending>,
    arrived: Notify,
    progress: watch::Sender<Progress>,
    trouble: watch::Sender<Trouble>,
}

impl Inbox {
    /// An inbox that holds at most `limit_bytes` of waiting rows.
    pub fn new(limit_bytes: usize) -> Self {
        Inbox {
            pending: Mutex::new(Pending::new(limit_bytes)),
            arrived: Notify::new(),
            progress: watch::Sender::new(Progress::default()),
            trouble: watch::Sender::new(Trouble::default()),
        }
    }

    /// Hands a snapshot to the actor.
    pub fn push(&self, snapshot: Snapshot) {
        self.pending().push(snapshot);
        self.arrived.notify_one();
    }

    /// True when no further snapshot may be taken.
    pub fn is_full(&self) -> bool {
        self.pending().is_full()
    }

    /// Snapshots that wait, after merging.
    pub fn waiting(&self) -> usize {
        self.pending().len()
    }

    /// Follows the commits.
    pub fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// What is wrong now.
    pub fn trouble(&self) -> Trouble {
        self.trouble.borrow().clone()
    }

    /// Follows what is wrong.
    pub fn troubles(&self) -> watch::Receiver<Trouble> {
        self.trouble.subscribe()
    }

    pub(super) async fn arrived(&self) {
        self.arrived.notified().await;
    }

    pub(super) fn take(&self) -> Option<Snapshot> {
        self.pending().take()
    }

    pub(super) fn give_back(&self, snapshot: Snapshot, error: &CommitError) {
        self.pending().give_back(snapshot);
        self.trouble.send_modify(|trouble| trouble.store = Some(error.to_string()));
    }

    pub(super) fn committed(&self, progress: Progress) {
        self.trouble.send_if_modified(|trouble| {
            let was = (trouble.store.take(), trouble.refused.take());
            was.0.is_some() || was.1.is_some()
        });
        self.progress.send_replace(progress);
    }

    pub(super) fn dropped_late(&self) {
        self.trouble.send_modify(|trouble| trouble.dropped_late += 1);
    }

    pub(super) fn dropped_refused(&self, error: &StoreError) {
        self.trouble.send_modify(|trouble| {
            trouble.store = None;
            trouble.refused = Some(error.to_string());
            trouble.dropped_refused += 1;
        });
    }

    /// A panic elsewhere while the lock was held leaves a consistent queue: pushes and takes are single steps.
    fn pending(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
