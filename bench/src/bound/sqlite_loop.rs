//! The rows of a round written by a bare loop: the driver, prepared statements, one transaction, nothing else.

use std::path::Path;

use accounting::changes::Changes;
use rusqlite::{Connection, Transaction};
use store::NasId;

use crate::figure::Result;

/// A database of its own with the store's tables.
pub(crate) struct SqliteLoop {
    connection: Connection,
    nas: NasId,
}

impl SqliteLoop {
    /// Opens `path` the way the store opens its writing connection.
    pub(crate) fn open(path: &Path, nas: NasId) -> Result<Self> {
        let connection = Connection::open(path)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "wal_autocheckpoint", 16 * 1024)?;
        connection.pragma_update(None, "journal_size_limit", 16 * 1024 * 1024)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "trusted_schema", false)?;
        connection.pragma_update(None, "cache_size", -8 * 1024)?;
        Ok(SqliteLoop { connection, nas })
    }

    /// Writes the same rows as the store does for a round in which only counters moved.
    pub(crate) fn commit(&mut self, changes: &Changes) -> Result<()> {
        let key = self.nas.0 << 40;
        let transaction = self.connection.transaction()?;
        write_router(&transaction, self.nas, changes)?;
        write_counters(&transaction, key, changes)?;
        write_sessions(&transaction, key, changes)?;
        write_ledger(&transaction, self.nas, changes)?;
        write_cycles(&transaction, changes)?;
        transaction.commit()?;
        Ok(())
    }

    /// Copies the log into the database, as the store does when nobody waits.
    pub(crate) fn checkpoint(&self) -> Result<()> {
        Ok(self.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?)
    }
}

fn write_router(transaction: &Transaction<'_>, nas: NasId, changes: &Changes) -> Result<()> {
    let to = changes.coverage.to.0;
    transaction.execute(
        "UPDATE nas SET poll_seq = ?2, next_no = ?3, last_at = ?4 WHERE id = ?1",
        (nas.0, changes.nas.poll_seq.cast_signed(), changes.nas.next_no.cast_signed(), to),
    )?;
    let coverage = nas.0 << 40 | changes.coverage.no.cast_signed();
    transaction.execute("UPDATE coverage SET to_at = ?2 WHERE id = ?1", (coverage, to))?;
    Ok(())
}

fn write_counters(transaction: &Transaction<'_>, key: i64, changes: &Changes) -> Result<()> {
    let mut statement =
        transaction.prepare("UPDATE counter SET input_octets = ?2, output_octets = ?3 WHERE id = ?1")?;
    for (no, octets) in &changes.counter_octets {
        let octets = (octets.input.cast_signed(), octets.output.cast_signed());
        statement.execute((key | no.cast_signed(), octets.0, octets.1))?;
    }
    Ok(())
}

fn write_sessions(transaction: &Transaction<'_>, key: i64, changes: &Changes) -> Result<()> {
    let mut statement = transaction.prepare(
        "UPDATE session SET input_octets = input_octets + ?2, output_octets = output_octets + ?3 WHERE id = ?1",
    )?;
    for (no, octets) in &changes.session_octets {
        let octets = (octets.input.cast_signed(), octets.output.cast_signed());
        statement.execute((key | no.cast_signed(), octets.0, octets.1))?;
    }
    Ok(())
}

fn write_ledger(transaction: &Transaction<'_>, nas: NasId, changes: &Changes) -> Result<()> {
    let mut statement = transaction.prepare(
        "UPDATE ledger_entry SET delta_input = ?4, delta_output = ?5, after_input = ?6, after_output = ?7, \
         to_at = ?8, polls = ?9 WHERE nas_id = ?1 AND bucket = ?2 AND no = ?3",
    )?;
    for entry in &changes.grown_entries {
        statement.execute((
            nas.0,
            entry.bucket,
            entry.no.cast_signed(),
            entry.delta.input.cast_signed(),
            entry.delta.output.cast_signed(),
            entry.after.input.cast_signed(),
            entry.after.output.cast_signed(),
            entry.to.0,
            entry.polls,
        ))?;
    }
    Ok(())
}

fn write_cycles(transaction: &Transaction<'_>, changes: &Changes) -> Result<()> {
    let mut statement = transaction.prepare(
        "UPDATE cycle SET input_octets = input_octets + ?2, output_octets = output_octets + ?3 WHERE id = ?1",
    )?;
    for (cycle, octets) in &changes.cycle_octets {
        statement.execute((cycle, octets.input.cast_signed(), octets.output.cast_signed()))?;
    }
    Ok(())
}
