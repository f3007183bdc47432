//! Usage: lines and sessions are read in bounded chunks, so that no long read keeps the log from being
//! emptied. Lines of past buckets do not change, so the chunks fit together.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use accounting::login::{LoginKind, LoginName};
use accounting::source::source_of_login;
use accounting::table::Table;
use accounting::time::Micros;
use async_trait::async_trait;

use crate::error::StoreError;
use crate::tally::{Tally, instants};
use crate::usage_repository::{
    BucketPart, BucketsAfter, CoverageSpan, CycleObservation, UsagePlace, UsageQuery, UsageRepository,
    UsageRow,
};

use super::connection::Connection;
use super::database::Database;
use super::usage_plan::{self, Plan, Router, Sums};
use super::{usage_cycle, usage_lines, usage_series, usage_sessions};

#[async_trait]
impl<D: Database> UsageRepository for D {
    async fn usage_page(
        &self,
        query: UsageQuery,
        after: Option<UsagePlace>,
        most: usize,
    ) -> Result<Vec<UsageRow>, StoreError> {
        let asked = query.clone();
        let begin = move |connection: &Connection<'_>| {
            let after = after.map(|after| Place::named(connection, after)).transpose()?;
            Ok((usage_plan::plan(connection, &asked)?, after))
        };
        let (mut plan, after) = self.read(begin).await?;
        plan.routers.sort_by(|one, other| one.name.cmp(&other.name));
        let mut rows = Vec::new();
        for of_one_name in plan.routers.chunk_by(|one, other| one.name == other.name) {
            if after.as_ref().is_some_and(|after| of_one_name[0].name < after.router) {
                continue;
            }
            let mut more = of_routers(self, &query, &plan, of_one_name).await?;
            more.retain(|row| after.as_ref().is_none_or(|after| Place::of(row) > *after));
            rows.append(&mut more);
            if rows.len() >= most {
                break;
            }
        }
        rows.truncate(most);
        Ok(rows)
    }

    async fn usage_by_bucket(
        &self,
        query: UsageQuery,
        after: Option<BucketsAfter>,
    ) -> Result<BucketPart, StoreError> {
        self.read(move |connection| usage_series::part(connection, &query, after)).await
    }

    async fn coverage(
        &self,
        query: UsageQuery,
        window: Range<Micros>,
    ) -> Result<Vec<CoverageSpan>, StoreError> {
        self.read(move |connection| usage_series::coverage(connection, &query, &window)).await
    }

    async fn cycle_observation(&self, cycle: i64) -> Result<CycleObservation, StoreError> {
        self.read(move |connection| usage_cycle::observe(connection, cycle)).await
    }
}

/// What rows are ordered by.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    router: String,
    /// Whether the row is of octets that nobody could be given.
    nobody: bool,
    username: Option<Vec<u8>>,
    kind: Option<LoginKind>,
}

impl Place {
    fn of(row: &UsageRow) -> Place {
        Place {
            router: row.router.clone(),
            nobody: row.username.is_none(),
            username: row.username.clone(),
            kind: row.kind,
        }
    }

    /// The one that a page named.
    fn named(connection: &Connection<'_>, place: UsagePlace) -> Result<Place, StoreError> {
        let UsagePlace { router, login } = place;
        let Some(login) = login else {
            return Ok(Place { router, nobody: true, username: None, kind: None });
        };
        let LoginName { kind, name } = usage_plan::name_of(connection, login)?.ok_or_else(|| {
            StoreError::Constraint(
                "The cursor is none that a page named; leave it out to read from the start.".to_owned(),
            )
        })?;
        Ok(Place { router, nobody: false, username: Some(name.into()), kind: Some(kind) })
    }
}

/// The rows of routers of one name. Lines that are folded while they are added up might count twice or not at all, whichever
/// process folds them; then they are added up once more, in one moment.
async fn of_routers(
    database: &impl Database,
    query: &UsageQuery,
    plan: &Plan,
    routers: &[Router],
) -> Result<Vec<UsageRow>, StoreError> {
    let ids: Arc<[i64]> = routers.iter().map(|router| router.id).collect();
    let folds = || {
        let ids = Arc::clone(&ids);
        database.read(move |connection| folds(connection, &ids))
    };
    let before = folds().await?;
    let mut sums = in_parts(database, parts(query, plan, routers)).await?;
    if folds().await? != before {
        let parts = parts(query, plan, routers);
        sums = database.read(move |connection| at_once(connection, parts)).await?;
    }
    named(database, routers.to_vec(), sums).await
}

