//! Statements and transactions on SQLite.

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, Params, ToSql, TransactionBehavior, params_from_iter};

use crate::error::StoreError;
use crate::sql::connection::{self, Many, See, SeeOf, Sql};
use crate::sql::driver::{Failed, Reach, Session};
use crate::sql::row::{Cell, Cells, Row};
use crate::sql::rows;
use crate::sql::value::{ToValue, Value, Values, params};

use super::errors::leaves_commit_in_doubt;
use super::file;

impl Sql for Connection {
    fn execute(&self, sql: &'static str, values: Values<'_>) -> Result<usize, StoreError> {
        Ok(self.prepare_cached(sql)?.execute(given(values))?)
    }

    fn stream(&self, sql: &'static str, values: Values<'_>, see: See<'_>) -> Result<(), StoreError> {
        let mut statement = self.prepare_cached(sql)?;
        let mut rows = statement.query(given(values))?;
        while let Some(row) = rows.next()? {
            if !see(&Row::of(row))? {
                break;
            }
        }
        Ok(())
    }

    fn clock(&self) -> Result<i64, StoreError> {
        const NOW: &str = "SELECT cast(strftime('%s', 'now') AS INTEGER) * 1000000";
        rows::only(self, NOW, params![], |row| row.get(0))
    }

    fn many(&self, sql: &'static str) -> Result<Box<dyn Many + '_>, StoreError> {
        Ok(Box::new(EachAtOnce { statement: self.prepare_cached(sql)?, written: 0 }))
    }

    fn ask_many<'s>(&'s self, sql: &'static str, see: SeeOf<'s>) -> Result<Box<dyn Many + 's>, StoreError> {
        Ok(Box::new(AskedAtOnce { statement: self.prepare_cached(sql)?, see, asked: 0 }))
    }
}

/// Asks for each row of values as it comes.
struct AskedAtOnce<'s> {
    statement: CachedStatement<'s>,
    see: SeeOf<'s>,
    asked: usize,
}

impl Many for AskedAtOnce<'_> {
    fn add(&mut self, values: Values<'_>) -> Result<(), StoreError> {
        let mut rows = self.statement.query(given(values))?;
        while let Some(row) = rows.next()? {
            (self.see)(self.asked, &Row::of(row))?;
        }
        self.asked += 1;
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<usize, StoreError> {
        Ok(0)
    }
}

/// Runs the statement for each row of values as it comes: nothing is faster where the database is in the process.
struct EachAtOnce<'c> {
    statement: CachedStatement<'c>,
    written: usize,
}

impl Many for EachAtOnce<'_> {
    fn add(&mut self, values: Values<'_>) -> Result<(), StoreError> {
        self.written += self.statement.execute(given(values))?;
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<usize, StoreError> {
        Ok(self.written)
    }
}

impl Session for Connection {
    // One process has the file, and one connection of it writes.
    fn write<T>(
        &mut self,
        _reach: Reach,
        job: impl FnOnce(&connection::Connection<'_>) -> Result<T, StoreError>,
    ) -> Result<T, Failed> {
        let transaction =
            self.transaction_with_behavior(TransactionBehavior::Immediate).map_err(StoreError::from)?;
        let answer = job(&*transaction)?;
        transaction.commit().map_err(|error| match leaves_commit_in_doubt(&error) {
            true => Failed::Doubtful(error.into()),
            false => Failed::Undone(error.into()),
        })?;
        Ok(answer)
    }

    fn read<T>(
        &mut self,
        job: impl FnOnce(&connection::Connection<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        job(&*self.transaction()?)
    }

    fn leave_no_transaction(&mut self) {
        if self.is_autocommit() {
            return;
        }
        if let Err(error) = self.execute_batch("ROLLBACK") {
            tracing::error!(%error, "a failed transaction could not be undone");
        }
    }

    fn make_room(&mut self) {
        file::shrink_caches(self);
    }
}

fn given<'v>(values: Values<'v>) -> impl Params + 'v {
    params_from_iter(values.iter().map(|value| value.to_value()))
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Int(Some(number)) => ValueRef::Integer(*number),
            Value::Text(Some(text)) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(Some(bytes)) => ValueRef::Blob(bytes),
            Value::Int(None) | Value::Text(None) | Value::Bytes(None) => ValueRef::Null,
        }))
    }
}

impl ToSql for Cell<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Cell::Null => ValueRef::Null,
            Cell::Int(number) => ValueRef::Integer(*number),
            Cell::Text(text) => ValueRef::Text(text.as_bytes()),
            Cell::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl Cells for rusqlite::Row<'_> {
    fn cell(&self, column: usize) -> Result<Cell<'_>, StoreError> {
        Ok(match self.get_ref(column)? {
            ValueRef::Null => Cell::Null,
            ValueRef::Integer(number) => Cell::Int(number),
            ValueRef::Text(text) => Cell::Text(
                std::str::from_utf8(text)
                    .map_err(|_| StoreError::Corrupt(format!("column {column} of a row is no text")))?,
            ),
            ValueRef::Blob(bytes) => Cell::Bytes(bytes),
            ValueRef::Real(number) => {
                return Err(StoreError::Corrupt(format!("column {column} of a row is {number}")));
            }
        })
    }
}
