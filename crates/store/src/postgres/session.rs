//! A connection that is opened again when it was lost.

use std::sync::Arc;
use std::time::Duration;

use postgres::{Client, IsolationLevel};

use crate::error::StoreError;
use crate::sql::connection::Connection;
use crate::sql::driver::{self, Failed, Reach};

use super::errors::is_unanswered;
use super::login::Purpose;
use super::url::Place;
use super::within::{Ready, Within};
use super::{login, migrate, writer};

/// How long a connection may take to say that it is there.
const SIGN_OF_LIFE: Duration = Duration::from_secs(10);

/// Taken before a reader's moment is: a month that is put in the place of another one waits until who saw the other is done.
/// Rows of a table that came later are not there for who began earlier.
const WITH_THESE_MONTHS: &str = "LOCK TABLE ONLY ledger_entry IN ACCESS SHARE MODE";

/// A connection of a thread's own.
pub(crate) struct Session {
    place: Arc<Place>,
    purpose: Purpose,
    client: Option<Client>,
    ready: Ready,
}

impl Session {
    /// One that is opened when it is needed.
    pub(super) fn closed(place: Arc<Place>, purpose: Purpose) -> Session {
        Session { place, purpose, client: None, ready: Ready::default() }
    }

    /// The one that writes, over a connection that is the writer's.
    pub(super) fn writing(place: Arc<Place>, client: Client) -> Session {
        Session { client: Some(client), ..Session::closed(place, Purpose::Writing) }
    }

    /// The connection, opened anew when it does not answer.
    fn client(&mut self) -> Result<(&mut Client, &Ready), StoreError> {
        let lives = self.client.as_mut().is_some_and(|client| client.is_valid(SIGN_OF_LIFE).is_ok());
        let client = match self.client.take().filter(|_| lives) {
            Some(client) => client,
            None => self.open()?,
        };
        Ok((self.client.insert(client), &self.ready))
    }

    fn open(&mut self) -> Result<Client, StoreError> {
        self.ready = Ready::default();
        let mut client = login::connect(&self.place, self.purpose)?;
        if self.purpose == Purpose::Writing {
            writer::claim(&mut client, &self.place.node, &self.place.calls_itself())?;
        }
        // Another process may have brought the tables up to date since.
        migrate::refuse_newer(&mut client)?;
        Ok(client)
    }
}

impl driver::Session for Session {
    fn write<T>(
        &mut self,
        reach: Reach,
        job: impl FnOnce(&Connection<'_>) -> Result<T, StoreError>,
    ) -> Result<T, Failed> {
        let (client, ready) = self.client()?;
        let begun = client.build_transaction().isolation_level(IsolationLevel::ReadCommitted).start();
        let within = Within::of(begun.map_err(StoreError::from)?, ready);
        writer::opening(reach).map_or(Ok(()), |opening| within.run(opening))?;
        let answer = job(&within)?;
        within.commit().map_err(|error| match is_unanswered(&error) {
            true => Failed::Doubtful(error.into()),
            false => Failed::Undone(error.into()),
        })?;
        Ok(answer)
    }

    fn read<T>(
        &mut self,
        job: impl FnOnce(&Connection<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let (client, ready) = self.client()?;
        let moment =
            client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true);
        let mut transaction = moment.start()?;
        transaction.batch_execute(WITH_THESE_MONTHS)?;
        job(&Within::of(transaction, ready))
    }

    fn leave_no_transaction(&mut self) {
        self.client = None;
    }
}
