//! The one accounting actor of a router: takes its snapshots in order and commits each in one transaction before the
//! next (DESIGN rule 3). What cannot be committed waits in the inbox, merged where nothing is lost by it (rule 13).

mod books;
mod inbox;

pub use inbox::{Inbox, Progress, Trouble};

use std::sync::Arc;
use std::time::Duration;

use accounting::snapshot::Snapshot;
use store::{AccountingRepository, CommitError, NasId, StoreError};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use books::Books;

/// After a failed commit the next try waits this long; doubled up to [`LONGEST_WAIT`].
const FIRST_WAIT: Duration = Duration::from_millis(250);
/// Longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// Tries of one snapshot against bindings that change under it before it waits like any other failure.
const BINDING_TRIES: u32 = 5;

/// What an actor needs from outside.
#[derive(Clone)]
pub struct ActorDependencies {
    /// Where it commits.
    pub repository: Arc<dyn AccountingRepository>,
    /// How many actors may hold a snapshot's changes in memory at once; bounds the memory of a process whose routers
    /// all answer in the same second.
    pub at_once: Arc<Semaphore>,
}

/// The actor of one router.
pub struct Actor {
    nas: NasId,
    inbox: Arc<Inbox>,
    repository: Arc<dyn AccountingRepository>,
    at_once: Arc<Semaphore>,
    books: Option<Books>,
}

/// Why a snapshot is not committed yet.
enum Delay {
    /// Nothing was written; the same snapshot may be tried again.
    Store(StoreError),
    /// The snapshot lies before what is committed: it is dropped.
    Late,
}

impl Actor {
    /// An actor that will take its snapshots from `inbox`.
    pub fn new(nas: NasId, inbox: Arc<Inbox>, dependencies: ActorDependencies) -> Self {
        let ActorDependencies { repository, at_once } = dependencies;
        Actor { nas, inbox, repository, at_once, books: None }
    }

    /// Works until `stop`; a snapshot whose commit has begun is finished first.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut wait = FIRST_WAIT;
        loop {
            let Some(snapshot) = self.inbox.take() else {
                tokio::select! {
                    () = self.inbox.arrived() => continue,
                    () = stop.cancelled() => return,
                }
            };
            match self.settle(&snapshot).await {
                Ok(progress) => {
                    wait = FIRST_WAIT;
                    self.inbox.committed(progress);
                }
                Err(Delay::Late) => self.inbox.dropped_late(),
                Err(Delay::Store(error)) => {
                    tracing::warn!(nas = %self.nas, %error, "a snapshot waits for the store");
                    self.inbox.give_back(snapshot, &error);
                    tokio::select! {
                        () = tokio::time::sleep(wait) => wait = (wait * 2).min(LONGEST_WAIT),
                        () = stop.cancelled() => return,
                    }
                }
            }
        }
    }

    /// Brings one snapshot into the store, or says why not yet.
    async fn settle(&mut self, snapshot: &Snapshot) -> Result<Progress, Delay> {
        let _turn = self.at_once.clone().acquire_owned().await;
        let mut tries = 0;
        loop {
            let books = self.open_books().await.map_err(Delay::Store)?;
            if books.is_late(snapshot) {
                return Err(Delay::Late);
            }
            let outcome = books.enter(snapshot).await;
            let seq = books.poll_seq();
            match outcome {
                Ok(()) => return Ok(self.progress(snapshot)),
                Err(CommitError::Doubtful(error)) => {
                    tracing::warn!(nas = %self.nas, %error, "a commit is doubtful; reloading");
                    self.books = None;
                    if self.open_books().await.map_err(Delay::Store)?.poll_seq() == seq {
                        return Ok(self.progress(snapshot));
                    }
                }
                Err(CommitError::RolledBack(error)) => {
                    self.books = None;
                    return Err(Delay::Store(error));
                }
                Err(CommitError::Fenced | CommitError::BindingsChanged) => self.books = None,
            }
            tries += 1;
            if tries >= BINDING_TRIES {
                return Err(Delay::Store(StoreError::Busy));
            }
        }
    }

    async fn open_books(&mut self) -> Result<&mut Books, StoreError> {
        if self.books.is_none() {
            self.books = Some(Books::open(self.nas, self.repository.clone()).await?);
        }
        Ok(self.books.as_mut().expect("just opened"))
    }

    fn progress(&self, snapshot: &Snapshot) -> Progress {
        let books = self.books.as_ref();
        Progress {
            poll_seq: books.map_or(0, Books::poll_seq),
            at: snapshot.times.at,
            host: snapshot.times.host_after,
            sessions_open: books.map_or(0, Books::sessions_open),
            unseen_sessions: books.map_or(0, Books::unseen_sessions),
            wants_owners: books.is_some_and(Books::wants_owners),
        }
    }
}
