//! That the sessions which are to be ended are those which somebody was shown: a number means another session on another
//! router, and after an older database was put back.

use std::time::Duration;

use sha2::{Digest, Sha256};
use store::{Nas, SessionOwner, SessionRow};

use super::asked::{BulkFilter, MOST_ENDED, ShownSessions};
use crate::error::OperationError;
use crate::operations::Operations;

/// A session as it was shown.
pub(super) struct Named<'a> {
    no: u64,
    login: &'a [u8],
    service: &'static str,
    caller: &'a [u8],
}

impl<'a> From<&'a SessionRow> for Named<'a> {
    fn from(row: &'a SessionRow) -> Self {
        let (login, caller) = (&row.username[..], &row.calling_station_id[..]);
        Named { no: row.no, login, service: row.service.as_str(), caller }
    }
}

impl<'a> From<&'a (u64, SessionOwner)> for Named<'a> {
    fn from((no, owner): &'a (u64, SessionOwner)) -> Self {
        let (login, caller) = (&owner.username[..], &owner.calling_station_id[..]);
        Named { no: *no, login, service: owner.service.as_str(), caller }
    }
}

/// Of sessions in their order, and of how long who has them is to be kept out.
pub(super) fn digest<'a>(
    nas: &Nas,
    hold: Option<Duration>,
    sessions: impl Iterator<Item = Named<'a>>,
) -> String {
    let mut sha256 = Sha256::new();
    let mut part = |bytes: &[u8]| {
        sha256.update((bytes.len() as u64).to_be_bytes());
        sha256.update(bytes);
    };
    part(nas.config.uuid.as_bytes());
    part(&hold.map_or(0, |hold| hold.as_secs()).to_be_bytes());
    for session in sessions {
        part(&session.no.to_be_bytes());
        [session.login, session.service.as_bytes(), session.caller].into_iter().for_each(&mut part);
    }
    hex::encode(sha256.finalize())
}

impl Operations {
    /// Whose the sessions are that were shown, if the books have them as they were shown.
    pub(super) async fn owners_of_shown(
        &self,
        filter: &BulkFilter,
        shown: &ShownSessions,
        hold: Option<Duration>,
    ) -> Result<Vec<(u64, SessionOwner)>, OperationError> {
        if !(1..=MOST_ENDED).contains(&shown.sessions.len()) {
            return Err(OperationError::Invalid(format!(
                "nothing was ended: between 1 and {MOST_ENDED} sessions are ended in one go, as the preview lists them"
            )));
        }
        let nas = self.named_nas(&filter.router).await?;
        let keys = shown.sessions.iter().map(|no| (nas.id, *no)).collect();
        let owners = self.store.owners_of_sessions(keys).await?;
        let owners: Option<Vec<(u64, SessionOwner)>> =
            shown.sessions.iter().zip(owners).map(|(no, owner)| Some((*no, owner?))).collect();
        let seen = owners.filter(|owners| digest(&nas, hold, owners.iter().map(Named::from)) == shown.digest);
        seen.ok_or_else(|| {
            OperationError::Conflict(
                "nothing was ended: this is not what the preview showed. Ask for the preview again"
                    .to_owned(),
            )
        })
    }
}
