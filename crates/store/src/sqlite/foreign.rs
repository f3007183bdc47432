//! A database file of another program's, read and never written.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite::types::ValueRef;

use crate::error::StoreError;

use super::file;

const TABLES: &str = "
    SELECT s.name, c.name FROM sqlite_schema AS s, pragma_table_info(s.name) AS c
    WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND s.sql NOT LIKE 'CREATE VIRTUAL%'
    ORDER BY s.name, c.cid";

/// An open file, all of it as it was at one moment.
#[derive(Debug)]
pub struct ForeignFile(Connection);

impl ForeignFile {
    /// Opens it for reading. Nothing that its schema would run is run.
    ///
    /// # Errors
    /// Half a sentence: why it cannot be read.
    pub fn open(path: &Path) -> Result<ForeignFile, String> {
        if !path.is_file() {
            return Err("there is no such file".to_owned());
        }
        let opened = || -> Result<Connection, StoreError> {
            let connection = file::open_untouched(path)?;
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
            connection.execute_batch("PRAGMA query_only = ON; BEGIN; SELECT count(*) FROM sqlite_schema")?;
            Ok(connection)
        };
        opened().map(ForeignFile).map_err(told)
    }

    /// Its tables with their columns, by name.
    ///
    /// # Errors
    /// As [`ForeignFile::open`].
    pub fn tables(&self) -> Result<Vec<(String, Vec<String>)>, String> {
        let mut tables: Vec<(String, Vec<String>)> = Vec::new();
        let mut statement = self.0.prepare(TABLES).map_err(read)?;
        let mut rows = statement.query([]).map_err(read)?;
        while let Some(row) = rows.next().map_err(read)? {
            let (table, column) = (row.get(0).map_err(read)?, row.get(1).map_err(read)?);
            match tables.last_mut() {
                Some((last, columns)) if *last == table => columns.push(column),
                _ => tables.push((table, vec![column])),
            }
        }
        Ok(tables)
    }

    /// All rows of a table, in its order, with the values of these columns as text; `None` is NULL. Octets that are no UTF-8 come as
    /// `hex:...`.
    ///
    /// # Errors
    /// As [`ForeignFile::open`]; also when there are more than `most` rows.
    pub fn rows(
        &self,
        table: &str,
        columns: &[&str],
        most: usize,
    ) -> Result<Vec<Vec<Option<String>>>, String> {
        let names: Vec<String> = columns.iter().map(|name| quoted(name)).collect();
        let sql = format!("SELECT {} FROM {}", names.join(", "), quoted(table));
        let mut statement = self.0.prepare(&sql).map_err(read)?;
        let (mut rows, mut all) = (statement.query([]).map_err(read)?, Vec::new());
        while let Some(row) = rows.next().map_err(read)? {
            if all.len() == most {
                return Err(format!("its table {table} has more than {most} rows"));
            }
            let values = (0..columns.len()).map(|at| Ok(text(row.get_ref(at)?)));
            all.push(values.collect::<Result<_, rusqlite::Error>>().map_err(read)?);
        }
        Ok(all)
    }
}

fn text(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(number.to_string()),
        ValueRef::Text(octets) | ValueRef::Blob(octets) => {
            let text = std::str::from_utf8(octets).map(str::to_owned);
            Some(text.unwrap_or_else(|_| {
                octets.iter().fold("hex:".to_owned(), |text, octet| format!("{text}{octet:02x}"))
            }))
        }
    }
}

fn read(error: rusqlite::Error) -> String {
    told(error.into())
}

fn told(error: StoreError) -> String {
    match error {
        StoreError::Corrupt(why) => format!("it is no SQLite database, or a damaged one ({why})"),
        StoreError::Busy => "the other program holds it; try again, or read a copy of it".to_owned(),
        StoreError::ReadOnly => {
            "it cannot be opened; check its owner and mode, and those of its folder".to_owned()
        }
        other => other.to_string(),
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
