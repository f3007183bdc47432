//! Undoing a renewal: its cycle counts with the one it continues (rule 11). Nothing that was entered is changed.

use accounting::time::Micros;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::renewal_repository::UndoneRenewal;

use super::connection::Connection;
use super::row::Row;
use super::value::params;
use super::values::exactly_one;
use super::{plan_edge_marks, rows};

const LAST: &str = "
    SELECT id, kind, at, old_expiry_at, new_expiry_at, closed_cycle, opened_cycle, superseded_by
    FROM renewal WHERE subscriber_id = ?1 AND opened_cycle IS NOT NULL ORDER BY id DESC LIMIT 1";
const SUPERSEDE: &str = "UPDATE renewal SET superseded_at = ?2, superseded_by = ?3 WHERE id = ?1";
/// What is continued may itself continue another one.
const CONTINUE: &str = "
    UPDATE cycle SET continues = (SELECT coalesce(continues, id) FROM cycle WHERE id = ?2)
    WHERE id = ?1 AND closed_at IS NULL";
const RESTORE_EXPIRY: &str =
    "UPDATE subscriber SET expiry_at = ?2 WHERE id = ?1 AND expiry_at IS NOT DISTINCT FROM ?3";
const UNDONE: &str = "
    SELECT renewal.at, superseded_at, superseded_by FROM cycle
    JOIN renewal ON renewal.opened_cycle = cycle.id AND superseded_at IS NOT NULL
    WHERE cycle.continues = ?1 ORDER BY cycle.seq_no";

/// Undoes a subscriber's last renewal within the caller's transaction.
pub(super) fn undo(
    connection: &Connection<'_>,
    id: &str,
    act: &NewAudit,
) -> Result<UndoneRenewal, StoreError> {
    let last = rows::first(connection, LAST, params![id], Last::read)?;
    let last = last.ok_or_else(|| refused("they were never renewed"))?;
    last.refuse()?;
    connection.execute(SUPERSEDE, params![last.renewal, act.at.0, act.actor])?;
    let continued = connection.execute(CONTINUE, params![last.opened, last.closed])?;
    exactly_one(continued, "the open cycle", last.opened.cast_unsigned())?;
    connection.execute(RESTORE_EXPIRY, params![id, last.old_expiry, last.new_expiry])?;
    // As if it had not been made: also an edge of the plan counts that it took the place of.
    plan_edge_marks::renewed(connection, id, last.at)?;
    Ok(UndoneRenewal { renewed_at: last.at, undone_at: act.at, undone_by: act.actor.clone() })
}

/// The undone renewals within a cycle.
pub(super) fn undone(connection: &Connection<'_>, cycle: i64) -> Result<Vec<UndoneRenewal>, StoreError> {
    rows::all(connection, UNDONE, params![cycle], |row| {
        Ok(UndoneRenewal {
            renewed_at: Micros(row.get(0)?),
            undone_at: Micros(row.get(1)?),
            undone_by: row.get(2)?,
        })
    })
}

/// What opened the last cycle.
struct Last {
    renewal: i64,
    kind: String,
    at: Micros,
    old_expiry: Option<i64>,
    new_expiry: Option<i64>,
    closed: i64,
    opened: i64,
    undone_by: Option<String>,
}

impl Last {
    fn read(row: &Row<'_>) -> Result<Last, StoreError> {
        Ok(Last {
            renewal: row.get(0)?,
            kind: row.get(1)?,
            at: Micros(row.get(2)?),
            old_expiry: row.get(3)?,
            new_expiry: row.get(4)?,
            closed: row.get(5)?,
            opened: row.get(6)?,
            undone_by: row.get(7)?,
        })
    }

    fn refuse(&self) -> Result<(), StoreError> {
        match (self.kind.as_str(), &self.undone_by) {
            ("renewal", None) => Ok(()),
            ("renewal", Some(by)) => Err(refused(&format!("the last renewal was undone already, by {by}"))),
            _ => Err(refused("the open cycle was opened by the plan, and not by a renewal")),
        }
    }
}

fn refused(why: &str) -> StoreError {
    StoreError::Constraint(format!("{why}; nothing was changed"))
}
