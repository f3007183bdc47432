//! Routers that could not be read when a cycle closed (rule 11).

use std::collections::BTreeSet;

use accounting::edge::Edge;
use accounting::time::Micros;
use rusqlite::{Connection, Row};

use crate::error::StoreError;
use crate::ids::NasId;

use super::cycle_open::Opened;
use super::rows;
use super::values::exactly_one;

/// When more routers than this were not read since the renewal, only those count on which the login ever was: subscribers
/// times routers would be too many.
const UNREAD_MOST: usize = 16;

const ROUTERS: &str = "
    SELECT id, name, coalesce(group_id, 0), enabled, last_at FROM nas
    WHERE removed_at IS NULL AND last_at IS NOT NULL";
const SHOWN: &str = "
    SELECT DISTINCT nas_id, login_id FROM login_binding
    JOIN session INDEXED BY session_login_present USING (login_id)
    WHERE subscriber_id = ?1 AND to_at IS NULL AND state < 2";
const BOUND: &str = "
    SELECT login.id, scope, scope_id FROM login_binding JOIN login ON login.id = login_id
    WHERE subscriber_id = ?1 AND to_at IS NULL";
const EVER_SHOWN: &str = "SELECT DISTINCT nas_id FROM session INDEXED BY session_login WHERE login_id = ?1";
const INSERT: &str = "INSERT INTO cycle_edge (nas_id, login_id, cycle_id, at) VALUES (?1, ?2, ?3, ?4)";
const OF_ROUTER: &str =
    "SELECT login_id, cycle_id, at FROM cycle_edge WHERE nas_id = ?1 ORDER BY at, cycle_id";
const SETTLE: &str = "DELETE FROM cycle_edge WHERE nas_id = ?1 AND login_id = ?2 AND cycle_id = ?3";
const SETTLE_ALL: &str = "DELETE FROM cycle_edge WHERE nas_id = ?1";

/// The routers that were ever read, as they are in this transaction.
pub(super) struct Routers(Vec<Router>);

struct Router {
    id: NasId,
    name: String,
    group: i64,
    enabled: bool,
    last_at: i64,
}

impl Routers {
    /// Reads them.
    pub(super) fn load(connection: &Connection) -> Result<Routers, StoreError> {
        let router = |row: &Row<'_>| {
            Ok(Router {
                id: NasId(row.get(0)?),
                name: row.get(1)?,
                group: row.get(2)?,
                enabled: row.get(3)?,
                last_at: row.get(4)?,
            })
        };
        Ok(Routers(rows::all(connection, ROUTERS, [], router)?))
    }

    fn name(&self, nas: NasId) -> Option<&str> {
        self.0.iter().find(|router| router.id == nas).map(|router| router.name.as_str())
    }

    /// Those on which a login of that scope may have a session that nobody saw before `at`: it may have begun after the
    /// last reading before that.
    fn unread_at<'a>(
        &'a self,
        (scope, place): &'a (String, i64),
        at: Micros,
    ) -> impl Iterator<Item = NasId> + 'a {
        let of_scope = move |router: &&Router| match scope.as_str() {
            "all" => true,
            "group" => router.group == *place,
            _ => router.id.0 == *place,
        };
        let unread = move |router: &&Router| router.enabled && router.last_at < at.0;
        self.0.iter().filter(unread).filter(of_scope).map(|router| router.id)
    }
}

/// Notes the routers that must still settle a cycle which just closed; their names.
pub(super) fn insert(
    connection: &Connection,
    routers: &Routers,
    subscriber: &str,
    closed: &Opened,
    is_fresh: impl Fn(NasId) -> bool,
) -> Result<Vec<String>, StoreError> {
    let mut names = BTreeSet::new();
    for (nas, login) in unread(connection, routers, subscriber, closed.at, is_fresh)? {
        let Some(name) = routers.name(nas) else { continue };
        names.insert(name.to_owned());
        connection.prepare_cached(INSERT)?.execute((nas.0, login, closed.closed, closed.at.0))?;
    }
    Ok(names.into_iter().collect())
}

/// Routers without a fresh reading that show a session of the subscriber's logins, or may hide one.
fn unread(
    connection: &Connection,
    routers: &Routers,
    subscriber: &str,
    at: Micros,
    is_fresh: impl Fn(NasId) -> bool,
) -> Result<BTreeSet<(NasId, i64)>, StoreError> {
    let shown = rows::all(connection, SHOWN, [subscriber], |row| Ok((NasId(row.get(0)?), row.get(1)?)))?;
    let mut unread: BTreeSet<(NasId, i64)> = shown.into_iter().filter(|(nas, _)| !is_fresh(*nas)).collect();
    let bound = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, (row.get(1)?, row.get(2)?)));
    for (login, place) in rows::all(connection, BOUND, [subscriber], bound)? {
        let mut hiding: Vec<NasId> = routers.unread_at(&place, at).filter(|nas| !is_fresh(*nas)).collect();
        if hiding.len() > UNREAD_MOST {
            let ever = rows::all(connection, EVER_SHOWN, [login], |row| Ok(NasId(row.get(0)?)))?;
            hiding.retain(|nas| ever.contains(nas));
        }
        unread.extend(hiding.into_iter().map(|nas| (nas, login)));
    }
    Ok(unread)
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
