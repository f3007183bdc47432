//! The rows of a round written by a bare loop: the driver, prepared statements, one transaction, nothing else.

use std::path::Path;

use rusqlite::{Connection, Transaction};
use store::NasId;

use super::ledger_lines::{Line, Lines};
use crate::figure::Result;

/// A database of its own with the store's tables.
pub(crate) struct SqliteLoop {
    connection: Connection,
    nas: NasId,
    poll_seq: i64,
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
        let poll_seq =
            connection.query_row("SELECT poll_seq FROM nas WHERE id = ?1", [nas.0], |row| row.get(0))?;
        Ok(SqliteLoop { connection, nas, poll_seq })
    }

    /// What a bare program would keep in memory.
    pub(crate) fn lines(&self) -> Result<Lines> {
        Lines::load(&self.connection, self.nas)
    }

    /// Writes what was read at `at` (microseconds of our clock): the rows the store writes for a round in which
    /// only counters moved.
    pub(crate) fn commit(&mut self, at: i64, lines: &[Line]) -> Result<()> {
        self.poll_seq += 1;
        let transaction = self.connection.transaction()?;
        write_router(&transaction, self.nas, self.poll_seq, at)?;
        write_counters(&transaction, lines)?;
        write_sessions(&transaction, lines)?;
        write_ledger(&transaction, self.nas, at, lines)?;
        write_cycles(&transaction, lines)?;
        transaction.commit()?;
        Ok(())
    }

    /// Copies the log into the database.
    pub(crate) fn checkpoint(&self) -> Result<()> {
        Ok(self.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?)
    }
}

fn write_router(transaction: &Transaction<'_>, nas: NasId, poll_seq: i64, at: i64) -> Result<()> {
    transaction.execute("UPDATE nas SET poll_seq = ?2, last_at = ?3 WHERE id = ?1", (nas.0, poll_seq, at))?;
    transaction.execute("UPDATE coverage SET to_at = ?2 WHERE nas_id = ?1", (nas.0, at))?;
    Ok(())
}

fn write_counters(transaction: &Transaction<'_>, lines: &[Line]) -> Result<()> {
    let mut statement =
        transaction.prepare("UPDATE counter SET input_octets = ?2, output_octets = ?3 WHERE id = ?1")?;
    for line in lines {
        let Line { counter, octets, .. } = line;
        statement.execute((counter, octets.input.cast_signed(), octets.output.cast_signed()))?;
    }
    Ok(())
}

fn write_sessions(transaction: &Transaction<'_>, lines: &[Line]) -> Result<()> {
    let mut statement = transaction.prepare(
        "UPDATE session SET input_octets = input_octets + ?2, output_octets = output_octets + ?3 WHERE id = ?1",
    )?;
    for line in lines {
        let Line { session, gained, .. } = line;
        statement.execute((session, gained.input.cast_signed(), gained.output.cast_signed()))?;
    }
    Ok(())
}

fn write_ledger(transaction: &Transaction<'_>, nas: NasId, at: i64, lines: &[Line]) -> Result<()> {
    let mut statement = transaction.prepare(
        "UPDATE ledger_entry SET delta_input = ?4, delta_output = ?5, after_input = ?6, after_output = ?7, \
         to_at = ?8, polls = ?9 WHERE nas_id = ?1 AND bucket = ?2 AND no = ?3",
    )?;
    for line in lines {
        statement.execute((
            nas.0,
            line.bucket,
            line.entry,
            line.entered.input.cast_signed(),
            line.entered.output.cast_signed(),
            line.octets.input.cast_signed(),
            line.octets.output.cast_signed(),
            at,
            line.polls,
        ))?;
    }
    Ok(())
}

fn write_cycles(transaction: &Transaction<'_>, lines: &[Line]) -> Result<()> {
    let mut statement = transaction.prepare(
        "UPDATE cycle SET input_octets = input_octets + ?2, output_octets = output_octets + ?3 WHERE id = ?1",
    )?;
    for line in lines {
        let Line { cycle, gained, .. } = line;
        statement.execute((cycle, gained.input.cast_signed(), gained.output.cast_signed()))?;
    }
    Ok(())
}
