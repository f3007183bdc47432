//! Reading rows whose columns may turn out not to make sense.

use rusqlite::{Connection, Params, Row};

use crate::error::StoreError;

/// All rows of a query, each made by `make`.
pub(super) fn all<T>(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
    make: impl Fn(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut found = Vec::new();
    each(connection, sql, parameters, |row| {
        found.push(make(row)?);
        Ok(())
    })?;
    Ok(found)
}

/// The first row of a query, made by `make`; `None` when there is none.
pub(super) fn first<T>(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
    make: impl Fn(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(parameters)?;
    rows.next()?.map(make).transpose()
}

/// Shows every row of a query to `see`, holding none.
pub(super) fn each(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
    mut see: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(parameters)?;
    while let Some(row) = rows.next()? {
        see(row)?;
    }
    Ok(())
}
