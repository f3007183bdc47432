//! Values and columns as the driver writes and reads them.

use std::error::Error;

use bytes::BytesMut;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use crate::error::StoreError;
use crate::sql::row::{Cell, Cells};
use crate::sql::value::Value;

/// The type that a value has in a statement.
pub(super) fn type_of(value: &Value<'_>) -> Type {
    match value {
        Value::Int(_) => Type::INT8,
        Value::Text(_) => Type::TEXT,
        Value::Bytes(_) => Type::BYTEA,
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        if *ty != type_of(self) {
            return Err(format!("{self:?} is given where the statement had a {ty} before").into());
        }
        match self {
            Value::Int(None) | Value::Text(None) | Value::Bytes(None) => Ok(IsNull::Yes),
            Value::Int(Some(number)) => number.to_sql(ty, out),
            Value::Text(Some(text)) => text.to_sql(ty, out),
            Value::Bytes(Some(bytes)) => bytes.to_sql(ty, out),
        }
    }

    fn accepts(ty: &Type) -> bool {
        [Type::INT8, Type::TEXT, Type::BYTEA].contains(ty)
    }

    to_sql_checked!();
}

impl Cells for postgres::Row {
    fn cell(&self, column: usize) -> Result<Cell<'_>, StoreError> {
        let strange = |told: String| StoreError::Corrupt(format!("column {column} of a row is {told}"));
        let Some(described) = self.columns().get(column) else { return Err(strange("not there".to_owned())) };
        let cell = match *described.type_() {
            Type::INT8 => self.try_get::<_, Option<i64>>(column)?.map(Cell::Int),
            Type::INT4 => self.try_get::<_, Option<i32>>(column)?.map(|number| Cell::Int(number.into())),
            Type::BOOL => self.try_get::<_, Option<bool>>(column)?.map(|truth| Cell::Int(truth.into())),
            Type::TEXT | Type::VARCHAR | Type::NAME => {
                self.try_get::<_, Option<&str>>(column)?.map(Cell::Text)
            }
            Type::BYTEA => self.try_get::<_, Option<&[u8]>>(column)?.map(Cell::Bytes),
            ref other => return Err(strange(format!("a {other}"))),
        };
        Ok(cell.unwrap_or(Cell::Null))
    }
}
