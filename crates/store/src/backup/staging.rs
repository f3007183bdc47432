//! A new SQLite file, filled from a backup. Nobody uses it until it is whole: it has a name of its own, and until it is
//! given its last one no server begins beside it.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, params_from_iter};
use secrecy::SecretString;

use crate::moving::packed;
use crate::sql::row::{Cell, Row};
use crate::sqlite::migrate::{self, MIGRATIONS};
use crate::sqlite::{file, place::RESTORING};

use super::check::{BackupHeader, Checked, Sink, read};
use super::create::beside;
use super::error::{BackupError, damaged};
use super::frame::RowSum;
use super::moment::{TableThere, quoted, quoted_one};

/// Nobody who was at work before has any of these, and what they told of themselves is over. Every router's epoch is beyond
/// all that any of them can name.
const FENCE: &str = "UPDATE nas SET lease_epoch = max(lease_epoch, ?1) + 1, lease_holder = NULL";
const NOBODY: &str =
    "DELETE FROM nas_status; DELETE FROM nas_listed; DELETE FROM nas_rates; DELETE FROM node";

/// The file, gone with this unless it was given its last name.
pub(super) struct Staging {
    pub(super) path: PathBuf,
}

impl Drop for Staging {
    fn drop(&mut self) {
        remove(&self.path);
    }
}

/// What a killed attempt left, too.
fn remove(path: &Path) {
    for end in ["", "-wal", "-shm", "-journal", ".lock"] {
        // Where one cannot be removed, making the file anew says so.
        let _ = std::fs::remove_file(beside(path, end));
    }
}

impl Staging {
    /// Fills a file beside `target`. `epoch`: the highest that anybody at work on the database before could name.
    ///
    /// # Errors
    /// What the backup or the disk says; nothing is left.
    pub(super) fn fill(
        target: &Path,
        backup: &Path,
        passphrase: Option<&SecretString>,
        epoch: u64,
    ) -> Result<(Staging, Checked), BackupError> {
        let staging = Staging { path: beside(target, RESTORING) };
        remove(&staging.path);
        file::prepare(&staging.path)?;
        let connection = Connection::open(&staging.path)?;
        // It is flushed as a whole when it is whole, and thrown away when it does not become so.
        connection.pragma_update(None, "journal_mode", "OFF")?;
        connection.pragma_update(None, "synchronous", "OFF")?;
        connection.pragma_update(None, "foreign_keys", false)?;
        let mut filling = Filling { connection, insert: String::new(), expected: Vec::new() };
        let checked = read(backup, passphrase, &mut filling)?;
        filling.end(epoch)?;
        Ok((staging, checked))
    }
}

/// Puts rows into the file as they are read.
struct Filling {
    connection: Connection,
    insert: String,
    /// What must be in it at the end.
    expected: Vec<(TableThere, RowSum)>,
}

impl Sink for Filling {
    /// Tables as they were then; they are brought up to date when all rows are there.
    fn header(&mut self, header: &BackupHeader) -> Result<(), BackupError> {
        let upto = usize::try_from(header.migration).ok().and_then(|upto| MIGRATIONS.get(..upto));
        let upto = upto.ok_or_else(|| damaged("its tables have no version"))?;
        migrate::migrate(&mut self.connection, None, upto)?;
        self.connection.execute_batch("BEGIN")?;
        // What migrations put into the tables is in the backup, as it is by now.
        for table in self.names()? {
            self.connection.execute(&format!("DELETE FROM {}", quoted_one(&table)), [])?;
        }
        Ok(())
    }

    fn table(&mut self, table: &TableThere) -> Result<(), BackupError> {
        let mut there = self.columns(&table.name)?;
        let mut given = table.columns.clone();
        there.sort_unstable();
        given.sort_unstable();
        if there != given {
            return Err(BackupError::Damaged(format!("the columns of {} are others", table.name)));
        }
        let marks = vec!["?"; table.columns.len()].join(", ");
        let (name, columns) = (quoted_one(&table.name), quoted(&table.columns));
        self.insert = format!("INSERT INTO {name} ({columns}) VALUES ({marks})");
        Ok(())
    }

