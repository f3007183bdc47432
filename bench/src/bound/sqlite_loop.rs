//! The rows of a round written by a bare loop: the driver, prepared statements, one transaction, nothing else.

use std::path::Path;

use rusqlite::{Connection, Transaction};
use store::NasId;

use super::ledger_lines::{Line, Lines};
use crate::figure::Result;

/// A database of its own with the store's tables.
pub(crate) struct SqliteLoop {
    connection: Connection,
}

impl SqliteLoop {
    /// Opens `path` the way the store opens its writing connection.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let connection = Connection::open(path)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "wal_autocheckpoint", 16 * 1024)?;
        connection.pragma_update(None, "journal_size_limit", 16 * 1024 * 1024)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "trusted_schema", false)?;
        connection.pragma_update(None, "cache_size", -8 * 1024)?;
        connection.set_prepared_statement_cache_capacity(16);
        Ok(SqliteLoop { connection })
    }

    /// All routers of the database.
    pub(crate) fn routers(&self) -> Result<Vec<NasId>> {
        let mut statement = self.connection.prepare("SELECT id FROM nas ORDER BY id")?;
        let ids = statement.query_map([], |row| row.get(0).map(NasId))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }

    /// What a bare program would keep in memory of a router.
    pub(crate) fn lines(&self, nas: NasId) -> Result<Lines> {
        Lines::load(&self.connection, nas)
    }

    /// Writes what was read of these routers at `at` (microseconds of our clock) in one transaction: the rows the store
    /// writes for a round in which only counters moved.
    pub(crate) fn commit<'l>(
        &mut self,
        at: i64,
        routers: impl IntoIterator<Item = (NasId, &'l [Line])>,
    ) -> Result<()> {
        let transaction = self.connection.transaction()?;
        for (nas, lines) in routers {
            write_router(&transaction, nas, at)?;
            write_ledger(&transaction, nas, at, lines)?;
            write_cycles(&transaction, nas, lines)?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Copies the log into the database.
    pub(crate) fn checkpoint(&self) -> Result<()> {
        Ok(self.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?)
    }
}

fn write_router(transaction: &Transaction<'_>, nas: NasId, at: i64) -> Result<()> {
    transaction
        .prepare_cached("UPDATE nas SET poll_seq = poll_seq + 1, last_at = ?2 WHERE id = ?1")?
        .execute((nas.0, at))?;
    transaction
        .prepare_cached("UPDATE coverage SET to_at = ?2 WHERE id = (SELECT max(id) FROM coverage WHERE nas_id = ?1 AND source = 'ppp')")?
        .execute((nas.0, at))?;
    Ok(())
}

fn write_ledger(transaction: &Transaction<'_>, nas: NasId, at: i64, lines: &[Line]) -> Result<()> {
    let mut statement = transaction.prepare_cached(
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

fn write_cycles(transaction: &Transaction<'_>, nas: NasId, lines: &[Line]) -> Result<()> {
    let mut statement = transaction.prepare_cached(
        "UPDATE cycle_total SET input_octets = input_octets + ?3, output_octets = output_octets + ?4 \
         WHERE nas_id = ?1 AND cycle_id = ?2",
    )?;
    for line in lines {
        let Line { cycle, gained, .. } = line;
        statement.execute((nas.0, cycle, gained.input.cast_signed(), gained.output.cast_signed()))?;
    }
    Ok(())
}
