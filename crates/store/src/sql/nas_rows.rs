//! A router's row: making one and reading it.

use accounting::time::Micros;
use uuid::Uuid;

use crate::error::StoreError;
use crate::fingerprint::Fingerprint;
use crate::ids::NasId;
use crate::nas_repository::{Nas, NasOrigin, NewNas, SealedPassword, TlsMode};

use super::connection::Connection;
use super::row::Row;
use super::rows;
use super::value::params;
use super::values::{amount, from_amount};

/// The columns in the order [`nas`] reads them.
macro_rules! nas_where {
    ($condition:expr) => {
        concat!(
            "SELECT nas.id, uuid, nas.name, host, port, tls, username, password, link_speed_bps, interval_ms,
                    enabled, origin, nas_group.name, paused_reason, created_at, device, boot, poll_seq, last_at,
                    unseen_sessions, fingerprint, nas.zone
             FROM nas LEFT JOIN nas_group ON nas_group.id = nas.group_id
             WHERE removed_at IS NULL AND ",
            $condition,
            " ORDER BY nas.name"
        )
    };
}
pub(super) use nas_where;

/// The router of a name.
pub(super) const NAME_IS: &str = nas_where!("nas.name = ?1");
/// The router of a row.
pub(super) const ID_IS: &str = nas_where!("nas.id = ?1");

const INSERT: &str = "
    INSERT INTO nas (uuid, name, host, port, tls, username, password, link_speed_bps, interval_ms, enabled,
        origin, created_at, fingerprint, group_id)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) RETURNING id";
const GROUP_IS: &str = "SELECT id FROM nas_group WHERE name = ?1";
const INSERT_GROUP: &str = "INSERT INTO nas_group (name) VALUES (?1) RETURNING id";

/// Inserts a router; `Constraint` when its name is taken.
pub(super) fn insert(connection: &Connection<'_>, new: &NewNas, at: Micros) -> Result<NasId, StoreError> {
    refuse_taken_name(connection, &new.name)?;
    let group = new.group.as_deref().map(|name| group_or_new(connection, name)).transpose()?;
    let id = rows::insert(
        connection,
        INSERT,
        params![
            new.uuid.as_bytes(),
            new.name,
            new.host,
            new.port,
            new.tls.as_str(),
            new.username,
            new.password.0,
            new.link_speed_bps.map(amount).transpose()?,
            new.interval_ms,
            new.enabled,
            origin_name(new.origin),
            at.0,
            new.fingerprint.map(|fingerprint| fingerprint.0),
            group,
        ],
    )?;
    changed(connection)?;
    Ok(NasId(id))
}

/// The registry changed: whoever polls looks at it again.
pub(super) fn changed(connection: &Connection<'_>) -> Result<(), StoreError> {
    connection.execute("UPDATE meta SET nas_version = nas_version + 1", params![])?;
    Ok(())
}

/// `Constraint` when a router of that name exists.
pub(super) fn refuse_taken_name(connection: &Connection<'_>, name: &str) -> Result<(), StoreError> {
    match rows::first(connection, NAME_IS, params![name], nas)? {
        None => Ok(()),
        Some(_) => Err(StoreError::Constraint(format!(
            "there is already a router called {name}; nothing was changed, choose another name"
        ))),
    }
}

/// The row of the group of that name.
pub(super) fn group(connection: &Connection<'_>, name: &str) -> Result<Option<i64>, StoreError> {
    rows::first(connection, GROUP_IS, params![name], |row| row.get(0))
}

/// The row of the group of that name, made when lacking.
pub(super) fn group_or_new(connection: &Connection<'_>, name: &str) -> Result<i64, StoreError> {
    match group(connection, name)? {
        Some(group) => Ok(group),
        None => Ok(rows::insert(connection, INSERT_GROUP, params![name])?),
    }
}

/// A router of the columns of [`nas_where`].
pub(super) fn nas(row: &Row<'_>) -> Result<Nas, StoreError> {
    Ok(Nas {
        id: NasId(row.get(0)?),
        config: config(row)?,
        zone: row.get(21)?,
        paused_reason: row.get(13)?,
        created_at: Micros(row.get(14)?),
        device: row.get(15)?,
        boot: row.get(16)?,
        poll_seq: from_amount(row.get(17)?)?,
        last_at: row.get::<Option<i64>>(18)?.map(Micros),
        unseen_sessions: from_amount(row.get(19)?)?,
    })
}

fn config(row: &Row<'_>) -> Result<NewNas, StoreError> {
    let tls: String = row.get(5)?;
    let origin: String = row.get(11)?;
    Ok(NewNas {
        uuid: Uuid::from_bytes(row.get(1)?),
        name: row.get(2)?,
        host: row.get(3)?,
        port: row.get(4)?,
        tls: TlsMode::from_name(&tls)
            .ok_or_else(|| StoreError::Corrupt(format!("a router has the TLS mode {tls}")))?,
        fingerprint: row.get::<Option<[u8; 32]>>(20)?.map(Fingerprint),
        username: row.get(6)?,
        password: SealedPassword(row.get(7)?),
        link_speed_bps: row.get::<Option<i64>>(8)?.map(from_amount).transpose()?,
        interval_ms: row.get(9)?,
        group: row.get(12)?,
        enabled: row.get(10)?,
        origin: if origin == "file" { NasOrigin::File } else { NasOrigin::Api },
    })
}

fn origin_name(origin: NasOrigin) -> &'static str {
    match origin {
        NasOrigin::Api => "api",
        NasOrigin::File => "file",
    }
}
