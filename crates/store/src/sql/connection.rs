//! What the repositories need of a database: statements in one dialect, run within a transaction.

use crate::error::StoreError;

use super::ledger_month::LedgerMonth;
use super::row::Row;
use super::value::Values;

/// A connection within a transaction.
pub(crate) type Connection<'c> = dyn Sql + 'c;

/// Shown a row; whether it wants more.
pub(crate) type See<'s> = &'s mut dyn FnMut(&Row<'_>) -> Result<bool, StoreError>;

/// Shown a row, and for the which of many rows of values it came, from 0.
pub(crate) type SeeOf<'s> = &'s mut dyn FnMut(usize, &Row<'_>) -> Result<(), StoreError>;

/// How a database runs statements. Their text is what SQLite and PostgreSQL 12 both understand, with SQLite's `?1` for the
/// first value; a statement is a constant, so that it is made ready once.
pub(crate) trait Sql {
    /// Runs a statement; how many rows it wrote.
    fn execute(&self, sql: &'static str, values: Values<'_>) -> Result<usize, StoreError>;

    /// Shows rows one after the other, holding few of them: there may be more than fit into memory. `see` may ask the
    /// connection other questions meanwhile.
    fn stream(&self, sql: &'static str, values: Values<'_>, see: See<'_>) -> Result<(), StoreError>;

    /// Shows rows that are few.
    fn query(&self, sql: &'static str, values: Values<'_>, see: See<'_>) -> Result<(), StoreError> {
        self.stream(sql, values, see)
    }

    /// Begins to run a statement for many rows of values.
    fn many(&self, sql: &'static str) -> Result<Box<dyn Many + '_>, StoreError>;

    /// Begins to ask a query for many rows of values; `see` is shown what comes, by the end.
    fn ask_many<'s>(&'s self, sql: &'static str, see: SeeOf<'s>) -> Result<Box<dyn Many + 's>, StoreError>;

    /// The clock that all processes on this database go by, microseconds; not for labels of what is counted.
    fn clock(&self) -> Result<i64, StoreError>;

    /// Returns when nobody else is at that, which nobody will be until the transaction ends.
    fn alone_at(&self, _what: Shared) -> Result<(), StoreError> {
        Ok(())
    }

    /// Entries of these buckets are about to be written to the ledger.
    fn make_ledger_room(&self, _buckets: &[i64]) -> Result<(), StoreError> {
        Ok(())
    }

    /// The month of a bucket, where the ledger has a table for each.
    fn ledger_month(&self, _bucket: i64) -> Result<Option<LedgerMonth>, StoreError> {
        Ok(None)
    }
}

/// What rounds of different routers may want at once, and only one may have.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shared {
    /// To say that a device is a router's.
    Devices,
    /// To say who polls which router.
    Leases,
    /// To make a month of the ledger.
    Months,
}

/// A statement that is run for many rows of values: at once for each, or for all of them at the end.
pub(crate) trait Many {
    /// One more.
    fn add(&mut self, values: Values<'_>) -> Result<(), StoreError>;

    /// Those that were added are run; how many rows they wrote.
    fn finish(self: Box<Self>) -> Result<usize, StoreError>;
}

/// [`Many`], counted.
pub(crate) struct Batch<'c> {
    many: Box<dyn Many + 'c>,
    added: usize,
}

impl<'c> Batch<'c> {
    /// Begins one.
    pub(crate) fn of(connection: &'c Connection<'_>, sql: &'static str) -> Result<Batch<'c>, StoreError> {
        Ok(Batch { many: connection.many(sql)?, added: 0 })
    }

    /// One more.
    pub(crate) fn add(&mut self, values: Values<'_>) -> Result<(), StoreError> {
        self.added += 1;
        self.many.add(values)
    }

    /// Runs what was added.
    pub(crate) fn finish(self) -> Result<(), StoreError> {
        self.written().map(drop)
    }

    /// Runs what was added; how many rows that wrote.
    pub(crate) fn written(self) -> Result<usize, StoreError> {
        self.many.finish()
    }

    /// Runs what was added. Each must have written one row; anything else means that memory and database disagree.
    pub(crate) fn finish_each(self, what: &str) -> Result<(), StoreError> {
        let (added, written) = (self.added, self.written()?);
        if written == added {
            return Ok(());
        }
        Err(StoreError::Constraint(format!(
            "of {added} {what} {written} are in the database as remembered; nothing was written"
        )))
    }
}
