//! Routers that could not be read when a cycle closed (rule 11).

use accounting::edge::Edge;
use accounting::time::Micros;
use rusqlite::{Connection, params};

use crate::error::StoreError;
use crate::ids::NasId;

use super::rows;
use super::values::exactly_one;

/// Routers not read for so long may hide a session that began before the renewal.
const SILENT_US: i64 = Micros::BUCKET;

const CLOSED_AT: &str = "SELECT closed_at FROM cycle WHERE id = ?1";
/// Routers where a login of the subscriber is theirs and that show a session of it, or were silent.
const UNREAD: &str = "
    SELECT nas.id, nas.name, login.id
    FROM login_binding AS bound
    JOIN login ON login.id = bound.login_id
    JOIN nas ON nas.removed_at IS NULL AND nas.last_at IS NOT NULL
      AND (login.scope = 'all' OR login.scope = 'router' AND login.scope_id = nas.id
        OR login.scope = 'group' AND login.scope_id = nas.group_id)
    WHERE bound.subscriber_id = ?1 AND bound.to_at IS NULL
      AND (nas.enabled AND nas.last_at < ?2
        OR EXISTS (SELECT 1 FROM session
                   WHERE session.login_id = login.id AND session.nas_id = nas.id AND session.state < 2))
    ORDER BY nas.name, login.id";
const INSERT: &str = "INSERT INTO cycle_edge (nas_id, login_id, cycle_id, at) VALUES (?1, ?2, ?3, ?4)";
const OF_ROUTER: &str =
    "SELECT login_id, cycle_id, at FROM cycle_edge WHERE nas_id = ?1 ORDER BY at, cycle_id";
const SETTLE: &str = "DELETE FROM cycle_edge WHERE nas_id = ?1 AND login_id = ?2 AND cycle_id = ?3";
const SETTLE_ALL: &str = "DELETE FROM cycle_edge WHERE nas_id = ?1";

/// Notes the routers that must still settle a cycle which just closed; their names.
pub(super) fn insert(
    connection: &Connection,
    subscriber: &str,
    cycle: i64,
    fresh: &[NasId],
) -> Result<Vec<String>, StoreError> {
    let at: i64 = rows::first(connection, CLOSED_AT, [cycle], |row| Ok(row.get(0)?))?
        .ok_or_else(|| StoreError::NotFound(format!("the cycle row {cycle}")))?;
    let silent = at.saturating_sub(SILENT_US);
    let mut unread = rows::all(connection, UNREAD, params![subscriber, silent], |row| {
        Ok((NasId(row.get(0)?), row.get::<_, String>(1)?, row.get::<_, i64>(2)?))
    })?;
    unread.retain(|(nas, ..)| !fresh.contains(nas));
    for (nas, _, login) in &unread {
        connection.prepare_cached(INSERT)?.execute((nas.0, login, cycle, at))?;
    }
    let mut names: Vec<String> = unread.into_iter().map(|(_, name, _)| name).collect();
    names.dedup();
    Ok(names)
}

/// What a router must still settle.
pub(super) fn of_router(connection: &Connection, nas: NasId) -> Result<Vec<Edge>, StoreError> {
    rows::all(connection, OF_ROUTER, [nas.0], |row| {
        Ok(Edge { login: row.get(0)?, cycle: row.get(1)?, at: Micros(row.get(2)?) })
    })
}

/// A router settled these.
pub(super) fn settle(connection: &Connection, nas: NasId, edges: &[Edge]) -> Result<(), StoreError> {
    for edge in edges {
        let gone = connection.prepare_cached(SETTLE)?.execute((nas.0, edge.login, edge.cycle))?;
        exactly_one(gone, "the unread renewal of cycle", edge.cycle.cast_unsigned())?;
    }
    Ok(())
}

/// A router was removed: nothing more will be counted on it.
pub(super) fn settle_all(connection: &Connection, nas: NasId) -> Result<(), StoreError> {
    connection.prepare_cached(SETTLE_ALL)?.execute([nas.0])?;
    Ok(())
}
