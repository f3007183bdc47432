//! Writing sessions within a commit.

use accounting::Octets;
use accounting::changes::{SessionEnded, SessionRecord, SessionState};
use accounting::time::Micros;
use rusqlite::{Connection, params};

use crate::error::StoreError;
use crate::ids::NasId;

use super::keys::row_key;
use super::values::{amount, exactly_one};

const INSERT: &str = "
    INSERT INTO session (id, nas_id, login_id, service, acct_session_id, boot, calling_station_id,
        framed_address, started_at, first_seen_at, state, last_seen_at, terminate_cause)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
const ADD: &str = "
    UPDATE session SET input_octets = input_octets + ?2, output_octets = output_octets + ?3 WHERE id = ?1";
const SET_STATE: &str =
    "UPDATE session SET state = ?2, last_seen_at = ?3, terminate_cause = ?4 WHERE id = ?1";
/// A session goes missing in the first round without it, so the round before saw it last.
const SET_MISSING: &str =
    "UPDATE session SET state = 1, last_seen_at = coalesce(last_seen_at, ?2, first_seen_at) WHERE id = ?1";
const SET_LOGIN: &str = "UPDATE session SET login_id = ?2 WHERE id = ?1";

/// Inserts sessions seen for the first time.
pub(super) fn insert(
    connection: &Connection,
    nas: NasId,
    sessions: &[SessionRecord],
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(INSERT)?;
    for session in sessions {
        let (state, last_seen_at, cause) = state_columns(session.ended);
        statement.execute(params![
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
    Ok(())
}

/// Adds octets to session totals.
pub(super) fn add_octets(
    connection: &Connection,
    nas: NasId,
    sessions: &[(u64, Octets)],
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(ADD)?;
    for (no, octets) in sessions {
        let written =
            statement.execute((row_key(nas, *no)?, amount(octets.input)?, amount(octets.output)?))?;
        exactly_one(written, "the session", *no)?;
    }
    Ok(())
}

/// Sets the states of sessions; `last_round` is our clock at the round before this one.
pub(super) fn set_states(
    connection: &Connection,
    nas: NasId,
    states: &[(u64, SessionState)],
    last_round: Option<Micros>,
) -> Result<(), StoreError> {
    for (no, state) in states {
        let key = row_key(nas, *no)?;
        let written = match state {
            SessionState::Missing => connection
                .prepare_cached(SET_MISSING)?
                .execute(params![key, last_round.map(|round| round.0)])?,
            SessionState::Open => set_state(connection, key, None)?,
            SessionState::Ended(ended) => set_state(connection, key, Some(*ended))?,
        };
        exactly_one(written, "the session", *no)?;
    }
    Ok(())
}

/// Gives sessions to other login rows (a subscriber was bound meanwhile).
pub(super) fn set_logins(
    connection: &Connection,
    nas: NasId,
    logins: &[(u64, i64)],
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(SET_LOGIN)?;
    for (no, login) in logins {
        exactly_one(statement.execute((row_key(nas, *no)?, login))?, "the session", *no)?;
    }
    Ok(())
}

fn set_state(connection: &Connection, key: i64, ended: Option<SessionEnded>) -> Result<usize, StoreError> {
    let (state, last_seen_at, cause) = state_columns(ended);
    Ok(connection.prepare_cached(SET_STATE)?.execute(params![key, state, last_seen_at, cause])?)
}

fn state_columns(ended: Option<SessionEnded>) -> (i64, Option<i64>, Option<u8>) {
    match ended {
        None => (0, None, None),
        Some(ended) => (2, Some(ended.last_seen_at.0), ended.terminate_cause),
    }
}
