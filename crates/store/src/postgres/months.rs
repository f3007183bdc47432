//! The months of the ledger: a partition each, by UTC month, made by the transaction that writes its first entry. Nobody
//! has to make them ahead, and an entry of a clock that was set wrong has its month too.
//!
//! A month is made beside the ledger and attached then, which takes no lock that a reader would wait for.

use crate::error::StoreError;
use crate::sql::connection::{Shared, Sql};
use crate::sql::rows;
use crate::sql::value::params;

use super::within::Within;

/// The months that some buckets lack: name, first bucket, first bucket of the next.
const LACKING: &str = "
    SELECT name, first, next FROM (
        SELECT 'ledger_entry_' || to_char(month, 'YYYY_MM') AS name,
               extract(epoch FROM month)::bigint / 900 AS first,
               extract(epoch FROM month + interval '1 month')::bigint / 900 AS next
        FROM (SELECT DISTINCT date_trunc('month', to_timestamp(bucket * 900.0) AT TIME ZONE 'UTC') AS month
              FROM unnest(string_to_array(?1, ',')::bigint[]) AS bucket) AS months) AS named
    WHERE to_regclass(name) IS NULL";

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

fn listed(buckets: &[i64]) -> Option<String> {
    let buckets: Vec<String> = buckets.iter().map(i64::to_string).collect();
    (!buckets.is_empty()).then(|| buckets.join(","))
}

/// Half of each page is left for the entries that grow: their new versions stay on it, and no index hears of them.
fn made(name: &str, first: i64, next: i64) -> String {
    format!(
        "CREATE TABLE {name} (LIKE ledger_entry INCLUDING ALL) WITH (fillfactor = 50);
         ALTER TABLE ledger_entry ATTACH PARTITION {name} FOR VALUES FROM ({first}) TO ({next})"
    )
}
