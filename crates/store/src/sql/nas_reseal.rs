//! Passwords of routers under another key.

use crate::error::StoreError;
use crate::nas_repository::Resealed;

use super::connection::{Batch, Connection};
use super::nas_rows;
use super::value::params;

const RESEAL: &str = "UPDATE nas SET password = ?3 WHERE id = ?1 AND password = ?2";
/// Nobody logs in there any more.
const FORGET: &str = "UPDATE nas SET password = ?1 WHERE removed_at IS NOT NULL";

/// See [`crate::NasRepository::reseal_nas`].
pub(super) fn reseal(connection: &Connection<'_>, anew: &[Resealed]) -> Result<(), StoreError> {
    let mut batch = Batch::of(connection, RESEAL)?;
    for one in anew {
        batch.add(params![one.nas.0, one.before.0, one.after.0])?;
    }
    batch.finish_each("passwords")?;
    connection.execute(FORGET, params![Vec::<u8>::new()])?;
    nas_rows::changed(connection)
}
