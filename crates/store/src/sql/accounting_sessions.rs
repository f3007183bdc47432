//! Writing sessions within a commit.

use accounting::Octets;
use accounting::changes::{SessionEnded, SessionRecord, SessionState};
use accounting::time::Micros;

use crate::error::StoreError;
use crate::ids::NasId;

use super::connection::{Batch, Connection};
use super::keys::row_key;
use super::value::params;
use super::values::amount;

const INSERT: &str = "
    INSERT INTO session (id, nas_id, login_id, service, acct_session_id, boot, calling_station_id,
        framed_address, started_at, first_seen_at, state, last_seen_at, terminate_cause)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
const ADD: &str = "
    UPDATE session SET input_octets = input_octets + ?2, output_octets = output_octets + ?3
    WHERE id = ?1 AND nas_id = ?1 >> 40";
const SET_STATE: &str = "UPDATE session SET state = ?2, last_seen_at = ?3, terminate_cause = ?4 WHERE id = ?1 AND nas_id = ?1 >> 40";
/// A session goes missing in the first round without it, so the round before saw it last.
const SET_MISSING: &str = "
    UPDATE session SET state = 1, last_seen_at = coalesce(last_seen_at, ?2, first_seen_at)
    WHERE id = ?1 AND nas_id = ?1 >> 40";
const SET_LOGIN: &str = "UPDATE session SET login_id = ?2 WHERE id = ?1 AND nas_id = ?1 >> 40";

/// Inserts sessions seen for the first time.
pub(super) fn insert(
    connection: &Connection<'_>,
    nas: NasId,
    sessions: &[SessionRecord],
) -> Result<(), StoreError> {
    let mut batch = Batch::of(connection, INSERT)?;
    for session in sessions {
        let (state, last_seen_at, cause) = state_columns(session.ended);
        batch.add(params![
            row_key(nas, session.no)?,
            nas.0,
            session.login,
            session.service.as_str(),
            session.acct_session_id.map(u64::cast_signed),
            session.boot,
            session.calling_station_id,
            session.framed_address,
            session.started_at.0,
            session.first_seen_at.0,
            state,
            last_seen_at,
            cause,
        ])?;
    }
    batch.finish()
}

/// Adds octets to session totals.
pub(super) fn add_octets(
    connection: &Connection<'_>,
    nas: NasId,
    sessions: &[(u64, Octets)],
) -> Result<(), StoreError> {
    let mut batch = Batch::of(connection, ADD)?;
    for (no, octets) in sessions {
        batch.add(params![row_key(nas, *no)?, amount(octets.input)?, amount(octets.output)?])?;
    }
    batch.finish_each("sessions")
}

/// Sets the states of sessions; `last_round` is our clock at the round before this one.
pub(super) fn set_states(
    connection: &Connection<'_>,
    nas: NasId,
    states: &[(u64, SessionState)],
    last_round: Option<Micros>,
) -> Result<(), StoreError> {
    let mut missing = Batch::of(connection, SET_MISSING)?;
    let mut others = Batch::of(connection, SET_STATE)?;
    for (no, state) in states {
        let key = row_key(nas, *no)?;
        let ended = match state {
            SessionState::Missing => {
                missing.add(params![key, last_round.map(|round| round.0)])?;
                continue;
            }
            SessionState::Open => None,
            SessionState::Ended(ended) => Some(*ended),
        };
        let (state, last_seen_at, cause) = state_columns(ended);
        others.add(params![key, state, last_seen_at, cause])?;
    }
    missing.finish_each("sessions")?;
    others.finish_each("sessions")
}

/// Gives sessions to other login rows (a subscriber was bound meanwhile).
pub(super) fn set_logins(
    connection: &Connection<'_>,
    nas: NasId,
    logins: &[(u64, i64)],
) -> Result<(), StoreError> {
    let mut batch = Batch::of(connection, SET_LOGIN)?;
    for (no, login) in logins {
        batch.add(params![row_key(nas, *no)?, login])?;
    }
    batch.finish_each("sessions")
}

fn state_columns(ended: Option<SessionEnded>) -> (i64, Option<i64>, Option<u8>) {
    match ended {
        None => (0, None, None),
        Some(ended) => (2, Some(ended.last_seen_at.0), ended.terminate_cause),
    }
}
