//! Folding the ledger, a bounded number of entries in a transaction.

use accounting::time::Micros;
use async_trait::async_trait;

use crate::error::StoreError;
use crate::ids::NasId;
use crate::retention_repository::{DayOf, Foldable, Folded, RetentionRepository};

use super::connection::Connection;
use super::database::Database;
use super::keys::FIRST_DECISION_NO;
use super::retention_fold;
use super::row::Row;
use super::rows;
use super::value::params;

/// Buckets before the edge in which something may be left: the longest day there is, and more.
const BEFORE_EDGE: i64 = 2 * 96;
/// Entries counted in one go.
const COUNTED: i64 = 50_000;

/// The condition on entries that can be folded: those of people's decisions and held ones stay.
macro_rules! foldable_where {
    ($select:literal, $condition:literal) => {
        concat!(
            $select,
            " FROM ledger_entry AS entry
             WHERE entry.nas_id = ?1 AND (entry.bucket, entry.no) > (?2, ?3) AND entry.bucket < ?4
               AND entry.posted = 1 AND entry.no < ?5 AND entry.reason <> 'brought_forward' ",
            $condition
        )
    };
}

const ROUTERS: &str = "SELECT id, name, folded_until FROM nas ORDER BY id";
const FIRST: &str = foldable_where!("SELECT entry.bucket", "ORDER BY entry.bucket, entry.no LIMIT 1");
const SOME: &str =
    foldable_where!("SELECT entry.bucket, entry.no", "ORDER BY entry.bucket, entry.no LIMIT ?6");
const EDGE: &str = "SELECT max(folded_until) FROM nas WHERE ?1 IS NULL OR name = ?1";

#[async_trait]
impl<D: Database> RetentionRepository for D {
    async fn foldable(&self, before: i64) -> Result<Vec<Foldable>, StoreError> {
        let mut found = self.read(|connection| rows::all(connection, ROUTERS, params![], router)).await?;
        for router in &mut found {
            let (nas, mut after) = (router.nas, Some((begin(router.folded_until), -1)));
            while let Some(from) = after {
                let (entries, next) =
                    self.read(move |connection| count(connection, nas, from, before)).await?;
                router.entries += entries;
                after = next;
            }
        }
        Ok(found)
    }

    async fn fold_some(&self, before: i64, day_of: DayOf) -> Result<Option<Folded>, StoreError> {
        let Some((nas, router, bucket)) = self.read(move |connection| first(connection, before)).await?
        else {
            return Ok(None);
        };
        let day = day_of(bucket);
        let _nobody_adds_up = self.folding().write().await;
        let (entries, into) =
            self.transact(move |connection| retention_fold::fold(connection, nas, bucket, &day)).await?;
        Ok(Some(Folded { router, entries, into }))
    }

    async fn detail_from(&self, router: Option<String>) -> Result<Option<Micros>, StoreError> {
        let edge = self.read(move |connection| {
            rows::first(connection, EDGE, params![router], |row| row.get::<Option<i64>>(0))
        });
        Ok(edge.await?.flatten().map(|bucket| Micros(bucket.saturating_mul(Micros::BUCKET))))
    }
}

fn router(row: &Row<'_>) -> Result<Foldable, StoreError> {
    Ok(Foldable { nas: NasId(row.get(0)?), router: row.get(1)?, folded_until: row.get(2)?, entries: 0 })
}

/// Where entries that can be folded may begin: the day before the edge may be folded in part.
fn begin(folded_until: Option<i64>) -> i64 {
    folded_until.map_or(i64::MIN, |until| until.saturating_sub(BEFORE_EDGE))
}

/// The first router with something to fold, and the bucket it is in.
fn first(connection: &Connection<'_>, before: i64) -> Result<Option<(NasId, String, i64)>, StoreError> {
    for router in rows::all(connection, ROUTERS, params![], router)? {
        let values = params![router.nas.0, begin(router.folded_until), -1_i64, before, FIRST_DECISION_NO];
        if let Some(bucket) = rows::first(connection, FIRST, values, |row| row.get(0))? {
            return Ok(Some((router.nas, router.router, bucket)));
        }
    }
    Ok(None)
}

/// How many there are after a place, as far as one go reaches, and where the next one begins.
fn count(
    connection: &Connection<'_>,
    nas: NasId,
    (bucket, no): (i64, i64),
    before: i64,
) -> Result<(u64, Option<(i64, i64)>), StoreError> {
    let (mut entries, mut last) = (0, (bucket, no));
    let values = params![nas.0, bucket, no, before, FIRST_DECISION_NO, COUNTED];
    rows::each(connection, SOME, values, |row| {
        entries += 1;
        last = (row.get(0)?, row.get(1)?);
        Ok(())
    })?;
    Ok((entries, (entries == COUNTED.unsigned_abs()).then_some(last)))
}
