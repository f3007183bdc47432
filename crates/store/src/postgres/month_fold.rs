//! Folding a month of the ledger as a whole: what it becomes is written to a table beside it, which takes its place in the
//! same transaction. Rounds are written meanwhile, and nobody sees anything before it is done.
//!
//! The transaction is open for as long as a month takes to be read, and the server cannot clear away dead rows meanwhile.
//! A lock that kept the month as it is would stop every round, because their statements name the whole ledger; so what is
//! written to the month meanwhile is noticed, and then nothing is folded.

use std::sync::Arc;

use postgres::Client;
use tokio::sync::oneshot;

use crate::error::StoreError;
use crate::retention_repository::Folded;
use crate::sql::ledger_month::MonthOfDays;

use super::login::{self, Purpose};
use super::month_days;
use super::month_swap;
use super::month_watch;
use super::patience::patiently;
use super::url::Place;
use super::within::{Ready, Within};
use super::writer::FOLDING;

/// Folds it, on a connection and a thread of its own.
///
/// # Errors
/// `Busy` when it is being folded by somebody else, was written to, or is read for too long: nothing was changed then.
pub(super) async fn fold(place: Arc<Place>, month: MonthOfDays) -> Result<Folded, StoreError> {
    let (answer, answered) = oneshot::channel();
    let thread = std::thread::Builder::new().name("postgres-fold".to_owned());
    let spawned = thread.spawn(move || {
        // A caller that went away does not want its answer.
        let _ = answer.send(fold_on(&mut login::connect(&place, Purpose::Folding)?, &month));
        Ok::<_, StoreError>(())
    });
    spawned.map_err(|error| StoreError::Unavailable(format!("no thread could be started: {error}")))?;
    answered.await.unwrap_or_else(|_| {
        Err(StoreError::Unavailable("folding stopped half-way and was undone; see the log".to_owned()))
    })
}

fn fold_on(client: &mut Client, month: &MonthOfDays) -> Result<Folded, StoreError> {
    if !client.query_one(FOLDING, &[])?.try_get::<_, bool>(0)? {
        return Err(StoreError::Busy);
    }
    let late = patiently(|| month_watch::begin(client, &month.month.name))?;
    let ready = Ready::default();
    let within = Within::of(client.transaction()?, &ready);
    let days = month_days::write(&within, month)?;
    month_swap::swap(&within, &month.month, &days, late)?;
    within.commit()?;
    Ok(days.folded())
}
