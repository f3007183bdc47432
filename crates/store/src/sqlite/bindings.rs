//! The version of all bindings and open cycles.

use rusqlite::Connection;

use crate::error::StoreError;

use super::values::from_amount;

/// Which version it is.
pub(super) fn version(connection: &Connection) -> Result<u64, StoreError> {
    let version =
        connection.prepare_cached("SELECT bindings_version FROM meta")?.query_row([], |row| row.get(0))?;
    from_amount(version)
}

/// A binding or an open cycle changed: logins that were resolved before must be resolved again.
pub(super) fn changed(connection: &Connection) -> Result<(), StoreError> {
    connection.prepare_cached("UPDATE meta SET bindings_version = bindings_version + 1")?.execute([])?;
    Ok(())
}
