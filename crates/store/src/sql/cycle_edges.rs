//! Routers that could not be read when a cycle closed (rule 11).

use std::collections::BTreeSet;

use accounting::changes::Changes;
use accounting::edge::Edge;
use accounting::login::LoginRef;
use accounting::table::Table;
use accounting::time::Micros;

use crate::error::StoreError;
use crate::ids::NasId;

use super::bindings;
use super::connection::{Batch, Connection};
use super::cycle_open::Opened;
use super::edge_groups::{self, Groups};
use super::row::Row;
use super::rows;
use super::value::params;
use super::values::{amount, source};

/// When more routers than this were not read since the renewal, only those are named to people on which the login ever
/// was. All of them must settle the cycle.
const NAMED_MOST: usize = 16;

const ROUTERS: &str = "
    SELECT id, name, coalesce(group_id, 0), enabled, last_at, not_looked_in FROM nas
    WHERE removed_at IS NULL AND last_at IS NOT NULL";
const SHOWN: &str = "
    SELECT nas_id, max(state) > 0 FROM session INDEXED BY session_login_present
    WHERE login_id = ?1 AND state < 2 GROUP BY nas_id";
const BOUND: &str = "
    SELECT login.id, scope, scope_id, kind, name FROM login_binding JOIN login ON login.id = login_id
    WHERE subscriber_id = ?1 AND to_at IS NULL";
const EVER_SHOWN: &str = "SELECT DISTINCT nas_id FROM session INDEXED BY session_login WHERE login_id = ?1";
const INSERT: &str =
    "INSERT INTO cycle_edge (nas_id, login_id, cycle_id, at, since) VALUES (?1, ?2, ?3, ?4, ?5)";
const INSERT_WAITING: &str = "INSERT INTO cycle_edge (nas_id, login_id, cycle_id, at, since) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING";
const OF_ROUTER: &str = "SELECT login_id, cycle_id, at, since, kind, name FROM cycle_edge JOIN login ON login.id = login_id WHERE nas_id = ?1";
const SETTLE: &str = "DELETE FROM cycle_edge WHERE nas_id = ?1 AND login_id = ?2 AND cycle_id = ?3";
const SETTLE_ALL: &str = "DELETE FROM cycle_edge WHERE nas_id = ?1";

/// The routers that were ever read, as they are in this transaction.
pub(super) struct Routers {
    read: Vec<Router>,
    groups: Groups,
}

struct Router {
    id: NasId,
    name: String,
    group: i64,
    enabled: bool,
    last_at: i64,
    /// By the last round.
    not_looked_in: i64,
}

/// The tables, a bit each, in which a renewal that follows the round may find a session that it did not see or name.
pub(super) fn not_looked_in(changes: &Changes) -> i64 {
    let seen = |table: Table| changes.looked_in.iter().any(|(looked, _)| *looked == table);
    let named = |table: Table| table != Table::Interface || !changes.rows_wait;
    let missing = Table::ALL.into_iter().filter(|table| !seen(*table) || !named(*table));
    missing.fold(0, |bits, table| bits | bit(table))
}

/// Of a table, as the row of a router tells which it was not looked for in.
pub(super) fn bit(table: Table) -> i64 {
    1 << table.index()
}

impl Routers {
    /// Reads them.
    pub(super) fn load(connection: &Connection<'_>) -> Result<Routers, StoreError> {
        let router = |row: &Row<'_>| {
            Ok(Router {
                id: NasId(row.get(0)?),
                name: row.get(1)?,
                group: row.get(2)?,
                enabled: row.get(3)?,
                last_at: row.get(4)?,
                not_looked_in: row.get(5)?,
            })
        };
        Ok(Routers { read: rows::all(connection, ROUTERS, params![], router)?, groups: Groups::default() })
    }

    fn name(&self, nas: NasId) -> Option<&str> {
        self.read.iter().find(|router| router.id == nas).map(|router| router.name.as_str())
    }

    /// Whether its last round looked where that table's counters are.
    fn looked_in(&self, nas: NasId, table: Table) -> bool {
        let router = self.read.iter().find(|router| router.id == nas);
        router.is_some_and(|router| router.not_looked_in & bit(table) == 0)
    }

    /// Those on which a login of that scope, with counters in that table, may have a session that nobody saw before `at`:
    /// it may have begun after the last reading before that. One that was read later than `now` was read by a clock that was
    /// set back since, which says nothing of `at`.
    fn unread_at<'a>(
        &'a self,
        (scope, place): &'a (String, i64),
        table: Table,
        at: Micros,
        now: Micros,
    ) -> impl Iterator<Item = NasId> + 'a {
        let of_scope = move |router: &&Router| match scope.as_str() {
            "all" => true,
            "group" => router.group == *place,
            _ => router.id.0 == *place,
        };
        let unread = move |router: &&Router| {
            let read_since =
                (at.0..=now.0).contains(&router.last_at) && router.not_looked_in & bit(table) == 0;
            router.enabled && !read_since
        };
        self.read.iter().filter(unread).filter(of_scope).map(|router| router.id)
    }
}

