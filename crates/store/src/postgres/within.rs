//! A transaction, and the statements its connection has ready.

use std::cell::RefCell;
use std::collections::HashMap;

use postgres::types::{ToSql, Type};
use postgres::{Statement, Transaction};

use crate::error::StoreError;
use crate::sql::connection::{See, SeeOf};
use crate::sql::row::Row;
use crate::sql::value::Value;

use super::cells::type_of;
use super::dialect;

/// Rows that are held at a time of a result that may be long.
const HELD_ROWS: i32 = 2_000;

/// Statements that a connection has ready, by their text and whether they are for many rows.
pub(crate) type Ready = RefCell<HashMap<(&'static str, bool), Statement>>;

/// A transaction, and the statements its connection has ready.
pub(crate) struct Within<'t> {
    pub(crate) transaction: RefCell<Transaction<'t>>,
    ready: &'t Ready,
}

impl<'t> Within<'t> {
    /// This transaction.
    pub(crate) fn of(transaction: Transaction<'t>, ready: &'t Ready) -> Within<'t> {
        Within { transaction: RefCell::new(transaction), ready }
    }

    /// Ends it.
    pub(crate) fn commit(self) -> Result<(), postgres::Error> {
        self.transaction.into_inner().commit()
    }

    /// Runs a statement over arrays, one for each value of a row.
    pub(super) fn execute_many(
        &self,
        sql: &'static str,
        types: &[&str],
        arrays: &[&(dyn ToSql + Sync)],
    ) -> Result<usize, StoreError> {
        let statement = self.made_ready((sql, true), &[], || dialect::for_many(sql, types))?;
        Ok(count(self.transaction.borrow_mut().execute(&statement, arrays)?))
    }

    /// Asks a query over arrays, one for each value of a row; shows each row it gives and for the which of those it is.
    pub(super) fn ask_many(
        &self,
        sql: &'static str,
        types: &[&str],
        arrays: &[&(dyn ToSql + Sync)],
        see: SeeOf<'_>,
    ) -> Result<(), StoreError> {
        let statement = self.made_ready((sql, true), &[], || dialect::asking_for_many(sql, types))?;
        self.stream_of(&statement, arrays, &mut |row| {
            see(row.get::<u32>(0)? as usize, &row.beyond(1)).map(|()| true)
        })
    }

    /// Shows the rows of a statement, holding few.
    pub(super) fn stream_of(
        &self,
        statement: &Statement,
        values: &[&(dyn ToSql + Sync)],
        see: See<'_>,
    ) -> Result<(), StoreError> {
        let portal = self.transaction.borrow_mut().bind(statement, values)?;
        loop {
            // Nothing is borrowed while the rows are looked at, for that may ask other questions.
            let rows = self.transaction.borrow_mut().query_portal(&portal, HELD_ROWS)?;
            for row in &rows {
                if !see(&Row::of(row))? {
                    return Ok(());
                }
            }
            if i32::try_from(rows.len()).unwrap_or(i32::MAX) < HELD_ROWS {
                return Ok(());
            }
        }
    }

    /// Runs statements that take no values and are not kept ready.
    pub(super) fn run(&self, sql: &str) -> Result<(), StoreError> {
        Ok(self.transaction.borrow_mut().batch_execute(sql)?)
    }

    /// A statement made ready for values of these types. Left to itself the server takes an unused or compared value for an `integer`, or finds no type for it.
    pub(super) fn one(&self, sql: &'static str, given: &[Value<'_>]) -> Result<Statement, StoreError> {
        let types: Vec<Type> = given.iter().map(type_of).collect();
        self.made_ready((sql, false), &types, || dialect::translated(sql, |number| format!("${number}")))
    }

    fn made_ready(
        &self,
        key: (&'static str, bool),
        types: &[Type],
        text: impl FnOnce() -> String,
    ) -> Result<Statement, StoreError> {
        if let Some(statement) = self.ready.borrow().get(&key) {
            return Ok(statement.clone());
        }
        let statement = self.transaction.borrow_mut().prepare_typed(&text(), types)?;
        self.ready.borrow_mut().insert(key, statement.clone());
        Ok(statement)
    }
}

/// How many rows were written.
pub(super) fn count(rows: u64) -> usize {
    usize::try_from(rows).unwrap_or(usize::MAX)
}
