//! Routers on SQLite.

use accounting::time::Micros;
use async_trait::async_trait;
use rusqlite::{Connection, Params, Row, params};
use uuid::Uuid;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::ids::NasId;
use crate::nas_repository::{Nas, NasOrigin, NasRepository, NewNas, SealedPassword, TlsMode};

use super::audit;
use super::database::Sqlite;
use super::values::{amount, from_amount};

const TAKEN: &str = "SELECT count(*) FROM nas WHERE name = ?1 AND removed_at IS NULL";
const INSERT: &str = "
    INSERT INTO nas (uuid, name, host, port, tls, username, password, link_speed_bps, interval_ms, enabled,
        origin, created_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";

/// The columns in the order [`nas`] reads them.
macro_rules! nas_where {
    ($condition:literal) => {
        concat!(
            "SELECT nas.id, uuid, nas.name, host, port, tls, username, password, link_speed_bps, interval_ms,
                    enabled, origin, nas_group.name, paused_reason, created_at, device, boot, poll_seq, last_at,
                    unseen_sessions
             FROM nas LEFT JOIN nas_group ON nas_group.id = nas.group_id
             WHERE removed_at IS NULL AND ",
            $condition,
            " ORDER BY nas.name"
        )
    };
}

#[async_trait]
impl NasRepository for Sqlite {
    async fn insert_nas(&self, new: NewNas, act: NewAudit) -> Result<NasId, StoreError> {
        self.write(move |connection| {
            let transaction = connection.transaction()?;
            let id = insert(&transaction, &new, act.at)?;
            audit::append(&transaction, &act)?;
            transaction.commit()?;
            Ok(id)
        })
        .await
    }

    async fn list_nas(&self) -> Result<Vec<Nas>, StoreError> {
        self.read(|connection| select(connection, nas_where!("TRUE"), [])).await
    }

    async fn nas_by_name(&self, name: &str) -> Result<Option<Nas>, StoreError> {
        let name = name.to_owned();
        self.read(move |connection| Ok(select(connection, nas_where!("nas.name = ?1"), [name])?.pop())).await
    }

    async fn nas_by_id(&self, nas: NasId) -> Result<Option<Nas>, StoreError> {
        self.read(move |connection| Ok(select(connection, nas_where!("nas.id = ?1"), [nas.0])?.pop())).await
    }
}

fn insert(connection: &Connection, new: &NewNas, at: Micros) -> Result<NasId, StoreError> {
    refuse_taken_name(connection, &new.name)?;
    let id = connection.prepare_cached(INSERT)?.insert(params![
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
    ])?;
    Ok(NasId(id))
}

fn refuse_taken_name(connection: &Connection, name: &str) -> Result<(), StoreError> {
    let taken: i64 = connection.prepare_cached(TAKEN)?.query_row([name], |row| row.get(0))?;
    if taken == 0 {
        return Ok(());
    }
    Err(StoreError::Constraint(format!("there is already a router called {name}; choose another name")))
}

fn select(connection: &Connection, sql: &str, parameters: impl Params) -> Result<Vec<Nas>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(parameters)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(nas(row)?);
    }
    Ok(found)
}

fn nas(row: &Row<'_>) -> Result<Nas, StoreError> {
    Ok(Nas {
        id: NasId(row.get(0)?),
        config: config(row)?,
        group: row.get(12)?,
        paused_reason: row.get(13)?,
        created_at: Micros(row.get(14)?),
        device: row.get(15)?,
        boot: row.get(16)?,
        poll_seq: from_amount(row.get(17)?)?,
        last_at: row.get::<_, Option<i64>>(18)?.map(Micros),
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
        username: row.get(6)?,
        password: SealedPassword(row.get(7)?),
        link_speed_bps: row.get::<_, Option<i64>>(8)?.map(from_amount).transpose()?,
        interval_ms: row.get(9)?,
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
