//! Folding the ledger, a bounded number of entries in a transaction.

use accounting::time::Micros;
use async_trait::async_trait;

use crate::error::StoreError;
use crate::ids::NasId;
use crate::reach::Reach;
use crate::retention_repository::{DayOf, Foldable, Folded, RetentionRepository};

use super::connection::Connection;
use super::database::Database;
use super::keys::FIRST_DECISION_NO;
use super::reach::reached;
use super::retention_month::{self, Next};
use super::retention_places::{self, Place, begin, foldable_where};
use super::value::params;
use super::{retention_fold, rows};

/// Entries counted in one go.
const COUNTED: i64 = 50_000;

const SOME: &str =
    foldable_where!("SELECT entry.bucket, entry.no", "ORDER BY entry.bucket, entry.no LIMIT ?6");
const EDGE: &str = concat!(
    "SELECT max(folded_until) FROM nas WHERE (?1 IS NULL OR name = ?1) AND ",
    reached!("?2", "group_id")
);

#[async_trait]
impl<D: Database> RetentionRepository for D {
    async fn foldable(&self, before: i64) -> Result<Vec<Foldable>, StoreError> {
        let mut found = self.read(retention_places::routers).await?;
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

    async fn fold_edge(&self, before: i64, day_of: DayOf) -> Result<i64, StoreError> {
        self.read(move |connection| retention_month::edge(connection, before, &day_of)).await
    }

    async fn fold_some(&self, before: i64, day_of: DayOf) -> Result<Option<Folded>, StoreError> {
        let days = DayOf::clone(&day_of);
        let next = self.read(move |connection| retention_month::next(connection, before, &days)).await?;
        let Place { nas, router, bucket } = match next {
            None => return Ok(None),
            Some(Next::Month(month)) => return self.fold_month(month).await.map(Some),
            Some(Next::Lines(place)) => place,
        };
        let day = day_of(bucket);
        let fold =
            self.transact(move |connection| retention_fold::fold(connection, nas, bucket, &day)).await?;
        let (entries, into) = fold;
        Ok(Some(Folded { routers: vec![router], entries, into }))
    }

    async fn detail_from(&self, router: Option<String>, reach: Reach) -> Result<Option<Micros>, StoreError> {
        let edge = self.read(move |connection| {
            rows::first(connection, EDGE, params![router, reach.rows()], |row| row.get::<Option<i64>>(0))
        });
        Ok(edge.await?.flatten().map(|bucket| Micros(bucket.saturating_mul(Micros::BUCKET))))
    }
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
