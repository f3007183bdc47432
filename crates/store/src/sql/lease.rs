//! [`LeaseRepository`]. Where one process has the database for itself there is nothing to lease.

use std::time::Duration;

use async_trait::async_trait;

use crate::error::StoreError;
use crate::ids::NasId;
use crate::lease_repository::{Lease, LeaseRepository, Leases, Node, NodeRole, SeenNode, ToldStatus};

use super::connection::{Batch, Connection, Shared};
use super::database::Database;
use super::row::Row;
use super::rows;
use super::value::params;
use super::values::from_amount;

const DAY: i64 = 86_400_000_000;

/// The routers that are to be polled.
macro_rules! polled {
    () => {
        "nas.removed_at IS NULL AND nas.enabled = 1 AND nas.paused_reason IS NULL"
    };
}
pub(super) use polled;

const ENTER: &str = "
    INSERT INTO node (name, run, role, joined_at, seen_at, until, alive_since, settings)
    VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?4, ?6)
    ON CONFLICT (name) DO UPDATE SET run = excluded.run, role = excluded.role, joined_at = excluded.joined_at,
        seen_at = excluded.seen_at, until = excluded.until, alive_since = excluded.alive_since,
        settings = excluded.settings";
/// Of a name that nobody will have again.
const FORGET: &str = "DELETE FROM node WHERE name <> ?1 AND until < ?2";
const NEXT_EPOCH: &str = "UPDATE nas SET lease_epoch = lease_epoch + 1 WHERE lease_holder = ?1";
const ALIVE: &str = "
    UPDATE node SET alive_since = CASE WHEN until < ?3 THEN ?3 ELSE alive_since END, seen_at = ?3, until = ?4,
        settings = ?5
    WHERE name = ?1 AND run = ?2";
/// Whether it was never silent for as long as its term is.
const IS_STEADY: &str = "SELECT seen_at - alive_since >= until - seen_at FROM node WHERE name = ?1";
const IS_SAME: &str = "SELECT 1 FROM node WHERE name = ?1 AND run = ?2";
/// Those that poll and are alive, with how many routers each has: whoever has more comes first, for a share that is odd.
const POLLING: &str = concat!(
    "SELECT node.name, (SELECT count(*) FROM nas WHERE lease_holder = node.name AND ",
    polled!(),
    ") AS has, joined_at FROM node WHERE role <> 'api' AND until > ?1 ORDER BY has DESC, node.name"
);
const TO_POLL: &str = concat!("SELECT count(*) FROM nas WHERE ", polled!());
/// Those that nobody has who is alive. One whose last holder is in the middle of a commit is taken the next time.
const FREE: &str = concat!(
    "SELECT id FROM nas WHERE ",
    polled!(),
    " AND (lease_holder IS NULL OR ?3 = 1 AND NOT EXISTS
           (SELECT 1 FROM node WHERE node.name = lease_holder AND role <> 'api' AND until > ?1))
      ORDER BY id LIMIT ?2 /*postgres FOR UPDATE OF nas SKIP LOCKED*/"
);
const TAKE: &str = "UPDATE nas SET lease_holder = ?2, lease_epoch = lease_epoch + 1 WHERE id = ?1";
/// One that is not to be polled any more is nobody's.
const DROP_UNPOLLED: &str =
    concat!("UPDATE nas SET lease_holder = NULL WHERE lease_holder = ?1 AND NOT (", polled!(), ")");
const HELD: &str = "SELECT id, lease_epoch FROM nas WHERE lease_holder = ?1 ORDER BY id";
const HAND_OVER: &str = "UPDATE nas SET lease_holder = NULL WHERE id = ?1 AND lease_holder = ?2";
const HAND_OVER_ALL: &str = "UPDATE nas SET lease_holder = NULL WHERE lease_holder = ?1";
/// Where one process has the database for itself.
const ALL: &str = concat!("SELECT id, lease_epoch FROM nas WHERE ", polled!(), " ORDER BY id");
const LEAVE: &str = "DELETE FROM node WHERE name = ?1 AND run = ?2";
const NAS_VERSION: &str = "SELECT nas_version FROM meta";
const NODES: &str = "
    SELECT name, role, seen_at, until, (SELECT count(*) FROM nas WHERE lease_holder = node.name), settings
    FROM node ORDER BY name";
const TELL: &str = "
    INSERT INTO nas_status (nas_id, node, at, status) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT (nas_id) DO UPDATE SET node = excluded.node, at = excluded.at, status = excluded.status";
