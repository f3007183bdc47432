//! Remembering the certificate a router showed first.

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::fingerprint::Fingerprint;
use crate::nas_repository::{FirstSight, Nas};

use super::connection::Connection;
use super::nas_rows::{self, ID_IS, nas};
use super::value::params;
use super::{audit, rows};

const PIN: &str = "UPDATE nas SET fingerprint = ?2 WHERE id = ?1";

/// See [`crate::NasRepository::remember_certificate`].
pub(super) fn remember(
    connection: &Connection<'_>,
    first: &FirstSight,
    act: &NewAudit,
) -> Result<Fingerprint, StoreError> {
    let router = rows::first(connection, ID_IS, params![first.nas.0], nas)?;
    let router = router
        .filter(|router| was_seen_at(router, first))
        .ok_or_else(|| StoreError::NotFound("the router at this address".to_owned()))?;
    if let Some(known) = router.config.fingerprint {
        return Ok(known);
    }
    connection.execute(PIN, params![first.nas.0, first.fingerprint.0])?;
    nas_rows::changed(connection)?;
    audit::append(connection, act)?;
    Ok(first.fingerprint)
}

fn was_seen_at(router: &Nas, first: &FirstSight) -> bool {
    router.config.host == first.host && router.config.port == first.port
}
