//! How well a cycle was observed.

use std::sync::Arc;

use accounting::time::Micros;
use rusqlite::{Connection, params};
use uuid::Uuid;

use crate::error::StoreError;
use crate::tally::{Tally, instants};
use crate::usage_repository::{CycleObservation, UsageQuery};

use super::usage_plan::{self, Plan, Sums};
use super::{rows, usage_lines, usage_sessions};

/// With the cycles of undone renewals, which count with it; the first is itself.
const CYCLE: &str = "
    SELECT subscriber_id, opened_at, closed_at, id FROM cycle WHERE id = ?1 OR continues = ?1 ORDER BY seq_no";
/// Routers that show, or ever showed, a session of the logins; the first column says which.
const ROUTERS: &str = "
    SELECT max(state < 2), nas.last_at FROM session JOIN nas ON nas.id = session.nas_id
    WHERE login_id = ?1 GROUP BY nas.id";

/// See [`crate::UsageRepository::cycle_observation`].
pub(super) fn observe(connection: &Connection, cycle: i64) -> Result<CycleObservation, StoreError> {
    let parts = rows::all(connection, CYCLE, [cycle], |row| {
        let subscriber: String = row.get(0)?;
        Ok((subscriber, Micros(row.get(1)?), row.get::<_, Option<i64>>(2)?.map(Micros), row.get(3)?))
    })?;
    let ((subscriber, opened, ..), (_, _, closed, _)) = parts
        .first()
        .zip(parts.last())
        .ok_or_else(|| StoreError::NotFound(format!("the cycle row {cycle}")))?;
    let (opened, closed) = (*opened, *closed);
    let subscriber = Uuid::parse_str(subscriber)
        .map_err(|_| StoreError::Corrupt(format!("a subscriber has the id {subscriber}")))?;
    let query = UsageQuery {
        buckets: opened.bucket()..closed.map_or(i64::MAX, |closed| closed.bucket() + 1),
        router: None,
        username: None,
        subscriber: Some(subscriber),
    };
    let mut plan = usage_plan::plan(connection, &query)?;
    plan.cycles = Some(Arc::new(parts.iter().map(|(.., id)| *id).collect()));
    (plan.adopted, plan.counts_adopted) = (Arc::default(), true);
    let window = opened..closed.unwrap_or(Micros(i64::MAX)).min(instants(&query.buckets).end);
    let observation = tally(connection, &query, &plan, &window)?.observation();
    Ok(CycleObservation { observation, as_of: as_of(connection, &plan)? })
}

fn tally(
    connection: &Connection,
    query: &UsageQuery,
    plan: &Plan,
    window: &std::ops::Range<Micros>,
) -> Result<Tally, StoreError> {
    let mut total = Tally::default();
    for router in &plan.routers {
        if let Some(chunk) = usage_lines::Chunk::first(query, window, plan, router) {
            usage_lines::each_of_logins(connection, &chunk, |found| found.add_to(&mut total))?;
        }
        let chunk = usage_sessions::Chunk::first(window, plan, router);
        let sessions: Sums = usage_sessions::sum_of_logins(connection, &chunk)?;
        sessions.into_values().for_each(|tally| total.merge(tally));
    }
    Ok(total)
}

fn as_of(connection: &Connection, plan: &Plan) -> Result<Option<Micros>, StoreError> {
    let (mut shown, mut ever) = (None::<Micros>, None);
    for login in plan.logins.iter().flat_map(|logins| logins.iter()) {
        rows::each(connection, ROUTERS, params![login], |row| {
            let last_at = row.get::<_, Option<i64>>(1)?.map(Micros);
            ever = ever.max(last_at);
            if row.get(0)? {
                shown = shown.map_or(last_at, |before| Some(last_at.map_or(before, |at| at.min(before))));
            }
            Ok(())
        })?;
    }
    Ok(shown.or(ever))
}
