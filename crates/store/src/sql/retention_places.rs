//! Where in the ledger something can be folded.

use std::ops::Range;

use crate::error::StoreError;
use crate::ids::NasId;
use crate::retention_repository::Foldable;

use super::connection::Connection;
use super::keys::FIRST_DECISION_NO;
use super::row::Row;
use super::rows;
use super::value::params;

/// Buckets before the edge in which something may be left: the longest day there is, and more.
const BEFORE_EDGE: i64 = 2 * 96;
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
pub(super) use foldable_where;

const ROUTERS: &str = "SELECT id, name, folded_until FROM nas ORDER BY id";
const FIRST: &str = foldable_where!("SELECT entry.bucket", "ORDER BY entry.bucket, entry.no LIMIT 1");

/// Where something can be folded.
pub(super) struct Place {
    pub(super) nas: NasId,
    pub(super) router: String,
    pub(super) bucket: i64,
}

/// All routers, removed ones included; nothing is counted.
pub(super) fn routers(connection: &Connection<'_>) -> Result<Vec<Foldable>, StoreError> {
    rows::all(connection, ROUTERS, params![], router)
}

fn router(row: &Row<'_>) -> Result<Foldable, StoreError> {
    Ok(Foldable { nas: NasId(row.get(0)?), router: row.get(1)?, folded_until: row.get(2)?, entries: 0 })
}

/// Where entries that can be folded may begin: the day before the edge may be folded in part.
pub(super) fn begin(folded_until: Option<i64>) -> i64 {
    folded_until.map_or(i64::MIN, |until| until.saturating_sub(BEFORE_EDGE))
}

/// The first router with something to fold, and the bucket it is in.
pub(super) fn first(connection: &Connection<'_>, before: i64) -> Result<Option<Place>, StoreError> {
    first_of(connection, |router| begin(router.folded_until)..before)
}

/// The first router with something to fold in the buckets that are given for it.
pub(super) fn first_of(
    connection: &Connection<'_>,
    buckets: impl Fn(&Foldable) -> Range<i64>,
) -> Result<Option<Place>, StoreError> {
    for router in routers(connection)? {
        let Range { start, end } = buckets(&router);
        let values = params![router.nas.0, start, -1_i64, end, FIRST_DECISION_NO];
        if let Some(bucket) = rows::first(connection, FIRST, values, |row| row.get(0))? {
            return Ok(Some(Place { nas: router.nas, router: router.router, bucket }));
        }
    }
    Ok(None)
}
