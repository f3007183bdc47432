//! The one accounting actor of a router: takes its snapshots in order and commits each in one transaction before the
//! next (DESIGN rule 3). What cannot be committed waits in the inbox, merged where nothing is lost by it (rule 13).

mod books;
mod inbox;
mod turns;

pub use inbox::{Inbox, Progress, Trouble};
pub use turns::Turns;

use std::sync::Arc;
use std::time::Duration;

use accounting::snapshot::Snapshot;
use operations::{RouterRates, TalkerBoard};
use store::{AccountingRepository, CommitError, Lease, StoreError};
use tokio_util::sync::CancellationToken;

use crate::control::Ear;
use books::{Books, Entered};

/// After a failed commit the next try waits this long; doubled up to [`LONGEST_WAIT`].
const FIRST_WAIT: Duration = Duration::from_millis(250);
/// Longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// Tries of one snapshot against bindings that change under it, or doubtful commits, before it waits like any other
/// failure.
const MOST_TRIES: u32 = 20;

/// What an actor needs from outside.
#[derive(Clone)]
pub struct ActorDependencies {
    /// Where it commits.
    pub repository: Arc<dyn AccountingRepository>,
    /// Bounds the memory of a process whose routers all answer in the same second.
    pub turns: Turns,
    /// Where it says what committed readings say of rates.
    pub talkers: TalkerBoard,
    /// Time between two polls of its router.
    pub interval: Duration,
}

/// The actor of one router.
pub struct Actor {
    lease: Lease,
    inbox: Arc<Inbox>,
    ear: Arc<Ear>,
    dependencies: ActorDependencies,
    books: Option<Books>,
}

/// What became of the oldest waiting snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// None waited.
    Idle,
    /// It is committed.
    Committed(Progress),
    /// It lay before what is committed already and was dropped.
    DroppedLate,
    /// The store can never take it; it was dropped so that the next ones do not wait behind it.
    DroppedRefused(StoreError),
    /// It could not be committed and waits on.
    Waits(CommitError),
}

impl Actor {
    /// An actor that will take its snapshots from `inbox` and tell `ear` which sessions are counted. It writes nothing
    /// after another process took the router, whose epoch is another one then.
    pub fn new(lease: Lease, inbox: Arc<Inbox>, ear: Arc<Ear>, dependencies: ActorDependencies) -> Self {
        Actor { lease, inbox, ear, dependencies, books: None }
    }

    /// Works until `stop`; what waits then is still tried once. Where the store takes something else meanwhile, it may
    /// take this one's too: that is tried once before the wait is over.
    pub async fn run(mut self, stop: CancellationToken) {
        let (mut wait, mut is_eager) = (FIRST_WAIT, true);
        let mut answers = self.dependencies.turns.answers();
        loop {
            answers.mark_unchanged();
            let step = self.step().await;
            let pause = match step {
                Step::Committed(_) | Step::DroppedLate | Step::DroppedRefused(_) => {
                    if matches!(step, Step::Committed(_)) {
                        self.dependencies.turns.store_answered();
                    }
                    (wait, is_eager) = (FIRST_WAIT, true);
                    continue;
                }
                Step::Idle => None,
                Step::Waits(error) => {
                    tracing::warn!(nas = %self.lease.nas, %error, "a snapshot waits for the store");
                    let pause = wait;
                    wait = (wait * 2).min(LONGEST_WAIT);
                    Some(pause)
                }
            };
            tokio::select! {
                () = self.inbox.arrived(), if pause.is_none() => {}
                () = tokio::time::sleep(pause.unwrap_or_default()), if pause.is_some() => is_eager = true,
                _ = answers.changed(), if pause.is_some() && is_eager => is_eager = false,
                () = stop.cancelled() => break,
            }
        }
        self.dependencies.talkers.take_down(self.lease.nas);
    }

