//! Running statements whose answers may turn out not to make sense.

use crate::error::StoreError;

use super::connection::Connection;
use super::row::Row;
use super::value::Values;

/// All rows of a query, each made by `make`.
pub(crate) fn all<T>(
    connection: &Connection<'_>,
    sql: &'static str,
    values: Values<'_>,
    make: impl Fn(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut found = Vec::new();
    connection.query(sql, values, &mut |row| {
        found.push(make(row)?);
        Ok(true)
    })?;
    Ok(found)
}

/// The first row of a query, made by `make`; `None` when there is none.
pub(super) fn first<T>(
    connection: &Connection<'_>,
    sql: &'static str,
    values: Values<'_>,
    make: impl Fn(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    let mut found = None;
    connection.query(sql, values, &mut |row| {
        found = Some(make(row)?);
        Ok(false)
    })?;
    Ok(found)
}

/// The one row of a query that always has one.
pub(crate) fn only<T>(
    connection: &Connection<'_>,
    sql: &'static str,
    values: Values<'_>,
    make: impl Fn(&Row<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    first(connection, sql, values, make)?
        .ok_or_else(|| StoreError::Corrupt("a row that is always there is gone".to_owned()))
}

/// Runs an insertion that returns the row's id.
pub(super) fn insert(
    connection: &Connection<'_>,
    sql: &'static str,
    values: Values<'_>,
) -> Result<i64, StoreError> {
    only(connection, sql, values, |row| row.get(0))
}

/// Shows every row of a query to `see`, holding few.
pub(crate) fn each(
    connection: &Connection<'_>,
    sql: &'static str,
    values: Values<'_>,
    mut see: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    connection.stream(sql, values, &mut |row| see(row).map(|()| true))
}
