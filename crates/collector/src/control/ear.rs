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
    listening: watch::Sender<Listening>,
    heard: Mutex<Vec<Heard>>,
}

/// Whether the router is listened to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listening {
    /// Why not, for people; `None` while it is.
    pub not_because: Option<String>,
    /// Ended sessions dropped because too many waited for a round.
    pub dropped: u64,
}

impl Default for Listening {
    fn default() -> Self {
        Listening { not_because: Some("The router was not listened to yet.".to_owned()), dropped: 0 }
    }
}

impl Ear {
    /// Waits until a session began or ended.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }

    /// Takes the sessions whose begin and end were both heard since the last call.
    pub fn take_heard(&self) -> Vec<Heard> {
        std::mem::take(&mut *self.heard())
    }

    /// Follows whether the router is listened to.
    pub fn listening_state(&self) -> watch::Receiver<Listening> {
        self.listening.subscribe()
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

    /// The router is listened to from now on; true when it was not before.
    pub(super) fn listening(&self) -> bool {
        self.listening.send_if_modified(|listening| listening.not_because.take().is_some())
    }

    /// It is not any more; true when that, or why, is news.
    pub(super) fn lost(&self, because: String) -> bool {
        self.listening.send_if_modified(|listening| {
            let news = listening.not_because.as_ref() != Some(&because);
            listening.not_because = Some(because);
            news
        })
    }

    pub(super) fn hint(&self) {
        self.changed.notify_one();
    }

    pub(super) fn over(&self, heard: Heard) {
        let mut kept = self.heard();
        if kept.len() < MOST_HEARD {
            kept.push(heard);
        } else {
            self.listening.send_modify(|listening| listening.dropped += 1);
        }
    }

    /// Pushes and takes are single steps, so a panic elsewhere leaves a consistent list.
    fn heard(&self) -> MutexGuard<'_, Vec<Heard>> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