    /// Tries to commit the oldest waiting snapshot, once.
    pub async fn step(&mut self) -> Step {
        let Some(snapshot) = self.inbox.take() else { return Step::Idle };
        let step = match self.settle(&snapshot).await {
            Ok(step) => step,
            Err(CommitError::RolledBack(error)) if is_the_snapshots_fault(&error) => {
                Step::DroppedRefused(error)
            }
            Err(error) => Step::Waits(error),
        };
        match &step {
            Step::Committed(progress) => self.inbox.committed(progress.clone()),
            Step::DroppedLate => self.inbox.dropped_late(),
            Step::DroppedRefused(error) => {
                tracing::error!(nas = %self.lease.nas, %error, "a snapshot was dropped: the store can never take it");
                self.inbox.dropped_refused(error);
            }
            Step::Waits(error) => self.inbox.give_back(snapshot, error),
            Step::Idle => {}
        }
        step
    }

    /// Brings one snapshot into the store, or says why not yet: what the last try came to.
    async fn settle(&mut self, snapshot: &Snapshot) -> Result<Step, CommitError> {
        let _turn = self.dependencies.turns.take(snapshot.counters.len()).await;
        let (mut tries, mut refused_before) = (0, false);
        loop {
            let books = self.open_books().await?;
            if books.is_late(snapshot) {
                return Ok(Step::DroppedLate);
            }
            let outcome = books.enter(snapshot).await;
            let seq = books.poll_seq();
            let error = match outcome {
                Ok(entered) => {
                    self.ear.counted(&entered.counted);
                    self.show_rates(snapshot, entered);
                    return Ok(Step::Committed(self.progress(snapshot)));
                }
                Err(error) => error,
            };
            self.books = None;
            tries += 1;
            match &error {
                CommitError::Doubtful(why) => {
                    tracing::warn!(nas = %self.lease.nas, error = %why, "a commit is doubtful; reloading");
                    if self.open_books().await?.poll_seq() == seq {
                        return Ok(Step::Committed(self.progress(snapshot)));
                    }
                }
                // What is remembered may be what does not fit, so the store's own memory gets one more say.
                CommitError::RolledBack(why) if !refused_before && is_the_snapshots_fault(why) => {
                    refused_before = true;
                }
                CommitError::RolledBack(_) => return Err(error),
                CommitError::Fenced | CommitError::BindingsChanged => {}
            }
            if tries == MOST_TRIES {
                return Err(error);
            }
        }
    }

    /// Reads the books where they are not in memory; a failure to read them wrote nothing.
    async fn open_books(&mut self) -> Result<&mut Books, CommitError> {
        if self.books.is_none() {
            self.books = Some(Books::open(self.lease, self.dependencies.repository.clone()).await?);
        }
        Ok(self.books.as_mut().expect("just opened"))
    }

    fn show_rates(&self, snapshot: &Snapshot, entered: Entered) {
        let ActorDependencies { talkers, interval, .. } = &self.dependencies;
        let rates =
            RouterRates { window: entered.window, interval: *interval, gains: Arc::new(entered.gains) };
        talkers.put_up(self.lease.nas, snapshot.times.host_after, rates);
    }

    fn progress(&self, snapshot: &Snapshot) -> Progress {
        let books = self.books.as_ref();
        Progress {
            poll_seq: books.map_or(0, Books::poll_seq),
            at: snapshot.times.at,
            host: snapshot.times.host_after,
            sessions_open: books.map_or(0, Books::sessions_open),
            unseen_sessions: books.map_or(0, Books::unseen_sessions),
            wanted: books.map(Books::wanted).unwrap_or_default(),
        }
    }
}

/// True when trying the same snapshot again cannot help: what it says does not fit the tables. A damaged database is
/// not such a case: every snapshot fails alike then, and waiting keeps them for its repair.
fn is_the_snapshots_fault(error: &StoreError) -> bool {
    matches!(error, StoreError::Constraint(_))
}
