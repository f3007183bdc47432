//! The open database: its threads.

use std::sync::Arc;

use crate::error::StoreError;
use crate::sql::database::{Database, Threads};

use super::migrate::MIGRATIONS;
use super::session::Session;
use super::url::Place;
use super::{check, login, migrate, writer};

/// Connections that only read.
const READERS: usize = 3;

/// An open PostgreSQL store; cheap to clone. The last clone to go finishes queued work and closes the connections.
#[derive(Clone)]
pub struct Postgres {
    threads: Arc<Threads<Session>>,
}

impl Postgres {
    /// Opens the database of a URL (`postgres://user:password@host:port/database`); our tables in it are made and brought
    /// up to date when needed. Blocks while it does.
    ///
    /// # Errors
    /// `TooNew` when a newer program made the tables, else `Unavailable` with a sentence: what cannot be reached or is not
    /// allowed, and what to do.
    pub fn open(url: &str) -> Result<Postgres, StoreError> {
        let opened = open(url, true)?;
        opened.ok_or_else(|| StoreError::Corrupt("its tables were made and are not there".to_owned()))
    }

    /// Opens a database whose tables are there already; `None` when they are not, and nothing was made.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_existing(url: &str) -> Result<Option<Postgres>, StoreError> {
        open(url, false)
    }
}

/// The driver waits by a runtime of its own, which a thread of another runtime must not.
fn open(url: &str, may_begin: bool) -> Result<Option<Postgres>, StoreError> {
    let place = Arc::new(Place::parse(url)?);
    let thread = std::thread::Builder::new().name("postgres-open".to_owned());
    let opening = thread
        .spawn(move || opened(place, may_begin))
        .map_err(|error| StoreError::Unavailable(format!("no thread could be started: {error}")))?;
    opening.join().unwrap_or_else(|_| {
        Err(StoreError::Unavailable("its thread stopped half-way; see the log".to_owned()))
    })
}

fn opened(place: Arc<Place>, may_begin: bool) -> Result<Option<Postgres>, StoreError> {
    let mut client = login::connect(&place)?;
    writer::claim(&mut client)?;
    let are_there = check::check(&mut client)?;
    if !are_there && !may_begin {
        return Ok(None);
    }
    migrate::migrate(&mut client, are_there, MIGRATIONS)?;
    let readers = (0..READERS).map(|_| Session::reading(Arc::clone(&place))).collect();
    let threads = Threads::start("postgres", Session::writing(place, client), readers, None)?;
    Ok(Some(Postgres { threads: Arc::new(threads) }))
}

impl Database for Postgres {
    type Session = Session;

    fn threads(&self) -> &Threads<Session> {
        &self.threads
    }

    /// The server keeps what it says it wrote.
    fn check_kept(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
