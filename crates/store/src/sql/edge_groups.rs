//! Cycles that closed while routers were unread that may hide a session of their logins (rule 11): noted once for each
//! router and once for each cycle, for a plan's day closes the cycles of a hundred thousand at once.

use std::collections::{BTreeSet, HashMap, HashSet};

use accounting::changes::Changes;
use accounting::edge::Edge;
use accounting::table::Table;
use accounting::time::Micros;

use crate::error::StoreError;
use crate::ids::NasId;

use super::connection::{Batch, Connection};
use super::row::Row;
use super::rows;
use super::value::params;
use super::values::{amount, from_amount, source};

const INSERT: &str = "INSERT INTO edge_group (at, shown_in, since) VALUES (?1, ?2, ?3) RETURNING id";
const INSERT_ROUTER: &str = "INSERT INTO edge_group_router (nas_id, group_id) VALUES (?1, ?2)";
const INSERT_CYCLE: &str =
    "INSERT INTO edge_group_cycle (group_id, login_id, cycle_id) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
const OF_LOGIN: &str = "
    SELECT login_id, cycle_id, at, since, kind, name FROM edge_group_router
    JOIN edge_group ON edge_group.id = edge_group_router.group_id
    JOIN edge_group_cycle ON edge_group_cycle.group_id = edge_group.id
    JOIN login ON login.id = login_id
    WHERE nas_id = ?1 AND login_id = ?2";
const OF_ROUTER: &str = "
    SELECT id, shown_in, since FROM edge_group_router JOIN edge_group ON id = group_id WHERE nas_id = ?1
    ORDER BY id";
const HOLDS: &str = "
    SELECT 1 FROM edge_group_router JOIN edge_group_cycle USING (group_id)
    WHERE nas_id = ?1 AND login_id = ?2 AND cycle_id = ?3";
/// Whose session is in the router's tables was looked at by the round, and waits if the round did not settle it.
const WAITING: &str = "
    SELECT DISTINCT edge_group_cycle.login_id, cycle_id, at, since, kind, name FROM edge_group
    JOIN edge_group_cycle ON edge_group_cycle.group_id = edge_group.id
    JOIN login ON login.id = edge_group_cycle.login_id
    JOIN session INDEXED BY session_login_present ON session.login_id = edge_group_cycle.login_id
    WHERE edge_group.id = ?2 AND nas_id = ?1 AND state < 2";
/// Of two routers that are the last of a group, one sees that the other is gone from it.
const ALONE: &str = "SELECT id FROM edge_group WHERE id = ?1 /*postgres FOR UPDATE*/";
const READ: &str = "DELETE FROM edge_group_router WHERE nas_id = ?1 AND group_id = ?2";
const FORGET_CYCLES: &str = "
    DELETE FROM edge_group_cycle
    WHERE group_id = ?1 AND NOT EXISTS (SELECT 1 FROM edge_group_router WHERE group_id = ?1)";
const FORGET: &str = "
    DELETE FROM edge_group
    WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM edge_group_router WHERE group_id = ?1)";

/// The groups of one transaction: by instant and scope, for these decide which routers are unread, and by the table that
/// the logins are looked for in.
#[derive(Default)]
pub(super) struct Groups(HashMap<(i64, Table, String, i64), i64>);

impl Groups {
    /// Notes that a cycle of the login closed while these routers were unread.
    pub(super) fn note(
        &mut self,
        connection: &Connection<'_>,
        (scope, place): &(String, i64),
        edge: Edge,
        unread: &[NasId],
    ) -> Result<(), StoreError> {
        if unread.is_empty() {
            return Ok(());
        }
        let key = (edge.at.0, edge.table, scope.clone(), *place);
        let group = match self.0.get(&key) {
            Some(group) => *group,
            None => *self.0.entry(key).or_insert(insert(connection, &edge, unread)?),
        };
        connection.execute(INSERT_CYCLE, params![group, edge.login, edge.cycle])?;
        Ok(())
    }
}

/// Groups that the routers of one transaction left: the last one to leave forgets them.
#[derive(Default)]
pub(super) struct Left(BTreeSet<i64>);

impl Left {
    /// Forgets those that no router is in any more, at the end of the transaction: so the rows of groups are the last ones that
    /// rounds of several routers lock, each in its turn, and two processes whose routers leave the same groups wait for each other
    /// one way only.
    pub(super) fn forget(self, connection: &Connection<'_>) -> Result<(), StoreError> {
        self.0.into_iter().try_for_each(|group| forget_left(connection, group))
    }
}

fn insert(connection: &Connection<'_>, edge: &Edge, unread: &[NasId]) -> Result<i64, StoreError> {
    let group =
        rows::insert(connection, INSERT, params![edge.at.0, number(edge.table), amount(edge.since)?])?;
    let mut batch = Batch::of(connection, INSERT_ROUTER)?;
    unread.iter().try_for_each(|nas| batch.add(params![nas.0, group]))?;
    batch.finish()?;
    Ok(group)
}

