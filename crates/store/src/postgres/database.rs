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
        let place = Arc::new(Place::parse(url)?);
        // The driver waits by a runtime of its own, which a thread of another runtime must not.
        let opening = std::thread::Builder::new().name("postgres-open".to_owned()).spawn(|| opened(place));
        let opening = opening
            .map_err(|error| StoreError::Unavailable(format!("no thread could be started: {error}")))?;
        opening.join().unwrap_or_else(|_| {
            Err(StoreError::Unavailable("its thread stopped half-way; see the log".to_owned()))
        })
    }
}

fn opened(place: Arc<Place>) -> Result<Postgres, StoreError> {
    let mut client = login::connect(&place)?;
    writer::claim(&mut client)?;
    let are_there = check::check(&mut client)?;
    migrate::migrate(&mut client, are_there, MIGRATIONS)?;
    let readers = (0..READERS).map(|_| Session::reading(Arc::clone(&place))).collect();
    let threads = Threads::start("postgres", Session::writing(place, client), readers, None)?;
    Ok(Postgres { threads: Arc::new(threads) })
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
