//! An open database: its threads, and how the repositories of this folder use them.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tokio::sync::oneshot;

use crate::error::{CommitError, StoreError};
use crate::retention_repository::Folded;

use super::accounting_commit::Round;
use super::commit_group::CommitGroup;
use super::connection::Connection;
use super::driver::{Reach, Session};
use super::ledger_month::MonthOfDays;
use super::worker::{Idle, Lost, Worker};

/// The threads of an open database. The order of the fields is the order of closing.
pub(crate) struct Threads<S: Session> {
    readers: Option<Worker<S>>,
    writer: Worker<S>,
    commits: Arc<CommitGroup>,
    events: AtomicBool,
}

impl<S: Session> Threads<S> {
    /// Starts a thread for each connection. Without readers the writer reads too. `idle` is done on the writer when nothing
    /// is to be done after something was.
    pub(crate) fn start(
        name: &str,
        writer: S,
        readers: Vec<S>,
        idle: Option<Idle<S>>,
    ) -> Result<Threads<S>, StoreError> {
        let reading = |readers| Worker::start(&format!("{name}-read"), readers, None);
        Ok(Threads {
            readers: (!readers.is_empty()).then(|| reading(readers)).transpose()?,
            writer: Worker::start(&format!("{name}-write"), vec![writer], idle)?,
            commits: Arc::default(),
            events: AtomicBool::default(),
        })
    }

    /// Whether rounds write down what they bring, to be told.
    pub(super) fn events(&self) -> &AtomicBool {
        &self.events
    }
}

/// An open database. Jobs are closures that run on threads of its own, each a transaction: whole or not at all, also when
/// the future that waits for its answer is dropped.
pub(crate) trait Database: Clone + Send + Sync + 'static {
    /// Its connections.
    type Session: Session;

    /// Whether several processes may have it open.
    const IS_SHARED: bool;

    /// Its threads.
    fn threads(&self) -> &Threads<Self::Session>;

    /// Whether what is written now would be kept.
    fn check_kept(&self) -> Result<(), StoreError>;

    /// Runs `job` on a reading connection. All its statements see what is committed when it begins.
    fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> impl Future<Output = Result<T, StoreError>> + Send {
        async {
            let threads = self.threads();
            let worker = threads.readers.as_ref().unwrap_or(&threads.writer);
            worker.run(move |session| session.read(job)).await?
        }
    }

    /// Like [`Self::read`], after everything that was asked to be written earlier.
    fn read_written<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> impl Future<Output = Result<T, StoreError>> + Send {
        async {
            self.check_kept()?;
            self.threads().writer.run(move |session| session.read(job)).await?
        }
    }

    /// Runs `job` on the writing connection, after everything asked of it earlier and while nobody else writes; what it
    /// wrote is committed if it succeeds.
    fn transact<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> impl Future<Output = Result<T, StoreError>> + Send {
        async {
            self.check_kept()?;
            Ok(self.threads().writer.run(move |session| session.write(Reach::Books, job)).await??)
        }
    }

    /// Runs `job`, which says who polls which router or forgets what was told, while others write anything else.
    fn transact_leases<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> impl Future<Output = Result<T, StoreError>> + Send {
        self.transact(job)
    }

    /// Commits a router's snapshot, together with those that wait by the time the writer comes to it.
    fn commit_round(&self, round: Round) -> impl Future<Output = Result<(), CommitError>> + Send {
        async {
            commit_with_others(self, round).await.unwrap_or_else(|lost| match lost {
                Lost::NotRun | Lost::Refused(_) => Err(CommitError::RolledBack(lost.into())),
                Lost::Unanswered => Err(CommitError::Doubtful(lost.into())),
            })
        }
    }

    /// Folds a month and puts what it became in its place, beside everything else. Only a database that says of its buckets
    /// which month they are in is asked to.
    fn fold_month(&self, month: MonthOfDays) -> impl Future<Output = Result<Folded, StoreError>> + Send {
        async move {
            Err(StoreError::Constraint(format!("the month {} has no table of its own", month.month.name)))
        }
    }
}

async fn commit_with_others(database: &impl Database, round: Round) -> Result<Result<(), CommitError>, Lost> {
    database.check_kept().map_err(Lost::Refused)?;
    let threads = database.threads();
    let (sender, verdict) = oneshot::channel();
    let group = Arc::clone(&threads.commits);
    let place = threads.writer.place().await?;
    // Nothing is waited for between these two, so that no snapshot waits without a job that takes it.
    threads.commits.add(round, sender);
    place.take(move |session| group.commit_waiting(session));
    verdict.await.map_err(|_| Lost::Unanswered)
}
