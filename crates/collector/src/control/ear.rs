//! What the control connection heard, for the poller: a hint to look again, and sessions that are over already.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use accounting::snapshot::{Heard, Snapshot};
use accounting::time::HostInstant;
use routeros_proto::Reply;
use rustc_hash::FxHashSet;
use tokio::sync::{Notify, watch};

use super::known::{KnownSessions, News};
use super::lost::Lost;

/// Ended sessions kept for the next round. Overflow rule: the newest is dropped and counted; it is then one more of
/// the sessions nobody showed, which the gaps in the session-ids still tell.
const MOST_HEARD: usize = 10_000;

/// See the module.
#[derive(Debug, Default)]
pub struct Ear {
    changed: Notify,
    door: watch::Sender<Door>,
    listening: watch::Sender<Listening>,
    heard: Mutex<Vec<Heard>>,
    known: Mutex<KnownSessions>,
    lost_sight: Mutex<Lost>,
    /// Whether a control connection stands, listened to or not.
    stands: AtomicBool,
    /// Of that connection.
    open_commands: AtomicUsize,
}

/// How the router's door looks to the polling connection, which goes first: a wrong password is tried once and not
/// twice, and of a full router's places (`/ip service` max-sessions, routeros.md §1.8) the last one is the poller's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Door {
    /// Not known to be open: the control connection does not knock, but one that stands stays.
    #[default]
    Shut,
    /// The polling connection is in.
    Open,
    /// The polling connection is kept out, perhaps because all places are taken: the control connection gives its up.
    Full,
}

/// Whether the router is listened to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listening {
    /// Why not, for people; `None` while it is.
    pub not_because: Option<String>,
    /// Sessions dropped because too many waited for a round.
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

    /// True when only a whole print of the owner tables tells which sessions live on.
    pub fn has_lost_sight(&self) -> bool {
        !self.lost_sight().is_empty()
    }

    /// Adds to a round what was heard since the last one: sessions whose begin and end were heard, and, where it read the
    /// owner tables whole, those whose ends nobody can have heard and that began before it.
    pub fn tell(&self, snapshot: &mut Snapshot) {
        if snapshot.identified.as_ref().is_some_and(|identified| identified.complete) {
            snapshot.lost_sight_of = self.lost_sight().take_before(&snapshot.times);
        }
        snapshot.heard = std::mem::take(&mut *self.heard());
    }

    /// A committed round counts these sessions, so their end will be no news for the accounting.
    pub fn counted(&self, acct_session_ids: &FxHashSet<u64>) {
        if !acct_session_ids.is_empty() {
            self.known().let_go(acct_session_ids);
            self.lost_sight().let_go(acct_session_ids);
        }
    }

    /// Follows whether the router is listened to.
    pub fn listening_state(&self) -> watch::Receiver<Listening> {
        self.listening.subscribe()
    }

    /// Tells the control connection what the polling connection found.
    pub fn found(&self, door: Door) {
        self.door.send_replace(door);
    }

    /// Whether the router is listened to.
    pub fn is_listening(&self) -> bool {
        self.listening.borrow().not_because.is_none()
    }

    /// Whether a control connection stands, so that the router took our password before.
    pub fn stands(&self) -> bool {
        self.stands.load(Ordering::Relaxed)
    }

    /// Commands of the control connection that have not ended: the listen, which ends with the connection, and what was asked
    /// a moment ago. When nobody is watched no others stay; more would be a leak of tags.
    pub fn open_commands(&self) -> usize {
        self.open_commands.load(Ordering::Relaxed)
    }

    /// A control connection stands from now on, or none does.
    pub(super) fn set_stands(&self, stands: bool) {
        self.stands.store(stands, Ordering::Relaxed);
        self.set_open_commands(0);
    }

    pub(super) fn set_open_commands(&self, commands: usize) {
        self.open_commands.store(commands, Ordering::Relaxed);
    }

    pub(super) async fn admitted(&self) {
        self.until(Door::Open).await;
    }

    pub(super) async fn told_to_give_way(&self) {
        self.until(Door::Full).await;
    }

    async fn until(&self, wanted: Door) {
        // The sender lives in this very struct, so it cannot be gone.
        drop(self.door.subscribe().wait_for(|door| *door == wanted).await);
    }

    /// The router is listened to from now on; true when it was not before.
    pub(super) fn listening(&self) -> bool {
        self.listening.send_if_modified(|listening| listening.not_because.take().is_some())
    }

    /// It is not any more; true when that, or why, is news.
    pub(super) fn lost(&self, because: &str) -> bool {
        self.lose_sight();
        self.listening.send_if_modified(|listening| {
            let news = listening.not_because.as_deref() != Some(because);
            listening.not_because = Some(because.to_owned());
            news
        })
    }

    /// What was known to run may end unheard from now on.
    fn lose_sight(&self) {
        let dropped = self.lost_sight().add(self.known().lose());
        self.count_dropped(dropped);
    }

    /// Takes one row of the listen; `true` when a session began or ended.
    pub(super) fn take(&self, row: &Reply<'_>, now: HostInstant) -> bool {
        let Some(news) = self.known().take(row, now) else { return false };
        if let News::Over(heard) = news {
            self.over(heard);
        }
        self.changed.notify_one();
        true
    }

    fn over(&self, heard: Heard) {
        self.lost_sight().let_go(&heard.session.acct_session_id.into_iter().collect());
        let mut kept = self.heard();
        if kept.len() < MOST_HEARD {
            kept.push(heard);
        } else {
            self.count_dropped(1);
        }
    }

    fn count_dropped(&self, sessions: u64) {
        if sessions > 0 {
            self.listening.send_modify(|listening| listening.dropped += sessions);
        }
    }

    /// Pushes and takes are single steps, so a panic elsewhere leaves a consistent list.
    fn heard(&self) -> MutexGuard<'_, Vec<Heard>> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// As [`Self::heard`].
    fn known(&self) -> MutexGuard<'_, KnownSessions> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// As [`Self::heard`].
    fn lost_sight(&self) -> MutexGuard<'_, Lost> {
        self.lost_sight.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
