//! Ledger lines: writing one and reading it back with the names of what its numbers stand for.

use accounting::ledger::{LedgerEntry, Reason, Unseen};
use accounting::time::Micros;

use crate::error::StoreError;
use crate::ids::NasId;
use crate::ledger_repository::{EntryKey, EntryRow, HeldAct};

use super::connection::{Batch, Connection};
use super::keys::accounting_no;
use super::row::Row;
use super::value::params;
use super::values::{amount, from_amount, login_kind, octets};

/// The columns in the order [`entry_row`] reads them.
macro_rules! entries_where {
    ($($condition:expr),+) => {
        concat!(
            "SELECT entry.nas_id, nas.name, entry.bucket, entry.no, entry.login_id, entry.session_no,
                    entry.counter_no, entry.cycle_id, entry.reason, entry.posted, delta_input, delta_output,
                    before_input, before_output, after_input, after_output, from_at, to_at, unseen, unseen_us,
                    unseen_upper, polls, login.kind, login.name, counter.name, session.started_at, held_decision.act,
                    entry.folded
             FROM ledger_entry AS entry
             CROSS JOIN nas ON nas.id = entry.nas_id
             LEFT JOIN login ON login.id = entry.login_id
             LEFT JOIN counter ON counter.id = entry.nas_id << 40 | entry.counter_no AND counter.nas_id = entry.nas_id
             LEFT JOIN session ON session.id = entry.nas_id << 40 | entry.session_no AND session.nas_id = entry.nas_id
             LEFT JOIN held_decision ON entry.posted = 0 AND held_decision.nas_id = entry.nas_id
               AND held_decision.bucket = entry.bucket AND held_decision.entry_no = entry.no
             WHERE ",
            $($condition),+
        )
    };
}
pub(super) use entries_where;

/// The ledger as `entry`, for statements that name a login and its router. Left to itself SQLite takes the primary key for
/// them, which begins with the router, and reads the entries of all its logins.
macro_rules! ledger_of_login {
    () => {
        "ledger_entry AS entry INDEXED BY ledger_entry_login"
    };
}
pub(super) use ledger_of_login;

const INSERT: &str = "
    INSERT INTO ledger_entry (nas_id, bucket, no, login_id, session_no, counter_no, cycle_id, reason, posted,
        delta_input, delta_output, before_input, before_output, after_input, after_output, from_at, to_at,
        unseen, unseen_us, unseen_upper, polls)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)";

/// Inserts entries that accounting numbered.
pub(super) fn insert(
    connection: &Connection<'_>,
    nas: NasId,
    entries: &[LedgerEntry],
) -> Result<(), StoreError> {
    let mut buckets: Vec<i64> = entries.iter().map(|entry| entry.bucket).collect();
    buckets.dedup();
    connection.make_ledger_room(&buckets)?;
    let mut batch = Batch::of(connection, INSERT)?;
    for entry in entries {
        add(&mut batch, nas, entry, accounting_no(entry.no)?)?;
    }
    batch.finish()
}

/// Inserts an entry that a decision numbered.
pub(super) fn insert_decided(
    connection: &Connection<'_>,
    nas: NasId,
    entry: &LedgerEntry,
) -> Result<(), StoreError> {
    connection.make_ledger_room(&[entry.bucket])?;
    let mut batch = Batch::of(connection, INSERT)?;
    add(&mut batch, nas, entry, amount(entry.no)?)?;
    batch.finish()
}

fn add(batch: &mut Batch<'_>, nas: NasId, entry: &LedgerEntry, no: i64) -> Result<(), StoreError> {
    let unseen = entry.unseen;
    batch.add(params![
        nas.0,
        entry.bucket,
        no,
        entry.login,
        entry.session.map(accounting_no).transpose()?,
        entry.counter.map(accounting_no).transpose()?,
        entry.cycle,
        entry.reason.as_str(),
        entry.posted,
        amount(entry.delta.input)?,
        amount(entry.delta.output)?,
        amount(entry.before.input)?,
        amount(entry.before.output)?,
        amount(entry.after.input)?,
        amount(entry.after.output)?,
        entry.from.0,
        entry.to.0,
        unseen.is_some(),
        unseen.and_then(|unseen| unseen.micros).map(amount).transpose()?,
        unseen.and_then(|unseen| unseen.upper_octets).map(amount).transpose()?,
        entry.polls,
    ])
}

/// Columns to go on after; before everything when `None`.
pub(super) fn key_columns(after: Option<EntryKey>) -> Result<(i64, i64, i64), StoreError> {
    match after {
        None => Ok((i64::MIN, i64::MIN, i64::MIN)),
        Some(key) => Ok((key.bucket, key.nas.0, amount(key.no)?)),
    }
}

/// A line of the columns of [`entries_where`].
pub(super) fn entry_row(row: &Row<'_>) -> Result<EntryRow, StoreError> {
    let decision: Option<String> = row.get(26)?;
    Ok(EntryRow {
        nas: NasId(row.get(0)?),
        router: row.get(1)?,
        entry: entry(row)?,
        kind: login_kind(row, 22)?,
        username: row.get(23)?,
        counter_name: row.get(24)?,
        session_started_at: row.get::<Option<i64>>(25)?.map(Micros),
        decision: decision.as_deref().and_then(HeldAct::from_name),
        folded: row.get::<Option<i64>>(27)?.map(from_amount).transpose()?,
    })
}

fn entry(row: &Row<'_>) -> Result<LedgerEntry, StoreError> {
    let reason: String = row.get(8)?;
    let number = |column: usize| -> Result<Option<u64>, StoreError> {
        row.get::<Option<i64>>(column)?.map(from_amount).transpose()
    };
    Ok(LedgerEntry {
        bucket: row.get(2)?,
        no: from_amount(row.get(3)?)?,
        login: row.get(4)?,
        session: number(5)?,
        counter: number(6)?,
        cycle: row.get(7)?,
        reason: Reason::from_name(&reason)
            .ok_or_else(|| StoreError::Corrupt(format!("a ledger entry has the reason {reason}")))?,
        posted: row.get(9)?,
        delta: octets(row, 10)?,
        before: octets(row, 12)?,
        after: octets(row, 14)?,
        from: Micros(row.get(16)?),
        to: Micros(row.get(17)?),
        unseen: unseen(row, 18)?,
        polls: row.get(21)?,
    })
}

/// The columns `unseen, unseen_us, unseen_upper` of a row, the first being column `at`.
pub(super) fn unseen(row: &Row<'_>, at: usize) -> Result<Option<Unseen>, StoreError> {
    if !row.get::<bool>(at)? {
        return Ok(None);
    }
    let number = |column: usize| -> Result<Option<u64>, StoreError> {
        row.get::<Option<i64>>(column)?.map(from_amount).transpose()
    };
    Ok(Some(Unseen { micros: number(at + 1)?, upper_octets: number(at + 2)? }))
}
