//! How well a cycle was observed.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use accounting::time::Micros;
use uuid::Uuid;

use crate::error::StoreError;
use crate::ids::NasId;
use crate::reach::Reach;
use crate::tally::{Tally, shared_us};
use crate::usage_repository::{CycleObservation, UsageQuery};

use super::adoption_part;
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

/// A day: a clock that was on local time instead of UTC is off by less.
const BUCKETS_A_CLOCK_IS_SET_BY: i64 = 96;

/// A cycle with those of undone renewals, which count with it.
pub(super) struct Extent {
    subscriber: Uuid,
    rows: HashSet<i64>,
    opened: Micros,
    closed: Option<Micros>,
}

impl Extent {
    /// Of the cycle of that row.
    pub(super) fn of(connection: &Connection<'_>, cycle: i64) -> Result<Extent, StoreError> {
        let parts = rows::all(connection, CYCLE, params![cycle], |row| {
            let subscriber: String = row.get(0)?;
            Ok((subscriber, Micros(row.get(1)?), row.get::<Option<i64>>(2)?.map(Micros), row.get(3)?))
        })?;
        let ((subscriber, opened, ..), (_, _, closed, _)) = parts
            .first()
            .zip(parts.last())
            .ok_or_else(|| StoreError::NotFound(format!("the cycle row {cycle}")))?;
        let subscriber = Uuid::parse_str(subscriber)
            .map_err(|_| StoreError::Corrupt(format!("a subscriber has the id {subscriber}")))?;
        let rows = parts.iter().map(|(.., id)| *id).collect();
        Ok(Extent { subscriber, rows, opened: *opened, closed: *closed })
    }

    /// From its opening to its closing. What was read just when it opened belongs to the cycle before.
    fn window(&self) -> Range<Micros> {
        self.opened..self.closed.unwrap_or(Micros(i64::MAX))
    }

    /// Those that its lines are in: near its window, for our wall clock may have been set while it was open.
    fn buckets(&self) -> Range<i64> {
        let end = self.closed.map_or(i64::MAX, |closed| closed.bucket() + 1 + BUCKETS_A_CLOCK_IS_SET_BY);
        self.opened.bucket() - BUCKETS_A_CLOCK_IS_SET_BY..end
    }

    /// The login rows that its lines can have, each with the instants between which its held lines are the cycle's: after
    /// the first, until the last. Those of before it opened are, from the instant on from which the login was adopted.
    pub(super) fn logins(
        &self,
        connection: &Connection<'_>,
        cycle: i64,
    ) -> Result<Vec<(i64, Range<Micros>)>, StoreError> {
        let adopted = adoption_part::of_cycle(connection, cycle)?;
        let held = |login: &i64| {
            let Range { start, end } = self.window();
            let from = adopted.get(login).map(|part| Micros(part.from().0.saturating_sub(1)));
            from.map_or(start, |from| from.min(start))..end
        };
        let logins = usage_plan::logins_of(connection, &self.subscriber.to_string())?;
        Ok(logins.into_iter().map(|login| (login, held(&login))).collect())
    }
}

/// See [`crate::UsageRepository::cycle_observation`].
pub(super) fn observe(connection: &Connection<'_>, cycle: i64) -> Result<CycleObservation, StoreError> {
    let extent = Extent::of(connection, cycle)?;
    let query = UsageQuery {
        buckets: extent.buckets(),
        router: None,
        username: None,
        subscriber: Some(extent.subscriber),
        reach: Reach::Everywhere,
    };
    let window = extent.window();
    let mut plan = usage_plan::plan(connection, &query)?;
    plan.cycles = Some(Arc::new(extent.rows));
    (plan.adopted, plan.counts_adopted) = (Arc::default(), true);
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
                if found.is_held_outside(window) {
                    return;
                }
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
