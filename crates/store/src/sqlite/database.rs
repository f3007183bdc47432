//! The open database: its threads and its lock.

use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{RwLock, oneshot};

use crate::error::StoreError;

use super::accounting_commit::{Round, Verdict};
use super::commit_group::CommitGroup;
use super::lock::FileLock;
use super::migrate::MIGRATIONS;
use super::place::Place;
use super::real_path::real_path;
use super::worker::{Lost, Worker};
use super::{file, migrate};

/// Connections that only read.
const READERS: usize = 2;

/// An open SQLite store; cheap to clone. The last clone to go finishes queued work and closes the file.
#[derive(Clone)]
pub struct Sqlite {
    inner: Arc<Inner>,
}

// The order of the fields is the order of closing: readers, the writer, then the lock.
struct Inner {
    readers: Option<Worker>,
    writer: Worker,
    commits: Arc<CommitGroup>,
    folding: RwLock<()>,
    place: Option<Place>,
    _lock: Option<FileLock>,
}

impl Sqlite {
    /// Opens the database file that `path` leads to, made and brought up to date when needed. Blocks while it does.
    ///
    /// # Errors
    /// `Unavailable` when it has several names or none, `InUse` when another process has it, `TooNew` when a newer program wrote it, `Corrupt` when it is damaged or
    /// of another program, else what the disk said.
    pub fn open(path: &Path) -> Result<Sqlite, StoreError> {
        let path = &*real_path(path)?;
        let lock = FileLock::take(path)?;
        file::prepare(path)?;
        let mut writer = file::open_writer(path)?;
        migrate::migrate(&mut writer, Some(path), MIGRATIONS)?;
        let readers = (0..READERS).map(|_| file::open_reader(path)).collect::<Result<_, _>>()?;
        let place = Place::of(path)?;
        Ok(Sqlite {
            inner: Arc::new(Inner {
                readers: Some(Worker::start("sqlite-read", readers, None)?),
                writer: Worker::start(
                    "sqlite-write",
                    vec![writer],
                    Some(Box::new(file::quiet_checkpoints())),
                )?,
                commits: Arc::default(),
                folding: RwLock::default(),
                place: Some(place),
                _lock: Some(lock),
            }),
        })
    }

    /// A database in memory, gone with the last clone; for trying things out.
    pub fn open_in_memory() -> Result<Sqlite, StoreError> {
        let mut writer = file::open_memory()?;
        migrate::migrate(&mut writer, None, MIGRATIONS)?;
        let writer = Worker::start("sqlite-write", vec![writer], None)?;
        Ok(Sqlite {
            inner: Arc::new(Inner {
                readers: None,
                writer,
                commits: Arc::default(),
                folding: RwLock::default(),
                place: None,
                _lock: None,
            }),
        })
    }

    /// Held for reading by who adds up lines in several transactions, for writing by who folds them meanwhile.
    pub(super) fn folding(&self) -> &RwLock<()> {
        &self.inner.folding
    }

    /// Runs `job` on the writing connection, after everything asked of it earlier.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.write_or_lose(job).await?
    }

    /// Whether the open database is still the file at its path.
    pub(super) fn check_place(&self) -> Result<(), StoreError> {
        self.inner.place.as_ref().map_or(Ok(()), Place::check)
    }

    /// Runs `job` on the writing connection in a transaction of its own, which is committed if it succeeds.
    pub(super) async fn transact<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.write(move |connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let answer = job(&transaction)?;
            transaction.commit()?;
            Ok(answer)
        })
        .await
    }

    /// Like [`Self::write`], for callers that must know whether the job can have run.
    pub(super) async fn write_or_lose<R: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> R + Send + 'static,
    ) -> Result<R, Lost> {
        self.check_place().map_err(Lost::Refused)?;
        self.inner.writer.run(job).await
    }

    /// Commits a router's snapshot, together with those that wait by the time the writer comes to it.
    pub(super) async fn commit_with_others(&self, round: Round) -> Result<Verdict, Lost> {
        self.check_place().map_err(Lost::Refused)?;
        let (sender, verdict) = oneshot::channel();
        let (waiting, group) = (Arc::clone(&self.inner.commits), Arc::clone(&self.inner.commits));
        let place = self.inner.writer.place().await?;
        // Nothing is waited for between these two, so that no snapshot waits without a job that takes it.
        waiting.add(round, sender);
        place.take(move |connection| group.commit_waiting(connection));
        verdict.await.map_err(|_| Lost::Unanswered)
    }

    /// Runs `job` on a reading connection. All its statements see what is committed when it begins.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let worker = self.inner.readers.as_ref().unwrap_or(&self.inner.writer);
        worker.run(move |connection| job(&*connection.transaction()?)).await?
    }
}
