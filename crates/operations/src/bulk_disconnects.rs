//! Ending the sessions of many on one router: first it is shown whom it would meet, then those who were shown are ended, one
//! after the other, and nobody else.
//!
//! * `asked`: what is asked for
//! * `fitting`: whose sessions a filter means
//! * `kept_out`: who is kept out already by what was done before in the same go
//! * `shown`: that what is to be ended is what was shown

mod asked;
mod fitting;
mod kept_out;
mod shown;

pub use asked::{BulkFilter, MOST_ENDED, ShownSessions};

use std::time::Duration;

use store::{SessionOwner, SessionRow};

use crate::disconnects::{DisconnectRequest, EndedSession};
use crate::error::OperationError;
use crate::holds::check_lasts;
use crate::names::name_for_people;
use crate::operations::Operations;
use kept_out::KeptOut;

/// Whom it would meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkPreview {
    /// The sessions, those that began first first; at most [`MOST_ENDED`].
    pub sessions: Vec<SessionRow>,
    /// How many more fit.
    pub more: u64,
    /// What says that somebody saw these sessions and no others.
    pub digest: String,
}

/// What became of one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkEnd {
    /// Its number within the router.
    pub session: u64,
    /// Whose it is.
    pub owner: SessionOwner,
    /// As [`Operations::disconnect`] answers it; [`OperationError::NotFound`] for one that was left alone.
    pub result: Result<EndedSession, OperationError>,
}

impl Operations {
    /// Whose sessions a filter means, by the last readings. Nothing is sent to the router, and nothing is written down. `hold`: for
    /// so long they are to be kept out; what was shown with it is ended with it only.
    pub async fn preview_disconnects(
        &self,
        filter: &BulkFilter,
        hold: Option<Duration>,
    ) -> Result<BulkPreview, OperationError> {
        hold.map_or(Ok(()), check_lasts)?;
        let nas = self.named_nas(&filter.router).await?;
        let mut sessions = self.sessions_that_fit(filter).await?;
        let more = sessions.len().saturating_sub(MOST_ENDED) as u64;
        sessions.truncate(MOST_ENDED);
        let digest = shown::digest(&nas, hold, sessions.iter().map(shown::Named::from));
        Ok(BulkPreview { sessions, more, digest })
    }

    /// Ends the sessions that were shown, as [`Operations::disconnect`] ends one: one after the other, each with a last reading and
    /// in the journal. One that fails does not keep the others. One that is not open any more, or that the filter does not mean any
    /// more, is left alone; so is whatever came since. With `hold` each is kept out for so long from its own end on.
    pub async fn disconnect_shown(
        &self,
        actor: &str,
        filter: &BulkFilter,
        shown: &ShownSessions,
        hold: Option<Duration>,
    ) -> Result<Vec<BulkEnd>, OperationError> {
        self.each_shown(actor, (filter, shown), hold, false).await
    }

    /// What would be sent to end each of a preview, in the order in which it would be; nothing is sent, and nothing is written down.
    /// Each is looked for on the router.
    pub async fn plan_disconnects(
        &self,
        actor: &str,
        filter: &BulkFilter,
        preview: &BulkPreview,
        hold: Option<Duration>,
    ) -> Result<Vec<BulkEnd>, OperationError> {
        if preview.sessions.is_empty() {
            return Ok(Vec::new());
        }
        let sessions = preview.sessions.iter().map(|row| row.no).collect();
        let shown = ShownSessions { sessions, digest: preview.digest.clone() };
        self.each_shown(actor, (filter, &shown), hold, true).await
    }

    async fn each_shown(
        &self,
        actor: &str,
        (filter, shown): (&BulkFilter, &ShownSessions),
        hold: Option<Duration>,
        dry_run: bool,
    ) -> Result<Vec<BulkEnd>, OperationError> {
        hold.map_or(Ok(()), check_lasts)?;
        let owners = self.owners_of_shown(filter, shown, hold).await?;
        let mut kept_out = KeptOut::for_each(hold);
        let fitting = self.sessions_that_fit(filter).await?;
        let mut ends = Vec::with_capacity(owners.len());
        for (session, owner) in owners {
            let result = match fitting.iter().any(|row| row.no == session) {
                true => {
                    let request = request(session, &owner, kept_out.hold_of(&owner), dry_run);
                    kept_out.with(&owner, self.disconnect(actor, request).await)
                }
                false => Err(left_alone(session, &owner)),
            };
            ends.push(BulkEnd { session, owner, result });
        }
        Ok(ends)
    }
}

fn request(session: u64, owner: &SessionOwner, hold: Option<Duration>, dry_run: bool) -> DisconnectRequest {
    DisconnectRequest {
        login: owner.username.clone(),
        router: Some(owner.router.clone()),
        session: Some(session),
        caller: Some(owner.calling_station_id.clone()),
        hold,
        dry_run,
    }
}

fn left_alone(session: u64, owner: &SessionOwner) -> OperationError {
    OperationError::NotFound(format!(
        "session {session} of {} is not open any more, or not of those that are meant; it was left alone",
        name_for_people(&owner.username)
    ))
}
