//! Opening a database file: its mode, its connections and how they write.

use std::fs::{OpenOptions, Permissions};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::StoreError;
use crate::what_mends::what_mends;

/// How long a statement waits for a lock inside SQLite. Writers queue before the database, so only a checkpoint
/// or a backup program makes anyone wait.
const BUSY_WAIT: Duration = Duration::from_secs(5);
/// Statements kept compiled on a connection.
const KEPT_STATEMENTS: usize = 96;
/// Page cache of the writing connection, KiB. One round touches each page once, in key order, so more buys nothing.
const WRITER_CACHE_KIB: i64 = 8 * 1024;
/// Page cache of a reading connection, KiB.
const READER_CACHE_KIB: i64 = 2 * 1024;
/// Pages in the log that force a checkpoint inside a commit. High, because quiet moments do it before.
const CHECKPOINT_PAGES: i64 = 16 * 1024;
/// Rows written since the last checkpoint that make another one worth its flushes.
const WORTH_A_CHECKPOINT: u64 = 2_000;
/// Bytes of log kept on disk once it was copied into the database.
const KEPT_LOG_BYTES: i64 = 16 * 1024 * 1024;

/// Creates the file when lacking and makes it readable by its owner only; SQLite gives its log the same mode.
pub(crate) fn prepare(path: &Path) -> Result<(), StoreError> {
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path);
    let owner_only = file.and_then(|file| file.set_permissions(Permissions::from_mode(0o600)));
    owner_only.map_err(|error| {
        StoreError::Unavailable(format!(
            "the file {} cannot be opened ({error}); {}",
            path.display(),
            what_mends(&error)
        ))
    })
}

/// The one connection that writes.
pub(super) fn open_writer(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | no_mutex())?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    connection.pragma_update(None, "journal_size_limit", KEPT_LOG_BYTES)?;
    set_up(&connection, WRITER_CACHE_KIB)?;
    Ok(connection)
}

/// A connection that cannot write.
pub(super) fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | no_mutex())?;
    set_up(&connection, READER_CACHE_KIB)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

/// A connection through which nothing can change: not even what a server left in the log is copied into the database when
/// it closes.
pub(crate) fn open_untouched(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | no_mutex())?;
    connection.busy_timeout(BUSY_WAIT)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.pragma_update(None, "cache_size", -READER_CACHE_KIB)?;
    Ok(connection)
}

/// A database that lives and dies with its connection.
pub(super) fn open_memory() -> Result<Connection, StoreError> {
    let connection = Connection::open_in_memory()?;
    set_up(&connection, WRITER_CACHE_KIB)?;
    Ok(connection)
}

/// Work for quiet moments: copies the log into the database once enough was written, so that commits need not.
pub(super) fn quiet_checkpoints() -> impl FnMut(&mut Connection) + Send {
    let mut copied = 0;
    move |connection: &mut Connection| {
        let written = connection.total_changes();
        if written.saturating_sub(copied) >= WORTH_A_CHECKPOINT {
            copied = written;
            checkpoint(connection);
        }
    }
}

fn checkpoint(connection: &Connection) {
    let result = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
    if let Err(error) = result {
        tracing::warn!(%error, "the database log could not be copied into the database; it is tried again");
    }
}

/// Gives back the clean pages of the connection's cache; of all caches of the process where SQLite is built to count
/// their pages together, as rusqlite does unless it is told otherwise (`.cargo/config.toml`). There a commit that begins
/// while others hold more than their share reads the upper pages of its trees anew for every row, and takes twice as
/// long.
pub(super) fn shrink_caches(connection: &Connection) {
    if let Err(error) = connection.execute_batch("PRAGMA shrink_memory") {
        tracing::warn!(%error, "the database's page caches could not be emptied; commits may be slower");
    }
}

// Each connection is used by one thread only.
fn no_mutex() -> OpenFlags {
    OpenFlags::SQLITE_OPEN_NO_MUTEX
}

fn set_up(connection: &Connection, cache_kib: i64) -> Result<(), StoreError> {
    connection.busy_timeout(BUSY_WAIT)?;
    connection.set_prepared_statement_cache_capacity(KEPT_STATEMENTS);
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cache_size", -cache_kib)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quiet_moment_copies_the_log_once_it_is_worth_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        prepare(&path).unwrap();
        let mut connection = open_writer(&path).unwrap();
        connection.execute_batch("CREATE TABLE t (x)").unwrap();
        let mut quiet = quiet_checkpoints();
        let mut size_after = |rows: u64| {
            let sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
                       INSERT INTO t SELECT i FROM n";
            connection.execute(sql, [rows.cast_signed()]).unwrap();
            quiet(&mut connection);
            std::fs::metadata(&path).unwrap().len()
        };
        let before = size_after(WORTH_A_CHECKPOINT - 1);
        assert!(size_after(1) > before);
    }
}
