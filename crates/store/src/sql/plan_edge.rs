//! Subscribers whose plan opens their next cycle: which are due, by index, and opening it (rule 11).

use std::collections::HashMap;

use accounting::time::Micros;
use async_trait::async_trait;
use uuid::Uuid;

use crate::error::StoreError;
use crate::ids::NasId;
use crate::plan_edge_repository::{DueEdge, PassedEdges, PlanEdgeRepository};

use super::connection::Connection;
use super::cycle_edges::{self, Routers};
use super::cycle_open::{self, Opened};
use super::database::Database;
use super::row::Row;
use super::subscriber_rows::router_zone;
use super::value::params;
use super::{bindings, plan, renewal, rows};

/// Who left has no plan any more that would open a cycle.
macro_rules! edges_of {
    ($subscriber:literal, $condition:literal) => {
        concat!(
            "SELECT subscriber.id, edge_at, edge_known,
                    CASE WHEN status = 'inactive' THEN 'renewal' ELSE coalesce(plan.cycle, 'renewal') END,
                    coalesce((SELECT first.opened_at FROM cycle AS first WHERE first.id = cycle.continues), opened_at),
                    coalesce(subscriber.zone, ",
            router_zone!(),
            "),
                    (SELECT superseded_at FROM renewal WHERE opened_cycle = cycle.id)
             FROM ",
            $subscriber,
            "
             JOIN cycle ON cycle.subscriber_id = subscriber.id AND closed_at IS NULL
             LEFT JOIN plan ON plan.id = plan_id
             WHERE ",
            $condition
        )
    };
}
const DUE: &str = edges_of!(
    "subscriber INDEXED BY subscriber_edge",
    "edge_at <= ?1 ORDER BY edge_at, subscriber.id LIMIT ?2"
);
const TO_WORK_OUT: &str =
    edges_of!("subscriber", "subscriber.id = ?1 AND edge_at IS NOT NULL AND edge_known = 0");
const PASS: &str = "
    UPDATE subscriber SET edge_at = ?2, edge_known = CASE WHEN ?2 IS NULL THEN 0 ELSE 1 END
    WHERE id = ?1 AND edge_at = ?3 AND edge_known = ?4";
const PLAN_AND_EXPIRY: &str = "
    SELECT plan.name, expiry_at FROM subscriber LEFT JOIN plan ON plan.id = plan_id WHERE subscriber.id = ?1";

#[async_trait]
impl<D: Database> PlanEdgeRepository for D {
    async fn due_edges(&self, now: Micros, limit: u32) -> Result<Vec<DueEdge>, StoreError> {
        self.read(move |connection| {
            let mut due = rows::all(connection, DUE, params![now.0, limit], due_edge)?;
            for edge in &mut due {
                edge.routers = renewal::routers_of(connection, &edge.subscriber.to_string())?;
            }
            Ok(due)
        })
        .await
    }

    async fn edge_to_work_out(&self, subscriber: Uuid) -> Result<Option<DueEdge>, StoreError> {
        self.read(move |connection| {
            rows::first(connection, TO_WORK_OUT, params![subscriber.to_string()], due_edge)
        })
        .await
    }

    async fn pass_edges(
        &self,
        passed: Vec<PassedEdges>,
        fresh: Vec<(NasId, Micros)>,
        now: Micros,
    ) -> Result<u64, StoreError> {
        let fresh: HashMap<NasId, Micros> = fresh.into_iter().collect();
        self.transact(move |connection| {
            let mut routers = Routers::load(connection)?;
            let mut opened = 0;
            for one in &passed {
                opened += pass(connection, one, &mut routers, (&fresh, now))?;
            }
            if opened > 0 {
                bindings::changed(connection)?;
            }
            Ok(opened)
        })
        .await
    }
}

fn due_edge(row: &Row<'_>) -> Result<DueEdge, StoreError> {
    let id: String = row.get(0)?;
    Ok(DueEdge {
        subscriber: Uuid::parse_str(&id)
            .map_err(|_| StoreError::Corrupt(format!("a subscriber has the id {id}")))?,
        at: Micros(row.get(1)?),
        known: row.get(2)?,
        cycle: plan::cycle(row, 3)?,
        opened_at: Micros(row.get(4)?),
        zone: row.get(5)?,
        not_before: row.get::<Option<i64>>(6)?.map(Micros),
        routers: Vec::new(),
    })
}

/// Opens a subscriber's cycles, if they are as they were found; how many.
fn pass(
    connection: &Connection<'_>,
    PassedEdges { due, opened, next }: &PassedEdges,
    routers: &mut Routers,
    (fresh, now): (&HashMap<NasId, Micros>, Micros),
) -> Result<u64, StoreError> {
    let id = due.subscriber.to_string();
    let as_found = params![id, next.map(|next| next.0), due.at.0, due.known];
    if connection.execute(PASS, as_found)? == 0 {
        return Ok(0);
    }
    for at in opened {
        let cycles = cycle_open::open_next(connection, &id, *at)?;
        let is_fresh = |nas: NasId| fresh.get(&nas).is_some_and(|read| read >= at);
        cycle_edges::insert(connection, routers, &id, &cycles, now, is_fresh)?;
        journal(connection, &id, *at, &cycles)?;
    }
    Ok(u64::try_from(opened.len()).unwrap_or(u64::MAX))
}

/// Who opened them is the plan.
fn journal(connection: &Connection<'_>, id: &str, at: Micros, cycles: &Opened) -> Result<(), StoreError> {
    let (plan, expiry) = rows::first(connection, PLAN_AND_EXPIRY, params![id], |row| {
        Ok((row.get::<Option<String>>(0)?, row.get::<Option<i64>>(1)?))
    })?
    .unwrap_or_default();
    let actor = plan.map_or_else(|| "plan".to_owned(), |name| format!("plan {name}"));
    cycle_open::journal(connection, id, "plan", (at, &actor), expiry, Some(cycles))
}