/// What a router must still settle for these logins.
pub(super) fn of_logins(
    connection: &Connection<'_>,
    nas: NasId,
    logins: impl Iterator<Item = i64>,
) -> Result<Vec<Edge>, StoreError> {
    if of_router(connection, nas)?.is_empty() {
        return Ok(Vec::new());
    }
    let mut edges = Vec::new();
    let mut see = |_: usize, row: &Row<'_>| {
        edges.push(edge(row)?);
        Ok(())
    };
    let mut asking = connection.ask_many(OF_LOGIN, &mut see)?;
    logins.into_iter().try_for_each(|login| asking.add(params![nas.0, login]))?;
    asking.finish()?;
    Ok(edges)
}

/// Whether the router must still settle each of them for its group.
pub(super) fn hold(connection: &Connection<'_>, nas: NasId, edges: &[Edge]) -> Result<Vec<bool>, StoreError> {
    let mut held = vec![false; edges.len()];
    let mut see = |nth: usize, _: &Row<'_>| {
        held[nth] = true;
        Ok(())
    };
    let mut asking = connection.ask_many(HOLDS, &mut see)?;
    edges.iter().try_for_each(|edge| asking.add(params![nas.0, edge.login, edge.cycle]))?;
    asking.finish()?;
    Ok(held)
}

/// A router was read: the groups of before that, in the tables it was read in, are settled, but for what the answer names,
/// which waits for a counter that is missing.
pub(super) fn read(
    connection: &Connection<'_>,
    nas: NasId,
    changes: &Changes,
    left: &mut Left,
) -> Result<Vec<Edge>, StoreError> {
    let mut waiting = Vec::new();
    let looked_in: HashMap<i64, u64> =
        changes.looked_in.iter().map(|(table, version)| (number(*table), *version)).collect();
    let mut groups = of_router(connection, nas)?;
    groups.retain(|(_, table, since)| looked_in.get(table).is_some_and(|version| since <= version));
    for (group, ..) in groups {
        waiting.extend(rows::all(connection, WAITING, params![nas.0, group], edge)?);
        connection.execute(READ, params![nas.0, group])?;
        left.0.insert(group);
    }
    let settled: HashSet<(i64, i64)> =
        changes.settled_edges.iter().map(|edge| (edge.login, edge.cycle)).collect();
    waiting.retain(|edge| !settled.contains(&(edge.login, edge.cycle)));
    Ok(waiting)
}

/// A router was removed: it hides nothing any more.
pub(super) fn removed(connection: &Connection<'_>, nas: NasId) -> Result<(), StoreError> {
    for (group, ..) in of_router(connection, nas)? {
        connection.execute(READ, params![nas.0, group])?;
        forget_left(connection, group)?;
    }
    Ok(())
}

fn of_router(connection: &Connection<'_>, nas: NasId) -> Result<Vec<(i64, i64, u64)>, StoreError> {
    rows::all(connection, OF_ROUTER, params![nas.0], |row| {
        Ok((row.get(0)?, row.get(1)?, from_amount(row.get(2)?)?))
    })
}

fn forget_left(connection: &Connection<'_>, group: i64) -> Result<(), StoreError> {
    rows::first(connection, ALONE, params![group], |row| row.get::<i64>(0))?;
    connection.execute(FORGET_CYCLES, params![group])?;
    connection.execute(FORGET, params![group])?;
    Ok(())
}

fn number(table: Table) -> i64 {
    i64::from(table as u8)
}

/// Of a row of its login, its cycle, when that closed and under which bindings, and the login's kind and name.
pub(super) fn edge(row: &Row<'_>) -> Result<Edge, StoreError> {
    let (login, cycle, at) = (row.get(0)?, row.get(1)?, Micros(row.get(2)?));
    let table = source(row, 4)?;
    Ok(Edge { login, cycle, at, table, since: from_amount(row.get(3)?)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A plan's day on which nobody was read for long.
    #[test]
    fn rows_are_those_of_routers_and_cycles_and_not_of_each_pair() {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "foreign_keys", false).unwrap();
        for migration in [
            include_str!("../sqlite/migrations/0018_edge_groups.sql"),
            include_str!("../sqlite/migrations/0019_edge_group_table.sql"),
            "ALTER TABLE edge_group ADD COLUMN since INTEGER NOT NULL DEFAULT 0;",
        ] {
            connection.execute_batch(migration).unwrap();
        }
        let unread: Vec<NasId> = (1..=40).map(NasId).collect();
        let mut groups = Groups::default();
        for cycle in 1..=5_000 {
            let edge = Edge { login: cycle, cycle, at: Micros(7), table: Table::Interface, since: 1 };
            groups.note(&connection, &("all".to_owned(), 0), edge, &unread).unwrap();
        }
        let rows = || -> [i64; 3] {
            ["edge_group", "edge_group_router", "edge_group_cycle"].map(|table| {
                let count = format!("SELECT count(*) FROM {table}");
                connection.query_row(&count, [], |row| row.get(0)).unwrap()
            })
        };
        assert_eq!(rows(), [1, 40, 5_000]);
        unread[1..].iter().for_each(|nas| removed(&connection, *nas).unwrap());
        assert_eq!(rows(), [1, 1, 5_000]);
        removed(&connection, unread[0]).unwrap();
        assert_eq!(rows(), [0, 0, 0], "nothing is left once all were read");
    }
}