/// How often lines of these routers were folded.
fn folds(connection: &Connection<'_>, routers: &[i64]) -> Result<u64, StoreError> {
    routers.iter().map(|router| usage_series::folds(connection, *router, None)).sum()
}

/// Something to be added up.
enum Part {
    Lines(usage_lines::Chunk),
    Sessions(usage_sessions::Chunk),
}

impl Part {
    /// Adds it up; answers what comes after it, if there is more.
    fn sum(self, connection: &Connection<'_>) -> Result<(Sums, Option<Part>), StoreError> {
        Ok(match self {
            Part::Lines(chunk) => {
                let (sums, next) = usage_lines::sum(connection, chunk)?;
                (sums, next.map(Part::Lines))
            }
            Part::Sessions(chunk) => {
                let (sums, next) = usage_sessions::sum(connection, chunk)?;
                (sums, next.map(Part::Sessions))
            }
        })
    }
}

/// All that a question is about, as it begins.
fn parts(query: &UsageQuery, plan: &Plan, routers: &[Router]) -> Vec<Part> {
    let window = instants(&query.buckets);
    let of_router = |router| {
        let lines = usage_lines::Chunk::first(query, &window, plan, router);
        let sessions = usage_sessions::Chunk::first(&window, plan, router);
        lines.map(Part::Lines).into_iter().chain([Part::Sessions(sessions)])
    };
    routers.iter().flat_map(of_router).collect()
}

async fn in_parts(database: &impl Database, parts: Vec<Part>) -> Result<Sums, StoreError> {
    let mut sums = Sums::new();
    for part in parts {
        let mut next = Some(part);
        while let Some(part) = next {
            let (more, after) = database.read(move |connection| part.sum(connection)).await?;
            merge(&mut sums, more);
            next = after;
        }
    }
    Ok(sums)
}

fn at_once(connection: &Connection<'_>, parts: Vec<Part>) -> Result<Sums, StoreError> {
    let mut sums = Sums::new();
    for part in parts {
        let mut next = Some(part);
        while let Some(part) = next {
            let (more, after) = part.sum(connection)?;
            merge(&mut sums, more);
            next = after;
        }
    }
    Ok(sums)
}

/// Puts names on the sums; rows of one name are added up.
async fn named(
    database: &impl Database,
    routers: Vec<Router>,
    sums: Sums,
) -> Result<Vec<UsageRow>, StoreError> {
    database
        .read(move |connection| {
            let mut named = Named::new();
            let routers: HashMap<i64, &Router> = routers.iter().map(|router| (router.id, router)).collect();
            let names = usage_plan::names(connection, sums.keys().filter_map(|(_, login)| *login))?;
            for ((nas, login), tally) in sums {
                let Some(router) = routers.get(&nas) else { continue };
                let name = login.and_then(|login| names.get(&login).cloned());
                let last_look = router.last_look(name.as_ref().map_or(Table::Interface, source_of_login));
                let sum = named.entry((router.name.as_str(), name)).or_default();
                sum.tally.merge(tally);
                sum.as_of = sum.as_of.max(last_look);
                sum.login = sum.login.into_iter().chain(login).min();
            }
            Ok(sorted(named))
        })
        .await
}

/// By the router's name and the login.
type Named<'a> = HashMap<(&'a str, Option<LoginName>), Sum>;

#[derive(Default)]
struct Sum {
    tally: Tally,
    /// When the source was read last.
    as_of: Option<Micros>,
    /// The first of the login's rows.
    login: Option<i64>,
}

fn merge(sums: &mut Sums, more: Sums) {
    for (key, tally) in more {
        sums.entry(key).or_default().merge(tally);
    }
}

fn sorted(named: Named<'_>) -> Vec<UsageRow> {
    let mut rows: Vec<UsageRow> = named
        .into_iter()
        .map(|((router, name), sum)| UsageRow {
            router: router.to_owned(),
            kind: name.as_ref().map(|name| name.kind),
            username: name.map(|name| name.name.into()),
            login: sum.login,
            octets: sum.tally.octets,
            observation: sum.tally.observation(),
            as_of: sum.as_of,
        })
        .collect();
    rows.sort_by_cached_key(Place::of);
    rows
}
