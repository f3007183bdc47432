//! What a round brought, written down with it to be told.

use accounting::changes::{Changes, SessionEnded, SessionState};
use accounting::ledger::{GrownEntry, LedgerEntry};
use accounting::time::Micros;

use crate::error::StoreError;
use crate::event::{RoundNews, SessionStep, UsageLine};
use crate::event_packing::pack;
use crate::ids::NasId;

use super::connection::Connection;
use super::rows;
use super::value::params;

/// The next place of the router, and what its rows before held.
const ADVANCE: &str = "
    INSERT INTO outbox_head (nas_id, seq, bytes) VALUES (?1, 1, ?2)
    ON CONFLICT (nas_id) DO UPDATE SET seq = outbox_head.seq + 1, bytes = outbox_head.bytes + excluded.bytes
    RETURNING seq, bytes - ?2";
const INSERT: &str = "INSERT INTO outbox (nas_id, seq, at, bytes_before, body) VALUES (?1, ?2, ?3, ?4, ?5)";

/// Writes down what a round brought, if it brought anything.
pub(super) fn write(connection: &Connection<'_>, nas: NasId, changes: &Changes) -> Result<(), StoreError> {
    let Some(news) = news(changes) else { return Ok(()) };
    let body = pack(&news);
    let length = i64::try_from(body.len()).unwrap_or(i64::MAX);
    let (seq, before): (i64, i64) =
        rows::only(connection, ADVANCE, params![nas.0, length], |row| Ok((row.get(0)?, row.get(1)?)))?;
    connection.execute(INSERT, params![nas.0, seq, news.at.0, before, body]).map(drop)
}

/// `None` of a round in which nobody moved, came or went.
fn news(changes: &Changes) -> Option<RoundNews> {
    let usage: Vec<UsageLine> =
        changes.grown_entries.iter().map(grown).chain(changes.new_entries.iter().map(entered)).collect();
    let started = changes.new_sessions.iter().flat_map(|session| {
        let ended = session.ended.map(|ended| (session.no, step(SessionState::Ended(ended))));
        [(session.no, SessionStep::Started)].into_iter().chain(ended)
    });
    let turned = changes.session_states.iter().map(|(no, state)| (*no, step(*state)));
    let sessions: Vec<_> = started.chain(turned).collect();
    let at = changes.nas.last.map_or(Micros(0), |last| last.at);
    let nothing = usage.is_empty() && sessions.is_empty();
    (!nothing).then_some(RoundNews { poll_seq: changes.nas.poll_seq, at, usage, sessions })
}

fn grown(entry: &GrownEntry) -> UsageLine {
    UsageLine {
        bucket: entry.bucket,
        no: entry.no,
        login: entry.login,
        session: entry.session,
        cycle: entry.cycle,
        reason: entry.reason,
        posted: true,
        added: entry.added,
        from: entry.from,
        to: entry.to,
        unseen: None,
    }
}

fn entered(entry: &LedgerEntry) -> UsageLine {
    UsageLine {
        bucket: entry.bucket,
        no: entry.no,
        login: entry.login,
        session: entry.session,
        cycle: entry.cycle,
        reason: entry.reason,
        posted: entry.posted,
        added: entry.delta,
        from: entry.from,
        to: entry.to,
        unseen: entry.unseen,
    }
}

fn step(state: SessionState) -> SessionStep {
    match state {
        SessionState::Open => SessionStep::Returned,
        SessionState::Missing => SessionStep::Missing,
        SessionState::Ended(SessionEnded { last_seen_at, terminate_cause }) => {
            SessionStep::Ended { last_seen_at, cause: terminate_cause }
        }
    }
}
