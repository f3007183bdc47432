//! Statements for many rows of values: collected by column, and run at once over `unnest`. A statement for each row would
//! cost a way to the server and back for each.

use postgres::types::ToSql;

use crate::error::StoreError;
use crate::sql::connection::{Many, SeeOf};
use crate::sql::value::{Value, Values};

use super::within::Within;

/// A column of the rows.
#[derive(Debug)]
enum Column {
    Int(Vec<Option<i64>>),
    Text(Vec<Option<String>>),
    Bytes(Vec<Option<Vec<u8>>>),
}

impl Column {
    fn of_kind(value: Value<'_>) -> Column {
        match value {
            Value::Int(_) => Column::Int(Vec::new()),
            Value::Text(_) => Column::Text(Vec::new()),
            Value::Bytes(_) => Column::Bytes(Vec::new()),
        }
    }

    fn push(&mut self, value: Value<'_>) -> Result<(), StoreError> {
        match (self, value) {
            (Column::Int(column), Value::Int(number)) => column.push(number),
            (Column::Text(column), Value::Text(text)) => column.push(text.map(str::to_owned)),
            (Column::Bytes(column), Value::Bytes(bytes)) => column.push(bytes.map(<[u8]>::to_vec)),
            (column, value) => {
                return Err(StoreError::Constraint(format!("{value:?} does not fit the column {column:?}")));
            }
        }
        Ok(())
    }

    fn type_name(&self) -> &'static str {
        match self {
            Column::Int(_) => "bigint",
            Column::Text(_) => "text",
            Column::Bytes(_) => "bytea",
        }
    }

    fn array(&self) -> &(dyn ToSql + Sync) {
        match self {
            Column::Int(column) => column,
            Column::Text(column) => column,
            Column::Bytes(column) => column,
        }
    }
}

/// The rows so far.
pub(super) struct Collected<'w, 't> {
    within: &'w Within<'t>,
    sql: &'static str,
    /// Of a query.
    see: Option<SeeOf<'w>>,
    columns: Vec<Column>,
}

impl<'w, 't> Collected<'w, 't> {
    /// None yet.
    pub(super) fn of(within: &'w Within<'t>, sql: &'static str, see: Option<SeeOf<'w>>) -> Self {
        Collected { within, sql, see, columns: Vec::new() }
    }
}

impl Many for Collected<'_, '_> {
    fn add(&mut self, values: Values<'_>) -> Result<(), StoreError> {
        if self.columns.is_empty() {
            self.columns = values.iter().map(|value| Column::of_kind(value.to_value())).collect();
        }
        self.columns.iter_mut().zip(values).try_for_each(|(column, value)| column.push(value.to_value()))
    }

    fn finish(self: Box<Self>) -> Result<usize, StoreError> {
        if self.columns.is_empty() {
            return Ok(0);
        }
        let types: Vec<&str> = self.columns.iter().map(Column::type_name).collect();
        let arrays: Vec<&(dyn ToSql + Sync)> = self.columns.iter().map(Column::array).collect();
        match self.see {
            None => self.within.execute_many(self.sql, &types, &arrays),
            Some(see) => self.within.ask_many(self.sql, &types, &arrays, see).map(|()| 0),
        }
    }
}
