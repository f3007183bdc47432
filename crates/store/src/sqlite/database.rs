//! The open database: its threads and its lock.

use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;

use crate::error::StoreError;
use crate::sql::database::{Database, Threads};

use super::lock::FileLock;
use super::migrate::MIGRATIONS;
use super::place::{Place, refuse_half_restored};
use super::real_path::real_path;
use super::{file, migrate};

/// Connections that only read.
const READERS: usize = 2;

/// An open SQLite store; cheap to clone. The last clone to go finishes queued work and closes the file.
#[derive(Clone)]
pub struct Sqlite {
    inner: Arc<Inner>,
}

// The order of the fields is the order of closing: the connections, then the lock.
struct Inner {
    threads: Threads<Connection>,
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
        refuse_half_restored(path)?;
        file::prepare(path)?;
        let mut writer = file::open_writer(path)?;
        migrate::migrate(&mut writer, Some(path), MIGRATIONS)?;
        let readers = (0..READERS).map(|_| file::open_reader(path)).collect::<Result<_, _>>()?;
        let place = Place::of(path)?;
        let idle = Some(Box::new(file::quiet_checkpoints()) as _);
        let threads = Threads::start("sqlite", writer, readers, idle)?;
        Ok(Sqlite { inner: Arc::new(Inner { threads, place: Some(place), _lock: Some(lock) }) })
    }

    /// A database in memory, gone with the last clone; for trying things out.
    pub fn open_in_memory() -> Result<Sqlite, StoreError> {
        let mut writer = file::open_memory()?;
        migrate::migrate(&mut writer, None, MIGRATIONS)?;
        let threads = Threads::start("sqlite", writer, Vec::new(), None)?;
        Ok(Sqlite { inner: Arc::new(Inner { threads, place: None, _lock: None }) })
    }
}

impl Database for Sqlite {
    type Session = Connection;

    const IS_SHARED: bool = false;

    fn threads(&self) -> &Threads<Connection> {
        &self.inner.threads
    }

    /// Whether the open database is still the file at its path.
    fn check_kept(&self) -> Result<(), StoreError> {
        self.inner.place.as_ref().map_or(Ok(()), Place::check)
    }
}
