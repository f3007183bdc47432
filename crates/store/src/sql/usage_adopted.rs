//! How long the sessions were observed whose entries a cycle adopted: an adopted entry says what of them was not seen, and
//! nothing of the rest, nor of what is held.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use accounting::time::Micros;

use crate::error::StoreError;
use crate::reach::Reach;
use crate::tally::{Tally, shared_us};
use crate::usage_repository::UsageQuery;

use super::adoption_part::{self, AdoptedPart};
use super::connection::Connection;
use super::usage_plan::{self, Plan, Router};
use super::value::params;
use super::{rows, usage_lines};

const SESSION: &str = "SELECT started_at, last_seen_at FROM session WHERE id = ?1 AND nas_id = ?1 >> 40";

/// The time of those sessions before the cycle began, from the adoption's instant on, and what of it was not seen. From then
/// on they are among the cycle's own; only what was not seen of them while they were nobody's is told here too. What was held
/// of them before the cycle began is in no adopted entry, and in the bound.
pub(super) fn sessions(
    connection: &Connection<'_>,
    cycle: i64,
    routers: &[Router],
    window: &Range<Micros>,
) -> Result<Tally, StoreError> {
    let mut sum = Tally::default();
    for (login, part) in adoption_part::of_cycle(connection, cycle)? {
        let plan = of_login(login, part);
        for router in routers {
            of_router(connection, &plan, (login, part.from()), router, window, &mut sum)?;
        }
    }
    Ok(sum)
}

/// The entries that the adopted one stands for.
fn of_login(login: i64, part: AdoptedPart) -> Plan {
    Plan {
        routers: Vec::new(),
        logins: Some(Arc::new(HashSet::from([login]))),
        cycles: Some(Arc::default()),
        adopted: Arc::new(HashMap::from([(login, part)])),
        counts_adopted: false,
    }
}

fn of_router(
    connection: &Connection<'_>,
    plan: &Plan,
    (login, from): (i64, Micros),
    router: &Router,
    window: &Range<Micros>,
    sum: &mut Tally,
) -> Result<(), StoreError> {
    let query = UsageQuery {
        buckets: from.bucket()..window.end.bucket().saturating_add(1),
        router: None,
        username: None,
        subscriber: None,
        reach: Reach::Everywhere,
    };
    let mut shown = HashSet::new();
    // What was read when the cycle opened is no part of its own.
    let held = from..=window.start;
    let chunk = usage_lines::Chunk::first(&query, &(from..window.end), plan, router);
    if let Some(chunk) = chunk {
        usage_lines::each_of_logins(connection, &chunk, |found| {
            let (posted, session) = (found.is_posted(), found.session);
            if posted {
                found.take_unseen_session(sum);
            } else if held.contains(&found.stretch.end) {
                found.add_to(sum);
            } else {
                return;
            }
            shown.extend(session);
        })?;
    }
    let source = usage_plan::source_of(connection, login)?;
    let before = router.looks.covered(source, &(from..window.start));
    add_sessions(connection, router, shown, (&before, router.last_look(source)), sum)
}

/// Adds the time before the cycle of each session of a router whose source was read last at that instant.
fn add_sessions(
    connection: &Connection<'_>,
    router: &Router,
    sessions: HashSet<i64>,
    (before, read): (&Range<Micros>, Option<Micros>),
    sum: &mut Tally,
) -> Result<(), StoreError> {
    for session in sessions {
        let stretch = rows::first(connection, SESSION, params![router.id << 40 | session], |row| {
            let (started, last_seen) = (Micros(row.get(0)?), row.get::<Option<i64>>(1)?.map(Micros));
            Ok(started..last_seen.or(read).unwrap_or(started))
        })?;
        sum.add_session(stretch.map_or(0, |stretch| shared_us(&stretch, before)));
    }
    Ok(())
}
