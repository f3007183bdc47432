//! Values and columns as the driver writes and reads them.

use std::error::Error;

use bytes::BytesMut;
use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

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

/// Of a column whose type fits; NULL fits every one.
impl ToSql for Cell<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match (*self, ty) {
            (Cell::Null, _) => Ok(IsNull::Yes),
            (Cell::Int(number), &Type::INT8) => number.to_sql(ty, out),
            (Cell::Text(text), &Type::TEXT) => text.to_sql(ty, out),
            (Cell::Bytes(bytes), &Type::BYTEA) => bytes.to_sql(ty, out),
            (cell, ty) => Err(format!("{cell:?} is no {ty}").into()),
        }
    }

    fn accepts(ty: &Type) -> bool {
        <Value<'_> as ToSql>::accepts(ty)
    }

    to_sql_checked!();
}

impl<'r> FromSql<'r> for Cell<'r> {
    fn from_sql(ty: &Type, raw: &'r [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        match *ty {
            Type::INT8 => i64::from_sql(ty, raw).map(Cell::Int),
            Type::INT4 => i32::from_sql(ty, raw).map(|number| Cell::Int(number.into())),
            Type::BOOL => bool::from_sql(ty, raw).map(|truth| Cell::Int(truth.into())),
            Type::BYTEA => <&[u8]>::from_sql(ty, raw).map(Cell::Bytes),
            _ => <&str>::from_sql(ty, raw).map(Cell::Text),
        }
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Cell::Null)
    }

    fn accepts(ty: &Type) -> bool {
        [Type::INT8, Type::INT4, Type::BOOL, Type::TEXT, Type::VARCHAR, Type::NAME, Type::BYTEA].contains(ty)
    }
}

impl Cells for postgres::Row {
    fn cell(&self, column: usize) -> Result<Cell<'_>, StoreError> {
        let strange = |told: String| StoreError::Corrupt(format!("column {column} of a row is {told}"));
        let Some(described) = self.columns().get(column) else { return Err(strange("not there".to_owned())) };
        if !<Cell<'_> as FromSql<'_>>::accepts(described.type_()) {
            return Err(strange(format!("a {}", described.type_())));
        }
        Ok(self.try_get(column)?)
    }
}