    fn row(&mut self, row: &[Cell<'_>]) -> Result<(), BackupError> {
        self.connection.prepare_cached(&self.insert)?.execute(params_from_iter(row))?;
        Ok(())
    }

    fn table_end(&mut self, table: &TableThere, sum: &RowSum) -> Result<(), BackupError> {
        let copy = TableThere {
            name: table.name.clone(),
            columns: table.columns.clone(),
            highest_id: table.highest_id,
        };
        self.expected.push((copy, *sum));
        Ok(())
    }
}

impl Filling {
    /// All rows are there: looks whether they are the ones, and fences off whoever was at work before.
    fn end(mut self, epoch: u64) -> Result<(), BackupError> {
        if self.names()?.len() != self.expected.len() {
            return Err(damaged("a table is missing in it"));
        }
        for (table, sum) in &self.expected {
            self.compare(table, sum)?;
            self.remember_highest_id(table)?;
        }
        self.refuse_loose_references()?;
        self.connection.execute_batch("COMMIT")?;
        self.connection.pragma_update(None, "foreign_keys", true)?;
        migrate::migrate(&mut self.connection, None, MIGRATIONS)?;
        self.connection.execute_batch(NOBODY)?;
        self.connection.execute(FENCE, [i64::try_from(epoch).unwrap_or(i64::MAX - 1)])?;
        Ok(())
    }

    /// Reads a table back.
    fn compare(&self, table: &TableThere, expected: &RowSum) -> Result<(), BackupError> {
        let sql = format!("SELECT {} FROM {}", quoted(&table.columns), quoted_one(&table.name));
        let (mut statement, mut sum, mut packed) =
            (self.connection.prepare(&sql)?, RowSum::default(), Vec::new());
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            packed.clear();
            packed::pack_row(&packed::cells(&Row::of(row), table.columns.len())?, &mut packed);
            sum.add(&packed);
        }
        if sum == *expected {
            return Ok(());
        }
        Err(BackupError::File(format!(
            "what was written of {} is not what is read back; the new database was given up. Look after the disk",
            table.name
        )))
    }

    /// New ids go on behind the highest that was ever given.
    fn remember_highest_id(&self, table: &TableThere) -> Result<(), BackupError> {
        let Some(highest) = table.highest_id else { return Ok(()) };
        let sql = "UPDATE sqlite_sequence SET seq = max(seq, ?2) WHERE name = ?1";
        if self.connection.execute(sql, (&table.name, highest))? == 0 && self.counts_ids(&table.name)? {
            let sql = "INSERT INTO sqlite_sequence (name, seq) VALUES (?1, ?2)";
            self.connection.execute(sql, (&table.name, highest))?;
        }
        Ok(())
    }

    fn counts_ids(&self, table: &str) -> Result<bool, BackupError> {
        let sql = "SELECT sql LIKE '%AUTOINCREMENT%' FROM sqlite_schema WHERE type = 'table' AND name = ?1";
        Ok(self.connection.query_row(sql, [table], |row| row.get(0))?)
    }

    fn refuse_loose_references(&self) -> Result<(), BackupError> {
        let mut loose = self.connection.prepare("PRAGMA foreign_key_check")?;
        let first: Option<String> = loose.query_map([], |row| row.get(0))?.next().transpose()?;
        first.map_or(Ok(()), |table| {
            Err(BackupError::Damaged(format!("a row of {table} refers to one that is not in it")))
        })
    }

    fn names(&self) -> Result<Vec<String>, BackupError> {
        let sql =
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
        let mut names = self.connection.prepare(sql)?;
        Ok(names.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }

    fn columns(&self, table: &str) -> Result<Vec<String>, BackupError> {
        let mut columns = self.connection.prepare("SELECT name FROM pragma_table_info(?1)")?;
        Ok(columns.query_map([table], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }
}
