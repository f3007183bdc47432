//! The months of the ledger: a partition each, by UTC month, made by the transaction that writes its first entry. Nobody
//! has to make them ahead, and an entry of a clock that was set wrong has its month too. `ledger_entry_2026_11` has
//! 15-minute entries, `ledger_days_2026_11` is a month that was folded into days.
//!
//! A month is made beside the ledger and attached then, which takes no lock that a reader would wait for.

use crate::error::StoreError;
use crate::sql::connection::{Shared, Sql};
use crate::sql::ledger_month::LedgerMonth;
use crate::sql::rows;
use crate::sql::value::params;

use super::within::Within;

/// The months of the buckets that are listed: how they are called, first bucket, first bucket of the next.
macro_rules! months_of {
    ($select:literal, $condition:literal) => {
        concat!(
            $select,
            " FROM (
                SELECT to_char(month, 'YYYY_MM') AS name,
                       extract(epoch FROM month)::bigint / 900 AS first,
                       extract(epoch FROM month + interval '1 month')::bigint / 900 AS next
                FROM (SELECT DISTINCT date_trunc('month', to_timestamp(bucket * 900.0) AT TIME ZONE 'UTC') AS month
                      FROM unnest(string_to_array(?1, ',')::bigint[]) AS bucket) AS months) AS named ",
            $condition
        )
    };
}
const LACKING: &str = months_of!(
    "SELECT name, first, next",
    "WHERE to_regclass('ledger_entry_' || name) IS NULL AND to_regclass('ledger_days_' || name) IS NULL"
);
const OF: &str = months_of!("SELECT name, first, next, to_regclass('ledger_days_' || name) IS NOT NULL", "");

/// Makes the months that entries of these buckets lack.
pub(crate) fn make(within: &Within<'_>, buckets: &[i64]) -> Result<(), StoreError> {
    let Some(buckets) = listed(buckets) else { return Ok(()) };
    if lacking(within, &buckets)?.is_empty() {
        return Ok(());
    }
    // Another process may be making it.
    within.alone_at(Shared::Months)?;
    lacking(within, &buckets)?
        .iter()
        .try_for_each(|(name, first, next)| within.run(&made(name, *first, *next)))
}

fn lacking(within: &Within<'_>, buckets: &str) -> Result<Vec<(String, i64, i64)>, StoreError> {
    rows::all(within, LACKING, params![buckets], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
}

/// The month of a bucket, whether or not it is there.
pub(super) fn of(within: &Within<'_>, bucket: i64) -> Result<LedgerMonth, StoreError> {
    rows::only(within, OF, params![bucket.to_string()], |row| {
        Ok(LedgerMonth { name: row.get(0)?, buckets: row.get(1)?..row.get(2)?, is_days: row.get(3)? })
    })
}

fn listed(buckets: &[i64]) -> Option<String> {
    let buckets: Vec<String> = buckets.iter().map(i64::to_string).collect();
    (!buckets.is_empty()).then(|| buckets.join(","))
}

/// Half of each page is left for the entries that grow: their new versions stay on it, and no index hears of them.
fn made(name: &str, first: i64, next: i64) -> String {
    format!(
        "CREATE TABLE ledger_entry_{name} (LIKE ledger_entry INCLUDING ALL) WITH (fillfactor = 50);
         ALTER TABLE ledger_entry ATTACH PARTITION ledger_entry_{name} FOR VALUES FROM ({first}) TO ({next})"
    )
}
