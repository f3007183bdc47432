//! Open entries: what the rows of counters and sessions leave to the ledger entry that grows with each round, so that a
//! round in which they only grow need not write them (ADR 0017).

use accounting::Octets;
use accounting::ledger::EntryRef;

use crate::error::StoreError;
use crate::ids::NasId;

use super::connection::{Batch, Connection};
use super::keys::{FIRST_DECISION_NO, accounting_no, row_key};
use super::row::Row;
use super::value::params;
use super::values::octets;

/// Joins the open entry, as `open_entry`, to the counters or sessions of that name.
macro_rules! with_open_entry {
    ($rows:literal) => {
        concat!(
            " LEFT JOIN ledger_entry AS open_entry ON open_entry.nas_id = ",
            $rows,
            ".nas_id AND open_entry.bucket = ",
            $rows,
            ".open_bucket AND open_entry.no = ",
            $rows,
            ".open_no "
        )
    };
}
pub(super) use with_open_entry;

/// A session's total in a direction, `input` or `output`.
macro_rules! session_total {
    ($direction:literal) => {
        concat!("session.", $direction, "_octets + coalesce(open_entry.delta_", $direction, ", 0)")
    };
}
pub(super) use session_total;

/// A counter's baseline in a direction, `input` or `output`; null where its open entry is not there.
macro_rules! baseline {
    ($direction:literal) => {
        concat!(
            "CASE WHEN counter.open_no IS NULL THEN counter.",
            $direction,
            "_octets ELSE open_entry.after_",
            $direction,
            " END"
        )
    };
}
pub(super) use baseline;

const OPEN_COUNTER: &str =
    "UPDATE counter SET open_bucket = ?2, open_no = ?3 WHERE id = ?1 AND nas_id = ?1 >> 40";

/// Puts what its open entry adds into a session's row.
macro_rules! settle_session {
    () => {
        "UPDATE session SET (input_octets, output_octets) =
             (SELECT session.input_octets + CAST(coalesce(sum(delta_input), 0) AS bigint),
                     session.output_octets + CAST(coalesce(sum(delta_output), 0) AS bigint)
              FROM ledger_entry AS entry
              WHERE entry.nas_id = session.nas_id AND entry.bucket = open_bucket AND entry.no = open_no), "
    };
}
pub(crate) use settle_session;
const OPEN_SESSION: &str =
    concat!(settle_session!(), "open_bucket = ?2, open_no = ?3 WHERE id = ?1 AND nas_id = ?1 >> 40");

/// Of the rows that entries in a range name, those whose open entry is in it.
macro_rules! opened_in_range {
    ($no:literal) => {
        concat!(
            " WHERE nas_id = ?1 AND id IN (SELECT nas_id << 40 | ",
            $no,
            " FROM ledger_entry WHERE nas_id = ?1 AND (bucket, no) >= (?2, 0) AND (bucket, no) <= (?3, ?4) AND no < ?5)
              AND (open_bucket, open_no) >= (?2, 0) AND (open_bucket, open_no) <= (?3, ?4)"
        )
    };
}
const SETTLE_SESSIONS: &str =
    concat!(settle_session!(), "open_bucket = NULL, open_no = NULL", opened_in_range!("session_no"));
/// Puts where its open entry ends into a counter's row.
macro_rules! settle_counter {
    () => {
        "UPDATE counter SET (input_octets, output_octets) =
             (SELECT after_input, after_output FROM ledger_entry AS entry
              WHERE entry.nas_id = counter.nas_id AND entry.bucket = open_bucket AND entry.no = open_no), "
    };
}
pub(crate) use settle_counter;
const SETTLE_COUNTERS: &str =
    concat!(settle_counter!(), "open_bucket = NULL, open_no = NULL", opened_in_range!("counter_no"));

/// Counters whose baseline is from now on where an entry leaves them.
pub(super) fn open_counters(
    connection: &Connection<'_>,
    nas: NasId,
    opened: &[(u64, EntryRef)],
) -> Result<(), StoreError> {
    open(connection, OPEN_COUNTER, nas, opened, "counters")
}

/// Sessions with another open entry: what the one before it added goes into the row. That entry must be written before.
pub(super) fn open_sessions(
    connection: &Connection<'_>,
    nas: NasId,
    opened: &[(u64, EntryRef)],
) -> Result<(), StoreError> {
    open(connection, OPEN_SESSION, nas, opened, "sessions")
}

fn open(
    connection: &Connection<'_>,
    update: &'static str,
    nas: NasId,
    opened: &[(u64, EntryRef)],
    what: &str,
) -> Result<(), StoreError> {
    let mut batch = Batch::of(connection, update)?;
    for (no, entry) in opened {
        batch.add(params![row_key(nas, *no)?, entry.bucket, accounting_no(entry.no)?])?;
    }
    batch.finish_each(what)
}

/// Puts into the rows what entries of a router say that are about to go: those from bucket `from` to the place `last`.
pub(super) fn settle(
    connection: &Connection<'_>,
    nas: NasId,
    from: i64,
    last: (i64, i64),
) -> Result<(), StoreError> {
    for settle in [SETTLE_SESSIONS, SETTLE_COUNTERS] {
        connection.execute(settle, params![nas.0, from, last.0, last.1, FIRST_DECISION_NO])?;
    }
    Ok(())
}

/// A baseline in the two columns from `at` on.
pub(super) fn baseline_of(row: &Row<'_>, at: usize) -> Result<Octets, StoreError> {
    if row.get::<Option<i64>>(at)?.is_none() {
        return Err(StoreError::Corrupt("a counter's open ledger entry is not there".to_owned()));
    }
    octets(row, at)
}

/// The columns of an open entry.
pub(super) fn columns(open: Option<EntryRef>) -> Result<(Option<i64>, Option<i64>), StoreError> {
    Ok((open.map(|open| open.bucket), open.map(|open| accounting_no(open.no)).transpose()?))
}