const TOLD: &str = "SELECT nas_id, node, status FROM nas_status WHERE at >= ?1 ORDER BY nas_id";

#[async_trait]
impl<D: Database> LeaseRepository for D {
    fn is_shared(&self) -> bool {
        D::IS_SHARED
    }

    async fn join(&self, node: Node, term: Duration) -> Result<(), StoreError> {
        if !D::IS_SHARED {
            return Ok(());
        }
        // By the connection that writes under the name, so that no other run of it is at work.
        self.transact(move |connection| {
            let now = connection.clock()?;
            let (role, until) = (node.role.as_str(), now + micros(term));
            let settings = node.settings.text();
            connection.execute(ENTER, params![node.name, node.run, role, now, until, settings])?;
            connection.execute(FORGET, params![node.name, now - DAY])?;
            connection.execute(NEXT_EPOCH, params![node.name])?;
            Ok(())
        })
        .await
    }

    async fn say_alive(&self, node: Node, term: Duration) -> Result<(), StoreError> {
        if !D::IS_SHARED {
            return Ok(());
        }
        self.transact_leases(move |connection| {
            let now = connection.clock()?;
            let (until, settings) = (now + micros(term), node.settings.text());
            let written = connection.execute(ALIVE, params![node.name, node.run, now, until, settings])?;
            refuse_none(written, &node)
        })
        .await
    }

    async fn share_out(&self, node: Node) -> Result<Leases, StoreError> {
        // Without writing: a full disk stops no polling.
        if !D::IS_SHARED {
            return self.read_written(alone).await;
        }
        self.transact_leases(move |connection| share_out(connection, &node)).await
    }

    async fn hand_over(&self, node: Node, routers: Vec<NasId>) -> Result<(), StoreError> {
        if !D::IS_SHARED {
            return Ok(());
        }
        self.transact_leases(move |connection| {
            refuse_other_run(connection, &node)?;
            let mut batch = Batch::of(connection, HAND_OVER)?;
            routers.iter().try_for_each(|nas| batch.add(params![nas.0, node.name]))?;
            batch.finish()
        })
        .await
    }

    async fn leave(&self, node: Node) -> Result<(), StoreError> {
        if !D::IS_SHARED {
            return Ok(());
        }
        self.transact_leases(move |connection| {
            refuse_other_run(connection, &node)?;
            connection.execute(HAND_OVER_ALL, params![node.name])?;
            connection.execute(LEAVE, params![node.name, node.run])?;
            Ok(())
        })
        .await
    }

    async fn nodes(&self) -> Result<Vec<SeenNode>, StoreError> {
        self.read(|connection| {
            let now = connection.clock()?;
            rows::all(connection, NODES, params![], |row| seen(row, now))
        })
        .await
    }

    async fn tell_statuses(&self, node: Node, statuses: Vec<(NasId, String)>) -> Result<(), StoreError> {
        if !D::IS_SHARED {
            return Ok(());
        }
        self.transact_leases(move |connection| {
            let now = connection.clock()?;
            let statuses = of_held(connection, &node, &statuses)?;
            let mut batch = Batch::of(connection, TELL)?;
            for (nas, status) in statuses {
                batch.add(params![nas.0, node.name, now, status])?;
            }
            batch.finish()
        })
        .await
    }

    async fn told_statuses(&self, after: i64) -> Result<(Vec<ToldStatus>, i64), StoreError> {
        self.read(move |connection| {
            let now = connection.clock()?;
            let told = rows::all(connection, TOLD, params![after], |row| {
                Ok(ToldStatus { nas: NasId(row.get(0)?), node: row.get(1)?, status: row.get(2)? })
            })?;
            Ok((told, now))
        })
        .await
    }
}

/// Nobody else can have the database, and all is this process' own.
fn alone(connection: &Connection<'_>) -> Result<Leases, StoreError> {
    let held = rows::all(connection, ALL, params![], lease)?;
    Ok(Leases { held, leads: true, nas_version: nas_version(connection)?, ..Leases::default() })
}

