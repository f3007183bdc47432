//! What the control connection heard, for the poller: a hint to look again, and sessions that are over already.

use std::sync::{Mutex, MutexGuard, PoisonError};

use accounting::snapshot::Heard;
use tokio::sync::{Notify, watch};

/// Ended sessions kept for the next round. Overflow rule: the newest is dropped and counted; it is then one more of
/// the sessions nobody showed, which the gaps in the session-ids still tell.
const MOST_HEARD: usize = 10_000;

/// See the module.
#[derive(Debug, Default)]
pub struct Ear {
    changed: Notify,
    admitted: watch::Sender<bool>,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    heard: Vec<Heard>,
    dropped: u64,
    deaf_because: Option<String>,
}

impl Ear {
    /// Waits until a session began or ended.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }

    /// Takes the sessions whose begin and end were both heard since the last call.
    pub fn take_heard(&self) -> Vec<Heard> {
        std::mem::take(&mut self.inner().heard)
    }

    /// Puts back what a failed round had taken.
    pub fn give_back(&self, mut heard: Vec<Heard>) {
        let mut inner = self.inner();
        heard.append(&mut inner.heard);
        inner.heard = heard;
    }

    /// Why nothing can be heard at the moment; `None` while listening.
    pub fn deaf_because(&self) -> Option<String> {
        self.inner().deaf_because.clone()
    }

    /// Whether the router lets us in, as the polling connection found: the control connection knocks only then, so
    /// that a wrong password is tried once and not twice.
    pub fn admit(&self, admitted: bool) {
        self.admitted.send_replace(admitted);
    }

    pub(super) async fn admitted(&self) {
        // The sender lives in this very struct, so it cannot be gone.
        drop(self.admitted.subscribe().wait_for(|admitted| *admitted).await);
    }

    pub(super) fn listening(&self) {
        self.inner().deaf_because = None;
    }

    pub(super) fn lost(&self, because: String) {
        self.inner().deaf_because = Some(because);
    }

    pub(super) fn hint(&self) {
        self.changed.notify_one();
    }

    pub(super) fn over(&self, heard: Heard) {
        let mut inner = self.inner();
        if inner.heard.len() < MOST_HEARD {
            inner.heard.push(heard);
        } else {
            inner.dropped += 1;
        }
    }

    /// Pushes and takes are single steps, so a panic elsewhere leaves a consistent list.
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
