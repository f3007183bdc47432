//! A database file that is read whole and never written.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, params_from_iter};

use crate::error::StoreError;
use crate::sql::connection::See;
use crate::sql::row::{Cell, Row};

use super::lock::FileLock;
use super::real_path::real_path;
use super::{file, migrate};

const TABLES: &str = "
    SELECT s.name, c.name, c.pk FROM sqlite_schema AS s, pragma_table_info(s.name) AS c
    WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY s.name, c.pk, c.cid";
const COUNTS_IDS: &str = "SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_sequence'";
const HIGHEST_ID: &str = "SELECT seq FROM sqlite_sequence WHERE name = ?1";

/// An undamaged file at the last of our migrations, all of it as it was at one moment.
pub(crate) struct Whole {
    connection: Connection,
    path: PathBuf,
    _lock: Option<FileLock>,
}

/// A table as the file describes it.
#[derive(Debug, Default)]
pub(crate) struct Described {
    pub(crate) name: String,
    pub(crate) columns: Vec<String>,
    /// Columns of the primary key, in its order.
    pub(crate) key: Vec<String>,
}

impl Whole {
    /// Opens the file that `path` leads to, and takes the lock that a server takes. Reads all of it once, to find damage.
    ///
    /// # Errors
    /// As `Sqlite::open`; `Unavailable` too when it is not there or older than this program.
    pub(crate) fn open(path: &Path) -> Result<Whole, StoreError> {
        let path = file_there(path)?;
        let lock = FileLock::take(&path)?;
        let connection = file::open_untouched(&path)?;
        migrate::check_newest(&connection)?;
        connection.execute_batch("BEGIN")?;
        refuse_damage(&connection)?;
        Ok(Whole { connection, path, _lock: Some(lock) })
    }

    /// Opens the file beside a server that may have it: what is read is all of one moment, and the log grows until this is
    /// dropped. Older versions of our tables will do.
    ///
    /// # Errors
    /// `Unavailable` when it is not there or holds nothing, `TooNew`, `Corrupt` for another program's.
    pub(crate) fn beside_others(path: &Path) -> Result<Whole, StoreError> {
        let path = file_there(path)?;
        let connection = file::open_untouched(&path)?;
        connection.execute_batch("BEGIN")?;
        migrate::readable_version(&connection)?;
        Ok(Whole { connection, path, _lock: None })
    }

    /// The version of its tables.
    pub(crate) fn version(&self) -> Result<i64, StoreError> {
        migrate::readable_version(&self.connection)
    }

    /// Where it really is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// All tables but SQLite's own, by name.
    pub(crate) fn tables(&self) -> Result<Vec<Described>, StoreError> {
        let mut tables: Vec<Described> = Vec::new();
        self.stream(TABLES, &[], &mut |row| {
            let (name, column): (String, String) = (row.get(0)?, row.get(1)?);
            if tables.last().is_none_or(|table| table.name != name) {
                tables.push(Described { name, ..Described::default() });
            }
            if let Some(table) = tables.last_mut() {
                if row.get::<i64>(2)? > 0 {
                    table.key.push(column.clone());
                }
                table.columns.push(column);
            }
            Ok(true)
        })?;
        Ok(tables)
    }

    /// Shows rows one after the other.
    pub(crate) fn stream(&self, sql: &str, values: &[Cell<'_>], see: See<'_>) -> Result<(), StoreError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            if !see(&Row::of(row))? {
                break;
            }
        }
        Ok(())
    }

    /// The highest id that a table ever gave, also to rows that are gone; `None` where nobody remembers.
    pub(crate) fn highest_id(&self, table: &str) -> Result<Option<i64>, StoreError> {
        let remembers: bool = self.connection.query_row(COUNTS_IDS, [], |row| row.get(0))?;
        if !remembers {
            return Ok(None);
        }
        Ok(self.connection.query_row(HIGHEST_ID, [table], |row| row.get(0)).optional()?)
    }
}

fn file_there(path: &Path) -> Result<PathBuf, StoreError> {
    let path = real_path(path)?;
    if path.is_file() {
        return Ok(path);
    }
    Err(StoreError::Unavailable(format!("there is no file {}; nothing was made", path.display())))
}

fn refuse_damage(connection: &Connection) -> Result<(), StoreError> {
    let found: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if found == "ok" { Ok(()) } else { Err(StoreError::Corrupt(found)) }
}