fn share_out(connection: &Connection<'_>, node: &Node) -> Result<Leases, StoreError> {
    // Of two that share out at the same time, one sees what the other took.
    connection.alone_at(Shared::Leases)?;
    refuse_other_run(connection, node)?;
    let now = connection.clock()?;
    let polling: Vec<(String, u64, i64)> = rows::all(connection, POLLING, params![now], |row| {
        Ok((row.get(0)?, from_amount(row.get(1)?)?, row.get(2)?))
    })?;
    let (share, has) = share_of(connection, &node.name, &polling)?;
    if has < share {
        take(connection, &node.name, now, share - has)?;
    }
    connection.execute(DROP_UNPOLLED, params![node.name])?;
    let held = held(connection, &node.name)?;
    let first = polling.iter().min_by_key(|(name, _, joined_at)| (*joined_at, name.clone()));
    Ok(Leases {
        surplus: usize::try_from(has.saturating_sub(share)).unwrap_or(usize::MAX),
        held,
        others: polling.iter().filter(|(name, ..)| *name != node.name).count(),
        leads: first.is_some_and(|(name, ..)| *name == node.name),
        nas_version: nas_version(connection)?,
    })
}

/// What a process tells of routers, without those that are another's by now.
pub(super) fn of_held<'t>(
    connection: &Connection<'_>,
    node: &Node,
    told: &'t [(NasId, String)],
) -> Result<Vec<&'t (NasId, String)>, StoreError> {
    let held = held(connection, &node.name)?;
    Ok(told.iter().filter(|(nas, _)| held.iter().any(|lease| lease.nas == *nas)).collect())
}

fn held(connection: &Connection<'_>, name: &str) -> Result<Vec<Lease>, StoreError> {
    rows::all(connection, HELD, params![name], lease)
}

fn lease(row: &Row<'_>) -> Result<Lease, StoreError> {
    Ok(Lease { nas: NasId(row.get(0)?), epoch: from_amount(row.get(1)?)? })
}

fn nas_version(connection: &Connection<'_>) -> Result<u64, StoreError> {
    rows::only(connection, NAS_VERSION, params![], |row| from_amount(row.get(0)?))
}

/// How many routers are a process' share, and how many it has. One that does not poll has none.
fn share_of(
    connection: &Connection<'_>,
    name: &str,
    polling: &[(String, u64, i64)],
) -> Result<(u64, u64), StoreError> {
    let Some(place) = polling.iter().position(|(other, ..)| other == name) else { return Ok((0, 0)) };
    let all: u64 = rows::only(connection, TO_POLL, params![], |row| from_amount(row.get(0)?))?;
    let (each, odd) = (all / polling.len() as u64, all % polling.len() as u64);
    Ok((each + u64::from((place as u64) < odd), polling[place].1))
}

fn take(connection: &Connection<'_>, name: &str, now: i64, most: u64) -> Result<(), StoreError> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let is_steady: Option<bool> = rows::first(connection, IS_STEADY, params![name], |row| row.get(0))?;
    let of_silent = is_steady == Some(true);
    let free: Vec<i64> = rows::all(connection, FREE, params![now, most, of_silent], |row| row.get(0))?;
    let mut batch = Batch::of(connection, TAKE)?;
    free.iter().try_for_each(|nas| batch.add(params![*nas, name]))?;
    batch.finish_each("routers that nobody polls")
}

fn refuse_other_run(connection: &Connection<'_>, node: &Node) -> Result<(), StoreError> {
    let same = rows::first(connection, IS_SAME, params![node.name, node.run], |row| row.get::<i64>(0))?;
    refuse_none(usize::from(same.is_some()), node)
}

fn refuse_none(found: usize, node: &Node) -> Result<(), StoreError> {
    if found > 0 {
        return Ok(());
    }
    Err(StoreError::NotFound(format!(
        "this run of {} (another one started under that name, which is the one that polls now)",
        node.name
    )))
}

fn seen(row: &Row<'_>, now: i64) -> Result<SeenNode, StoreError> {
    let (role, seen_at, until): (String, i64, i64) = (row.get(1)?, row.get(2)?, row.get(3)?);
    Ok(SeenNode {
        name: row.get(0)?,
        role: NodeRole::from_name(&role)
            .ok_or_else(|| StoreError::Corrupt(format!("a process has the role {role}")))?,
        silent_us: now - seen_at,
        settings: row.get(5)?,
        is_alive: until > now,
        routers: from_amount(row.get(4)?)?,
    })
}

/// Nobody will tell anything of this router any more.
pub(super) fn forget_status(connection: &Connection<'_>, nas: NasId) -> Result<(), StoreError> {
    connection.execute("DELETE FROM nas_status WHERE nas_id = ?1", params![nas.0])?;
    connection.execute("DELETE FROM nas_listed WHERE nas_id = ?1", params![nas.0])?;
    Ok(())
}

fn micros(term: Duration) -> i64 {
    i64::try_from(term.as_micros()).unwrap_or(i64::MAX / 4)
}
