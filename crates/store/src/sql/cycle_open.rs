//! Closing a cycle and opening the next, and the journal of it.

use accounting::time::Micros;

use crate::error::StoreError;

use super::connection::Connection;
use super::rows;
use super::value::params;

const OPEN: &str = "SELECT id, opened_at, seq_no FROM cycle WHERE subscriber_id = ?1 AND closed_at IS NULL";
const CLOSE: &str = "UPDATE cycle SET closed_at = ?2 WHERE id = ?1";
const INSERT_CYCLE: &str =
    "INSERT INTO cycle (subscriber_id, seq_no, opened_at) VALUES (?1, ?2, ?3) RETURNING id";
const JOURNAL: &str = "
    INSERT INTO renewal (subscriber_id, kind, at, actor, old_expiry_at, new_expiry_at, closed_cycle, opened_cycle)
    SELECT id, ?2, ?3, ?4, ?5, expiry_at, ?6, ?7 FROM subscriber WHERE id = ?1";

/// A cycle that closed and the one that opened at the same instant.
pub(super) struct Opened {
    /// The row of the one that closed.
    pub(super) closed: i64,
    /// The row of the one that opened.
    pub(super) opened: i64,
    /// When.
    pub(super) at: Micros,
}

/// Closes the open cycle and opens the next at the same instant. A clock that was set back closes a cycle no earlier
/// than it opened.
pub(super) fn open_next(connection: &Connection<'_>, id: &str, at: Micros) -> Result<Opened, StoreError> {
    let (closed, opened_at, seq_no) = rows::first(connection, OPEN, params![id], |row| {
        Ok((row.get::<i64>(0)?, row.get::<i64>(1)?, row.get::<i64>(2)?))
    })?
    .ok_or_else(|| StoreError::Corrupt(format!("the subscriber {id} has no open cycle")))?;
    let at = Micros(at.0.max(opened_at));
    connection.execute(CLOSE, params![closed, at.0])?;
    let opened = rows::insert(connection, INSERT_CYCLE, params![id, seq_no + 1, at.0])?;
    Ok(Opened { closed, opened, at })
}

/// Writes a line of the journal. The expiry is as it is now; `old_expiry` as it was before.
pub(super) fn journal(
    connection: &Connection<'_>,
    id: &str,
    kind: &str,
    (at, actor): (Micros, &str),
    old_expiry: Option<i64>,
    cycles: Option<&Opened>,
) -> Result<(), StoreError> {
    let (closed, opened) = (cycles.map(|cycles| cycles.closed), cycles.map(|cycles| cycles.opened));
    let values = params![id, kind, at.0, actor, old_expiry, closed, opened];
    connection.execute(JOURNAL, values)?;
    Ok(())
}