/// Notes the routers that must still settle a cycle which just closed; the names of those people should know of.
pub(super) fn insert(
    connection: &Connection<'_>,
    routers: &mut Routers,
    subscriber: &str,
    closed: &Opened,
    now: Micros,
    is_fresh: impl Fn(NasId) -> bool,
) -> Result<Vec<String>, StoreError> {
    // The caller's transaction says once, at its end, that bindings changed.
    let since = bindings::version(connection)? + 1;
    let mut named = BTreeSet::new();
    let bound = |row: &Row<'_>| {
        let place = (row.get::<String>(1)?, row.get::<i64>(2)?);
        Ok((row.get::<i64>(0)?, place, source(row, 3)?))
    };
    for (login, place, table) in rows::all(connection, BOUND, params![subscriber], bound)? {
        let edge = Edge { login, cycle: closed.closed, at: closed.at, table, since };
        let was_read = |nas: NasId| is_fresh(nas) && routers.looked_in(nas, table);
        let shown =
            rows::all(connection, SHOWN, params![login], |row| Ok((NasId(row.get(0)?), row.get(1)?)))?;
        // A fresh reading that lacks her row says nothing of it.
        let unread = shown.into_iter().filter(|(nas, missing)| *missing || !was_read(*nas));
        let shown: Vec<NasId> = unread.map(|(nas, _)| nas).collect();
        let unread = routers.unread_at(&place, table, closed.at, now);
        let hiding: Vec<NasId> = unread.filter(|nas| !was_read(*nas)).collect();
        for nas in &shown {
            insert_one(connection, *nas, &edge)?;
        }
        routers.groups.note(connection, &place, edge, &hiding)?;
        named.extend(shown);
        named.extend(worth_naming(connection, login, hiding)?);
    }
    let names: BTreeSet<String> =
        named.into_iter().filter_map(|nas| routers.name(nas)).map(str::to_owned).collect();
    Ok(names.into_iter().collect())
}

fn insert_one(connection: &Connection<'_>, nas: NasId, edge: &Edge) -> Result<(), StoreError> {
    let columns = params![nas.0, edge.login, edge.cycle, edge.at.0, amount(edge.since)?];
    connection.execute(INSERT, columns)?;
    Ok(())
}

fn worth_naming(
    connection: &Connection<'_>,
    login: i64,
    mut hiding: Vec<NasId>,
) -> Result<Vec<NasId>, StoreError> {
    if hiding.len() > NAMED_MOST {
        let ever = rows::all(connection, EVER_SHOWN, params![login], |row| Ok(NasId(row.get(0)?)))?;
        hiding.retain(|nas| ever.contains(nas));
    }
    Ok(hiding)
}

/// What a router must still settle, of those logins and where it showed a session.
pub(super) fn of_router(
    connection: &Connection<'_>,
    nas: NasId,
    logins: &[LoginRef],
) -> Result<Vec<Edge>, StoreError> {
    let mut edges = edge_groups::of_logins(connection, nas, logins.iter().map(|login| login.id))?;
    edges.extend(rows::all(connection, OF_ROUTER, params![nas.0], edge_groups::edge)?);
    edges.sort_unstable_by_key(|edge| (edge.login, edge.at, edge.cycle));
    edges.dedup();
    Ok(edges)
}

/// A router was read and settled some.
pub(super) fn settle(
    connection: &Connection<'_>,
    nas: NasId,
    changes: &Changes,
    left: &mut edge_groups::Left,
) -> Result<(), StoreError> {
    let (mut alone, mut of_group) = (Batch::of(connection, SETTLE)?, Batch::of(connection, SETTLE)?);
    let held = edge_groups::hold(connection, nas, &changes.settled_edges)?;
    for (edge, is_held) in changes.settled_edges.iter().zip(held) {
        let batch = if is_held { &mut of_group } else { &mut alone };
        batch.add(params![nas.0, edge.login, edge.cycle])?;
    }
    alone.finish_each("unread renewals")?;
    of_group.finish()?;
    let mut waiting = Batch::of(connection, INSERT_WAITING)?;
    for edge in edge_groups::read(connection, nas, changes, left)? {
        waiting.add(params![nas.0, edge.login, edge.cycle, edge.at.0, amount(edge.since)?])?;
    }
    waiting.finish()
}

/// A router was removed: nothing more will be counted on it.
pub(super) fn settle_all(connection: &Connection<'_>, nas: NasId) -> Result<(), StoreError> {
    connection.execute(SETTLE_ALL, params![nas.0])?;
    edge_groups::removed(connection, nas)
}
