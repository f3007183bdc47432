//! Statements within a transaction on PostgreSQL.

use postgres::types::ToSql;

use crate::error::StoreError;
use crate::sql::connection::{Many, See, SeeOf, Shared, Sql};
use crate::sql::ledger_month::LedgerMonth;
use crate::sql::row::Row;
use crate::sql::rows;
use crate::sql::value::{Value, Values, params};

use super::batch::Collected;
use super::within::{Within, count};
use super::{months, writer};

impl Sql for Within<'_> {
    fn execute(&self, sql: &'static str, values: Values<'_>) -> Result<usize, StoreError> {
        let given = given(values);
        let statement = self.one(sql, &given)?;
        Ok(count(self.transaction.borrow_mut().execute(&statement, &references(&given))?))
    }

    fn stream(&self, sql: &'static str, values: Values<'_>, see: See<'_>) -> Result<(), StoreError> {
        let given = given(values);
        let statement = self.one(sql, &given)?;
        self.stream_of(&statement, &references(&given), see)
    }

    fn query(&self, sql: &'static str, values: Values<'_>, see: See<'_>) -> Result<(), StoreError> {
        let given = given(values);
        let statement = self.one(sql, &given)?;
        let rows = self.transaction.borrow_mut().query(&statement, &references(&given))?;
        for row in &rows {
            if !see(&Row::of(row))? {
                break;
            }
        }
        Ok(())
    }

    fn many(&self, sql: &'static str) -> Result<Box<dyn Many + '_>, StoreError> {
        Ok(Box::new(Collected::of(self, sql, None)))
    }

    fn ask_many<'s>(&'s self, sql: &'static str, see: SeeOf<'s>) -> Result<Box<dyn Many + 's>, StoreError> {
        Ok(Box::new(Collected::of(self, sql, Some(see))))
    }

    fn clock(&self) -> Result<i64, StoreError> {
        const NOW: &str = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
        rows::only(self, NOW, params![], |row| row.get(0))
    }

    fn alone_at(&self, what: Shared) -> Result<(), StoreError> {
        self.run(writer::turn(what))
    }

    fn make_ledger_room(&self, buckets: &[i64]) -> Result<(), StoreError> {
        months::make(self, buckets)
    }

    fn ledger_month(&self, bucket: i64) -> Result<Option<LedgerMonth>, StoreError> {
        months::of(self, bucket).map(Some)
    }
}

fn given<'v>(values: Values<'v>) -> Vec<Value<'v>> {
    values.iter().map(|value| value.to_value()).collect()
}

fn references<'v>(given: &'v [Value<'v>]) -> Vec<&'v (dyn ToSql + Sync)> {
    given.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}
