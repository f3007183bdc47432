//! Usage: lines and sessions are read in bounded chunks, so that no long read keeps the log from being
//! emptied. Lines of past buckets do not change, so the chunks fit together.

use std::collections::HashMap;
use std::ops::Range;

use accounting::login::LoginName;
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
        let mut plan = self.read(move |connection| usage_plan::plan(connection, &asked)).await?;
        plan.routers.sort_by(|one, other| one.name.cmp(&other.name));
        let mut rows = Vec::new();
        let _nobody_folds = self.folding().read().await;
        for of_one_name in plan.routers.chunk_by(|one, other| one.name == other.name) {
            if after.as_ref().is_some_and(|after| of_one_name[0].name < after.router) {
                continue;
            }
            let mut more = of_routers(self, &query, &plan, of_one_name).await?;
            more.retain(|row| after.as_ref().is_none_or(|after| row.place() > *after));
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

/// The rows of routers of one name.
async fn of_routers(
    database: &impl Database,
    query: &UsageQuery,
    plan: &Plan,
    routers: &[Router],
) -> Result<Vec<UsageRow>, StoreError> {
    let mut sums = Sums::new();
    for router in routers {
        add_lines(database, query, plan, router, &mut sums).await?;
        add_sessions(database, query, plan, router, &mut sums).await?;
    }
    named(database, routers.to_vec(), sums).await
}

async fn add_lines(
    database: &impl Database,
    query: &UsageQuery,
    plan: &Plan,
    router: &Router,
    sums: &mut Sums,
) -> Result<(), StoreError> {
    let mut chunk = usage_lines::Chunk::first(query, &instants(&query.buckets), plan, router);
    while let Some(asked) = chunk {
        let (lines, next) = database.read(move |connection| usage_lines::sum(connection, asked)).await?;
        merge(sums, lines);
        chunk = next;
    }
    Ok(())
}

async fn add_sessions(
    database: &impl Database,
    query: &UsageQuery,
    plan: &Plan,
    router: &Router,
    sums: &mut Sums,
) -> Result<(), StoreError> {
    let mut chunk = Some(usage_sessions::Chunk::first(&instants(&query.buckets), plan, router));
    while let Some(asked) = chunk {
        let (sessions, next) =
            database.read(move |connection| usage_sessions::sum(connection, asked)).await?;
        merge(sums, sessions);
        chunk = next;
    }
    Ok(())
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
                let login = login.and_then(|login| names.get(&login).cloned());
                let last_look = router.last_look(login.as_ref().map_or(Table::Interface, source_of_login));
                let (sum, as_of) = named.entry((router.name.as_str(), login)).or_default();
                sum.merge(tally);
                *as_of = (*as_of).max(last_look);
            }
            Ok(sorted(named))
        })
        .await
}

/// Sums and source times by the router's name and the login.
type Named<'a> = HashMap<(&'a str, Option<LoginName>), (Tally, Option<Micros>)>;

fn merge(sums: &mut Sums, more: Sums) {
    for (key, tally) in more {
        sums.entry(key).or_default().merge(tally);
    }
}

fn sorted(named: Named<'_>) -> Vec<UsageRow> {
    let mut rows: Vec<UsageRow> = named
        .into_iter()
        .map(|((router, login), (tally, as_of))| UsageRow {
            router: router.to_owned(),
            kind: login.as_ref().map(|login| login.kind),
            username: login.map(|login| login.name.into()),
            octets: tally.octets,
            observation: tally.observation(),
            as_of,
        })
        .collect();
    rows.sort_by_cached_key(UsageRow::place);
    rows
}
