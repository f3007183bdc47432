//! The version of all bindings and open cycles.

use crate::error::StoreError;

use super::connection::Connection;
use super::rows;
use super::value::params;
use super::values::from_amount;

/// Which version it is.
pub(super) fn version(connection: &Connection<'_>) -> Result<u64, StoreError> {
    rows::only(connection, "SELECT bindings_version FROM meta", params![], |row| from_amount(row.get(0)?))
}

/// A binding or an open cycle changed: logins that were resolved before must be resolved again.
pub(super) fn changed(connection: &Connection<'_>) -> Result<(), StoreError> {
    connection.execute("UPDATE meta SET bindings_version = bindings_version + 1", params![])?;
    Ok(())
}
