//! Changing a subscriber and opening their next cycle.

use accounting::time::Micros;
use async_trait::async_trait;
use rusqlite::{Connection, params};
use uuid::Uuid;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::ids::NasId;
use crate::renewal_repository::{Changed, RenewalRepository, SubscriberChange};

use super::database::Sqlite;
use super::{audit, bindings, cycle_edges, plan, rows};

const EXPIRY: &str = "SELECT expiry_at FROM subscriber WHERE id = ?1";
const SET_NAME: &str = "UPDATE subscriber SET name = ?2 WHERE id = ?1";
const SET_SERVICE: &str = "UPDATE subscriber SET service = ?2 WHERE id = ?1";
const SET_STATUS: &str = "UPDATE subscriber SET status = ?2 WHERE id = ?1";
const SET_PLAN: &str = "UPDATE subscriber SET plan_id = ?2 WHERE id = ?1";
const SET_EXPIRY: &str = "UPDATE subscriber SET expiry_at = ?2 WHERE id = ?1";
const SET_ZONE: &str = "UPDATE subscriber SET zone = ?2 WHERE id = ?1";
const SET_NOTE: &str = "UPDATE subscriber SET note = ?2 WHERE id = ?1";
const OPEN: &str = "SELECT id, opened_at, seq_no FROM cycle WHERE subscriber_id = ?1 AND closed_at IS NULL";
const CLOSE: &str = "UPDATE cycle SET closed_at = ?2 WHERE id = ?1";
const INSERT_CYCLE: &str = "INSERT INTO cycle (subscriber_id, seq_no, opened_at) VALUES (?1, ?2, ?3)";
const JOURNAL: &str = "
    INSERT INTO renewal (subscriber_id, kind, at, actor, old_expiry_at, new_expiry_at, closed_cycle, opened_cycle)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const ROUTERS: &str = "
    SELECT DISTINCT session.nas_id FROM login_binding JOIN session USING (login_id)
    WHERE subscriber_id = ?1 AND to_at IS NULL AND state < 2";

#[async_trait]
impl RenewalRepository for Sqlite {
    async fn change_subscriber(
        &self,
        id: Uuid,
        change: SubscriberChange,
        act: NewAudit,
        renewal: NewAudit,
    ) -> Result<Changed, StoreError> {
        self.transact(move |connection| {
            let changed = apply(connection, &id.to_string(), &change, &act)?;
            audit::append(connection, if changed.renewed { &renewal } else { &act })?;
            Ok(changed)
        })
        .await
    }

    async fn routers_of_subscriber(&self, id: Uuid) -> Result<Vec<NasId>, StoreError> {
        self.read(move |connection| {
            rows::all(connection, ROUTERS, [id.to_string()], |row| Ok(NasId(row.get(0)?)))
        })
        .await
    }
}

/// Changes one within the caller's transaction, and opens its next cycle if the change renews.
pub(super) fn apply(
    connection: &Connection,
    id: &str,
    change: &SubscriberChange,
    act: &NewAudit,
) -> Result<Changed, StoreError> {
    let old: Option<i64> = rows::first(connection, EXPIRY, [id], |row| Ok(row.get(0)?))?
        .ok_or_else(|| StoreError::NotFound(format!("the subscriber {id}")))?;
    set_fields(connection, id, change)?;
    let new = change.expiry_at.map_or(old, |expiry| expiry.map(|at| at.0));
    let renewed = change.renews.decide(old.map(Micros), change.expiry_at.flatten(), act.at);
    let (mut cycles, mut changed) = (None, Changed::default());
    if renewed {
        let (closed, opened) = open_next(connection, id, act.at)?;
        let unread = cycle_edges::insert(connection, id, closed, &change.fresh)?;
        (cycles, changed) = (Some((closed, opened)), Changed { renewed, unread });
        bindings::changed(connection)?;
    }
    if renewed || new != old {
        connection.prepare_cached(JOURNAL)?.execute(params![
            id,
            if renewed { "renewal" } else { "correction" },
            act.at.0,
            act.actor,
            old,
            new,
            cycles.map(|(closed, _)| closed),
            cycles.map(|(_, opened)| opened),
        ])?;
    }
    Ok(changed)
}

fn set_fields(connection: &Connection, id: &str, change: &SubscriberChange) -> Result<(), StoreError> {
    let SubscriberChange { name, service, status, plan, expiry_at, zone, note, .. } = change;
    if let Some(name) = name {
        connection.prepare_cached(SET_NAME)?.execute(params![id, name])?;
    }
    if let Some(service) = service {
        connection.prepare_cached(SET_SERVICE)?.execute(params![id, service])?;
    }
    if let Some(status) = status {
        connection.prepare_cached(SET_STATUS)?.execute(params![id, status.as_str()])?;
    }
    if let Some(name) = plan {
        let plan = name.as_ref().map(|name| plan_row(connection, name)).transpose()?;
        connection.prepare_cached(SET_PLAN)?.execute(params![id, plan])?;
    }
    if let Some(expiry) = expiry_at {
        connection.prepare_cached(SET_EXPIRY)?.execute(params![id, expiry.map(|at| at.0)])?;
    }
    if let Some(zone) = zone {
        connection.prepare_cached(SET_ZONE)?.execute(params![id, zone])?;
    }
    if let Some(note) = note {
        connection.prepare_cached(SET_NOTE)?.execute(params![id, note])?;
    }
    Ok(())
}

fn plan_row(connection: &Connection, name: &str) -> Result<i64, StoreError> {
    plan::id_of(connection, name)?.ok_or_else(|| StoreError::NotFound(format!("the plan {name}")))
}

/// Closes the open cycle and opens the next at the same instant; their rows. A clock that was set back closes a cycle
/// no earlier than it opened.
fn open_next(connection: &Connection, id: &str, at: Micros) -> Result<(i64, i64), StoreError> {
    let (closed, opened_at, seq_no) = rows::first(connection, OPEN, [id], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
    })?
    .ok_or_else(|| StoreError::Corrupt(format!("the subscriber {id} has no open cycle")))?;
    let edge = at.0.max(opened_at);
    connection.prepare_cached(CLOSE)?.execute((closed, edge))?;
    let opened = connection.prepare_cached(INSERT_CYCLE)?.insert(params![id, seq_no + 1, edge])?;
    Ok((closed, opened))
}
