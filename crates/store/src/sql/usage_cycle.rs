//! How well a cycle was observed.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use accounting::time::Micros;
use uuid::Uuid;

use crate::error::StoreError;
use crate::ids::NasId;
use crate::tally::{Tally, instants, shared_us};
use crate::usage_repository::{CycleObservation, UsageQuery};

use super::connection::Connection;
use super::coverage::Looks;
use super::usage_plan::{self, Plan, Router, Sums, last_look};
use super::value::params;
use super::{rows, usage_adopted, usage_lines, usage_sessions};

/// With the cycles of undone renewals, which count with it; the first is itself.
const CYCLE: &str = "
    SELECT subscriber_id, opened_at, closed_at, id FROM cycle WHERE id = ?1 OR continues = ?1 ORDER BY seq_no";
/// Routers that show, or ever showed, a session of the logins; the first column says which.
const ROUTERS: &str = "
    SELECT max(CASE WHEN state < 2 THEN 1 ELSE 0 END), nas.last_at, nas.id FROM session JOIN nas ON nas.id = session.nas_id
    WHERE login_id = ?1 GROUP BY nas.id";

const LOGIN: &str = "SELECT login_id FROM session WHERE id = ?1 AND nas_id = ?1 >> 40";

/// See [`crate::UsageRepository::cycle_observation`].
pub(super) fn observe(connection: &Connection<'_>, cycle: i64) -> Result<CycleObservation, StoreError> {
    let parts = rows::all(connection, CYCLE, params![cycle], |row| {
        let subscriber: String = row.get(0)?;
        Ok((subscriber, Micros(row.get(1)?), row.get::<Option<i64>>(2)?.map(Micros), row.get(3)?))
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
    let (mut tally, read) = tally(connection, &query, &plan, &window)?;
    tally.merge(usage_adopted::sessions(connection, cycle, &plan.routers, &window)?);
    let as_of = as_of(connection, &plan)?.or(read);
    Ok(CycleObservation { observation: tally.observation(), as_of })
}

fn tally(
    connection: &Connection<'_>,
    query: &UsageQuery,
    plan: &Plan,
    window: &Range<Micros>,
) -> Result<(Tally, Option<Micros>), StoreError> {
    let (mut total, mut read) = (Tally::default(), None);
    for router in &plan.routers {
        let mut stretches = Stretches::new();
        if let Some(chunk) = usage_lines::Chunk::first(query, window, plan, router) {
            usage_lines::each_of_logins(connection, &chunk, |found| {
                read = read.max(router.last_at);
                stretch(&mut stretches, &found);
                found.add_to(&mut total);
            })?;
        }
        for (session, stretch) in stretches {
            if let Some(login) = elsewhere(connection, plan, router, session)? {
                let source = usage_plan::source_of(connection, login)?;
                total.add_session(shared_us(&stretch, &router.looks.covered(source, window)));
            }
        }
        let chunk = usage_sessions::Chunk::first(window, plan, router);
        let sessions: Sums = usage_sessions::sum_of_logins(connection, &chunk)?;
        sessions.into_values().for_each(|tally| total.merge(tally));
    }
    Ok((total, read))
}

/// By the session's number: from its first line in the cycle to its last.
type Stretches = HashMap<i64, Range<Micros>>;

fn stretch(stretches: &mut Stretches, found: &usage_lines::Found) {
    let Some(session) = found.session else { return };
    let known = stretches.entry(session).or_insert_with(|| found.stretch.clone());
    *known = known.start.min(found.stretch.start)..known.end.max(found.stretch.end);
}

/// The login whose the session is by now, if that is another, as where a narrower login took it over while it was open: its
/// time is there, and only its lines tell how long it was observed here.
fn elsewhere(
    connection: &Connection<'_>,
    plan: &Plan,
    router: &Router,
    session: i64,
) -> Result<Option<i64>, StoreError> {
    let login = rows::first(connection, LOGIN, params![router.id << 40 | session], |row| row.get::<i64>(0))?;
    Ok(login.filter(|login| plan.logins.as_ref().is_some_and(|logins| !logins.contains(login))))
}

fn as_of(connection: &Connection<'_>, plan: &Plan) -> Result<Option<Micros>, StoreError> {
    let (mut shown, mut ever) = (None::<Micros>, None);
    for login in plan.logins.iter().flat_map(|logins| logins.iter()) {
        let source = usage_plan::source_of(connection, *login)?;
        rows::each(connection, ROUTERS, params![login], |row| {
            let last_at = row.get::<Option<i64>>(1)?.map(Micros);
            let looks = Looks::of(connection, NasId(row.get(2)?))?;
            let last_at = last_look(&looks, last_at, source);
            ever = ever.max(last_at);
            if row.get(0)? {
                shown = shown.map_or(last_at, |before| Some(last_at.map_or(before, |at| at.min(before))));
            }
            Ok(())
        })?;
    }
    Ok(shown.or(ever))
}
