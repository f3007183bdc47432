//! Changing a router.

use accounting::time::Micros;

use crate::error::StoreError;
use crate::ids::NasId;
use crate::nas_repository::{Nas, NasPatch};

use super::connection::Connection;
use super::nas_rows::{self, ID_IS, nas};
use super::value::params;
use super::values::amount;
use super::{bindings, plan_edge_marks, rows};

const UPDATE: &str = "
    UPDATE nas SET name = ?2, host = ?3, port = ?4, tls = ?5, username = ?6, password = ?7, link_speed_bps = ?8,
        interval_ms = ?9, enabled = ?10, paused_reason = ?11, uuid = ?12, fingerprint = ?13
    WHERE id = ?1";
const SET_ZONE: &str = "UPDATE nas SET zone = ?2 WHERE id = ?1";
const SET_GROUP: &str = "UPDATE nas SET group_id = ?2 WHERE id = ?1";

/// Applies a patch within the caller's transaction.
pub(super) fn update(
    connection: &Connection<'_>,
    id: NasId,
    patch: NasPatch,
    at: Micros,
) -> Result<(), StoreError> {
    let mut router = rows::first(connection, ID_IS, params![id.0], nas)?
        .ok_or_else(|| StoreError::NotFound("the router".to_owned()))?;
    if let Some(name) = patch.name.as_ref().filter(|name| **name != router.config.name) {
        nas_rows::refuse_taken_name(connection, name)?;
    }
    if let Some(group) = &patch.group {
        set_group(connection, id, group.as_deref())?;
    }
    if let Some(zone) = &patch.zone {
        connection.execute(SET_ZONE, params![id.0, zone])?;
        plan_edge_marks::router_changed(connection, id, at)?;
    }
    apply(&mut router, patch);
    write(connection, &router)
}

/// Writes everything that people configure of a router, except its group.
pub(super) fn write(connection: &Connection<'_>, router: &Nas) -> Result<(), StoreError> {
    let config = &router.config;
    connection.execute(
        UPDATE,
        params![
            router.id.0,
            config.name,
            config.host,
            config.port,
            config.tls.as_str(),
            config.username,
            config.password.0,
            config.link_speed_bps.map(amount).transpose()?,
            config.interval_ms,
            config.enabled,
            router.paused_reason,
            // Together with the password, which was sealed for it.
            config.uuid.as_bytes(),
            config.fingerprint.map(|fingerprint| fingerprint.0),
        ],
    )?;
    nas_rows::changed(connection)
}

fn apply(router: &mut Nas, patch: NasPatch) {
    let config = &mut router.config;
    set(&mut config.name, patch.name);
    set(&mut config.host, patch.host);
    set(&mut config.port, patch.port);
    set(&mut config.tls, patch.tls);
    set(&mut config.fingerprint, patch.fingerprint);
    set(&mut config.username, patch.username);
    set(&mut config.password, patch.password);
    set(&mut config.link_speed_bps, patch.link_speed_bps);
    set(&mut config.interval_ms, patch.interval_ms);
    set(&mut config.group, patch.group);
    set(&mut config.enabled, patch.enabled);
    set(&mut router.paused_reason, patch.paused_reason);
}

fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

/// Puts a router into another group, or into none.
pub(super) fn set_group(
    connection: &Connection<'_>,
    id: NasId,
    group: Option<&str>,
) -> Result<(), StoreError> {
    let group = group.map(|name| nas_rows::group_or_new(connection, name)).transpose()?;
    connection.execute(SET_GROUP, params![id.0, group])?;
    // Logins bound to a group are other logins for this router now.
    bindings::changed(connection)
}
