//! The open database: its threads.

use std::sync::Arc;

use crate::error::StoreError;
use crate::retention_repository::Folded;
use crate::sql::connection::Connection;
use crate::sql::database::{Database, Threads};
use crate::sql::driver::{Reach, Session as _};
use crate::sql::ledger_month::MonthOfDays;
use crate::sql::worker::Worker;

use super::login::Purpose;
use super::options::PostgresOptions;
use super::session::Session;
use super::url::Place;
use super::{login, migrate, month_fold, writer};

/// An open PostgreSQL store; cheap to clone. The last clone to go finishes queued work and closes the connections.
#[derive(Clone)]
pub struct Postgres {
    inner: Arc<Inner>,
}

struct Inner {
    threads: Threads<Session>,
    leases: Worker<Session>,
    place: Arc<Place>,
}

impl Postgres {
    /// Opens the database of a URL (`postgres://user:password@host:port/database`) for a process without a name.
    ///
    /// # Errors
    /// As [`Self::open_as`].
    pub fn open(url: &str) -> Result<Postgres, StoreError> {
        Self::open_as(url, &PostgresOptions::default())
    }

    /// Opens the database of a URL; our tables in it are made and brought up to date when needed. Blocks while it does.
    ///
    /// # Errors
    /// `TooNew` when a newer program made the tables, else `Unavailable` with a sentence: what cannot be reached or is not
    /// allowed, and what to do.
    pub fn open_as(url: &str, options: &PostgresOptions) -> Result<Postgres, StoreError> {
        let opened = open(url, options, true)?;
        opened.ok_or_else(|| StoreError::Corrupt("its tables were made and are not there".to_owned()))
    }

    /// A database that was looked at, for whoever only reads it.
    pub(crate) fn only_read(place: &Arc<Place>) -> Result<Postgres, StoreError> {
        let closed = || Session::closed(Arc::clone(place), Purpose::Reading);
        let leases = Worker::start("postgres-leases", vec![closed()], None)?;
        let threads = Threads::start("postgres", closed(), vec![closed()], None)?;
        Ok(Postgres { inner: Arc::new(Inner { threads, leases, place: Arc::clone(place) }) })
    }

    /// Opens a database whose tables are there already; `None` when they are not, and nothing was made.
    ///
    /// # Errors
    /// As [`Self::open_as`].
    pub fn open_existing(url: &str, options: &PostgresOptions) -> Result<Option<Postgres>, StoreError> {
        open(url, options, false)
    }
}

/// The driver waits by a runtime of its own, which a thread of another runtime must not.
fn open(url: &str, options: &PostgresOptions, may_begin: bool) -> Result<Option<Postgres>, StoreError> {
    let place = Arc::new(Place::parse(url, options)?);
    let readers = options.readers;
    let thread = std::thread::Builder::new().name("postgres-open".to_owned());
    let opening = thread
        .spawn(move || opened(place, readers, may_begin))
        .map_err(|error| StoreError::Unavailable(format!("no thread could be started: {error}")))?;
    opening.join().unwrap_or_else(|_| {
        Err(StoreError::Unavailable("its thread stopped half-way; see the log".to_owned()))
    })
}

fn opened(place: Arc<Place>, readers: usize, may_begin: bool) -> Result<Option<Postgres>, StoreError> {
    let mut client = login::connect(&place, Purpose::Writing)?;
    if !migrate::bring_up(&mut client, may_begin)? {
        return Ok(None);
    }
    writer::claim(&mut client, &place.node, &place.calls_itself())?;
    let closed = |purpose| Session::closed(Arc::clone(&place), purpose);
    let leases = Worker::start("postgres-leases", vec![closed(Purpose::Leases)], None)?;
    let readers = (0..readers.max(1)).map(|_| closed(Purpose::Reading)).collect();
    let threads = Threads::start("postgres", Session::writing(Arc::clone(&place), client), readers, None)?;
    Ok(Some(Postgres { inner: Arc::new(Inner { threads, leases, place }) }))
}

impl Database for Postgres {
    type Session = Session;

    const IS_SHARED: bool = true;

    fn threads(&self) -> &Threads<Session> {
        &self.inner.threads
    }

    async fn transact_leases<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        Ok(self.inner.leases.run(move |session| session.write(Reach::Leases, job)).await??)
    }

    /// The server keeps what it says it wrote.
    fn check_kept(&self) -> Result<(), StoreError> {
        Ok(())
    }

    async fn fold_month(&self, month: MonthOfDays) -> Result<Folded, StoreError> {
        month_fold::fold(Arc::clone(&self.inner.place), month).await
    }
}
