//! Usage by 15-minute buckets, and when routers were read.

use std::collections::HashMap;
use std::ops::Range;

use accounting::table::Table;
use accounting::time::Micros;

use crate::error::StoreError;
use crate::ids::NasId;
use crate::tally::{Tally, instants};
use crate::usage_repository::{BucketPart, BucketRow, BucketsAfter, CoverageSpan, UsageQuery};

use super::connection::Connection;
use super::usage_plan::{self, Plan, Router};
use super::value::params;
use super::values::from_amount;
use super::{coverage, rows, usage_lines};

const FOLDS: &str = "SELECT folds, folded_until FROM nas WHERE id = ?1";
const SHOWED: &str =
    "SELECT 1 FROM session INDEXED BY session_login WHERE login_id = ?1 AND nas_id = ?2 LIMIT 1";

/// See [`crate::UsageRepository::usage_by_bucket`].
pub(super) fn part(
    connection: &Connection<'_>,
    query: &UsageQuery,
    after: Option<BucketsAfter>,
) -> Result<BucketPart, StoreError> {
    let mut plan = usage_plan::plan(connection, query)?;
    plan.routers.sort_by_key(|router| router.id);
    let first = after.map_or(i64::MIN, |after| after.nas.0);
    let mut of = plan.routers.iter().filter(|router| router.id >= first);
    let Some(router) = of.next() else { return Ok(BucketPart::default()) };
    let folds = folds(connection, router.id, after)?;
    let begin = after.filter(|after| after.nas.0 == router.id).and_then(|after| after.line);
    let chunk = usage_lines::Chunk::first(query, &instants(&query.buckets), &plan, router);
    let Some(chunk) = chunk.map(|chunk| chunk.going_on(begin)) else { return Ok(BucketPart::default()) };
    let mut sums: HashMap<(i64, Option<i64>), Tally> = HashMap::new();
    let more = usage_lines::each(connection, chunk, |found| {
        let sum = sums.entry((found.bucket, found.login)).or_default();
        found.add_to(sum);
    })?;
    let next_router = || of.next().map(|next| BucketsAfter { nas: NasId(next.id), line: None, folds: 0 });
    let same_router = |line| BucketsAfter { nas: NasId(router.id), line: Some(line), folds };
    let next = more.map(|chunk| same_router(chunk.after())).or_else(next_router);
    Ok(BucketPart { rows: named(connection, router, sums)?, next })
}

/// How many times a router's lines were folded. `Constraint` when some were since the part before, and before the place
/// it ended at: a folded line may stand for some that were told already.
pub(super) fn folds(
    connection: &Connection<'_>,
    nas: i64,
    after: Option<BucketsAfter>,
) -> Result<u64, StoreError> {
    let (folds, until): (u64, Option<i64>) =
        rows::first(connection, FOLDS, params![nas], |row| Ok((from_amount(row.get(0)?)?, row.get(1)?)))?
            .ok_or_else(|| StoreError::Corrupt(format!("the router row {nas} is gone")))?;
    let inside =
        |line: Option<(i64, i64)>| line.is_some_and(|(bucket, _)| until.is_some_and(|until| bucket < until));
    match after {
        Some(after) if after.nas.0 == nas && after.folds != folds && inside(after.line) => {
            Err(StoreError::Constraint(
                "old entries were folded into days while they were read, so the answer would not be whole; ask again"
                    .to_owned(),
            ))
        }
        _ => Ok(folds),
    }
}

/// Bucket by bucket, with names.
fn named(
    connection: &Connection<'_>,
    router: &Router,
    sums: HashMap<(i64, Option<i64>), Tally>,
) -> Result<Vec<BucketRow>, StoreError> {
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_unstable_by_key(|(key, _)| *key);
    let names = usage_plan::names(connection, sums.iter().filter_map(|((_, login), _)| *login))?;
    let mut rows = Vec::with_capacity(sums.len());
    for ((bucket, login), tally) in sums {
        let login = login.and_then(|login| names.get(&login).cloned());
        rows.push(BucketRow {
            router: router.name.clone(),
            kind: login.as_ref().map(|login| login.kind),
            username: login.map(|login| login.name.into()),
            bucket,
            octets: tally.octets,
            upper_octets: tally.observation().upper_octets,
        });
    }
    Ok(rows)
}

/// See [`crate::UsageRepository::coverage`].
pub(super) fn coverage(
    connection: &Connection<'_>,
    query: &UsageQuery,
    window: &Range<Micros>,
) -> Result<Vec<CoverageSpan>, StoreError> {
    let plan = usage_plan::plan(connection, query)?;
    let mut found = Vec::new();
    for router in &plan.routers {
        let nas = NasId(router.id);
        for source in sources(connection, &plan, nas)? {
            let spans = coverage::spans(connection, nas, source, window)?;
            found.push(CoverageSpan { nas, source, spans });
        }
    }
    Ok(found)
}

/// The sources of a router that a question is about: those that ever showed a session of the logins asked for, or all that
/// were read.
fn sources(connection: &Connection<'_>, plan: &Plan, nas: NasId) -> Result<Vec<Table>, StoreError> {
    let mut found = [false; Table::COUNT];
    match &plan.logins {
        None => {
            for source in Table::ALL {
                let read = coverage::is_told_apart(connection, nas, source)?;
                found[source.index()] = source == Table::Interface || read;
            }
        }
        Some(logins) => {
            for login in logins.iter() {
                if rows::first(connection, SHOWED, params![login, nas.0], |_| Ok(()))?.is_some() {
                    found[usage_plan::source_of(connection, *login)?.index()] = true;
                }
            }
        }
    }
    Ok(Table::ALL.into_iter().filter(|source| found[source.index()]).collect())
}
