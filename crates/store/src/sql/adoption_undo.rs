//! Undoing an adoption: it is superseded, and what it added is taken out of the open cycle. No entry changes.

use accounting::time::Micros;

use crate::adoption_repository::{AdoptedLogin, UndoneAdoption};
use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::ids::NasId;

use super::connection::Connection;
use super::row::Row;
use super::value::params;
use super::values::{from_amount, octets};
use super::{cycle_totals, rows};

/// The adoptions that one act made have one instant; their entries are numbered one after the other.
const LAST: &str = "
    SELECT adoption.id, cycle.id, cycle.closed_at IS NOT NULL, nas.name, login.name, entry.delta_input,
           entry.delta_output, entry.polls, entry.to_at, adoption.nas_id
    FROM adoption
    JOIN ledger_entry AS entry ON entry.nas_id = adoption.nas_id AND entry.bucket = adoption.bucket
        AND entry.no = adoption.entry_no
    JOIN cycle ON cycle.id = entry.cycle_id
    JOIN nas ON nas.id = adoption.nas_id
    JOIN login ON login.id = adoption.login_id
    WHERE adoption.subscriber_id = ?1 AND superseded_at IS NULL
    ORDER BY adoption.entry_no DESC";
const SUPERSEDE: &str = "UPDATE adoption SET superseded_at = ?2, superseded_by = ?3 WHERE id = ?1";
const UNDONE: &str = "
    SELECT nas.name, login.name, entry.delta_input, entry.delta_output, entry.polls, entry.to_at, superseded_at,
           superseded_by
    FROM cycle
    JOIN adoption USING (subscriber_id)
    JOIN ledger_entry AS entry ON entry.nas_id = adoption.nas_id AND entry.bucket = adoption.bucket
        AND entry.no = adoption.entry_no AND entry.cycle_id = cycle.id
    JOIN nas ON nas.id = adoption.nas_id
    JOIN login ON login.id = adoption.login_id
    WHERE (cycle.id = ?1 OR cycle.continues = ?1) AND superseded_at IS NOT NULL
    ORDER BY adoption.entry_no";

/// Undoes a subscriber's last adoption within the caller's transaction.
pub(super) fn undo(
    connection: &Connection<'_>,
    subscriber: &str,
    act: &NewAudit,
) -> Result<Vec<AdoptedLogin>, StoreError> {
    let mut last = rows::all(connection, LAST, params![subscriber], Adopted::read)?;
    let Some(at) = last.first().map(|newest| newest.at) else {
        return Err(refused("nothing was adopted for them that is not undone"));
    };
    last.retain(|one| one.at == at);
    last.reverse();
    if last.iter().any(|one| one.is_closed) {
        return Err(refused(
            "the cycle that what was adopted counts in is closed and stays as it was billed; a credit can make up for it",
        ));
    }
    last.into_iter().map(|one| one.undo(connection, act)).collect()
}

/// The undone adoptions within a cycle.
pub(super) fn undone(connection: &Connection<'_>, cycle: i64) -> Result<Vec<UndoneAdoption>, StoreError> {
    rows::all(connection, UNDONE, params![cycle], |row| {
        Ok(UndoneAdoption {
            adopted: adopted(row, 0)?,
            adopted_at: Micros(row.get(5)?),
            undone_at: Micros(row.get(6)?),
            undone_by: row.get(7)?,
        })
    })
}

/// An adoption that counts.
struct Adopted {
    row: i64,
    cycle: i64,
    is_closed: bool,
    login: AdoptedLogin,
    at: i64,
    nas: NasId,
}

impl Adopted {
    fn read(row: &Row<'_>) -> Result<Adopted, StoreError> {
        Ok(Adopted {
            row: row.get(0)?,
            cycle: row.get(1)?,
            is_closed: row.get(2)?,
            login: adopted(row, 3)?,
            at: row.get(8)?,
            nas: NasId(row.get(9)?),
        })
    }

    fn undo(self, connection: &Connection<'_>, act: &NewAudit) -> Result<AdoptedLogin, StoreError> {
        connection.execute(SUPERSEDE, params![self.row, act.at.0, act.actor])?;
        cycle_totals::take(connection, self.nas, self.cycle, self.login.octets)?;
        Ok(self.login)
    }
}

/// The columns router, login, input, output and entries of a row, the first being column `at`.
fn adopted(row: &Row<'_>, at: usize) -> Result<AdoptedLogin, StoreError> {
    Ok(AdoptedLogin {
        router: row.get(at)?,
        login: row.get(at + 1)?,
        octets: octets(row, at + 2)?,
        entries: from_amount(row.get(at + 4)?)?,
    })
}

fn refused(why: &str) -> StoreError {
    StoreError::Constraint(format!("{why}; nothing was changed"))
}
