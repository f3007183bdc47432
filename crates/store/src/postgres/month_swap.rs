//! Putting what a month became in its place: the only moment in which somebody waits, some tenths of a second.

use crate::error::StoreError;
use crate::sql::driver::Reach;
use crate::sql::ledger_month::LedgerMonth;
use crate::sql::open_entry::{settle_counter, settle_session};

use super::month_days::{Days, OfRouter, adoptions, open_entry_is_gone};
use super::month_watch::late;
use super::patience::{SHORT_WAIT, patiently};
use super::within::Within;
use super::writer;

const KEEP_READERS_OUT: &str = "LOCK TABLE ONLY ledger_entry IN ACCESS EXCLUSIVE MODE";
const MARK: &str = "
    UPDATE nas SET folds = folds + 1, folded_until = greatest(nas.folded_until, folded.until),
        chain_from = greatest(nas.chain_from, folded.chain)
    FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS folded (id, until, chain) WHERE nas.id = folded.id";

/// Swaps the tables, as soon as nobody is in the middle of reading.
///
/// # Errors
/// `Busy` when somebody wrote to the month, or adopted something of it, since it was read.
pub(super) fn swap(
    within: &Within<'_>,
    month: &LedgerMonth,
    days: &Days,
    late: i64,
) -> Result<(), StoreError> {
    within.run("SAVEPOINT swap")?;
    patiently(|| {
        let locked = lock(within, &month.name);
        if locked.is_err() {
            within.run("ROLLBACK TO SAVEPOINT swap")?;
        }
        locked
    })?;
    if is_changed(within, month, days, late)? {
        return Err(StoreError::Busy);
    }
    settle(within, month, days)?;
    mark(within, days)?;
    put(within, month, days)
}

fn lock(within: &Within<'_>, month: &str) -> Result<(), StoreError> {
    within.run(SHORT_WAIT)?;
    // Nobody is in the middle of writing then.
    writer::opening(Reach::Books).map_or(Ok(()), |alone| within.run(alone))?;
    within.run(KEEP_READERS_OUT)?;
    within.run(&format!("LOCK TABLE ledger_entry_{month} IN ACCESS EXCLUSIVE MODE"))
}

fn is_changed(
    within: &Within<'_>,
    month: &LedgerMonth,
    days: &Days,
    late_before: i64,
) -> Result<bool, StoreError> {
    let late_now = late(&mut within.transaction.borrow_mut())?;
    Ok(late_now != late_before || adoptions(within, month.buckets.end)? != days.adoptions)
}

/// Puts into the rows of counters and open sessions what entries say that are about to go.
fn settle(within: &Within<'_>, month: &LedgerMonth, days: &Days) -> Result<(), StoreError> {
    let is_gone = |of| open_entry_is_gone(&days.table, of, &month.buckets);
    let (sessions, counters) = (is_gone("session"), is_gone("counter"));
    let (session, counter) = (settle_session!(), settle_counter!());
    let none = "open_bucket = NULL, open_no = NULL";
    within
        .run(&format!("{session}{none} WHERE state < 2 AND {sessions}; {counter}{none} WHERE {counters}"))?;
    let idle = "FROM unnest($1::bigint[]) AS idle (id) WHERE nas_id = idle.id >> 40 AND session.id = idle.id";
    let ended_since = format!("{session}{none} {idle} AND {sessions}");
    within.transaction.borrow_mut().execute(&ended_since, &[&days.idle])?;
    Ok(())
}

fn mark(within: &Within<'_>, days: &Days) -> Result<(), StoreError> {
    let column = |of: fn(&OfRouter) -> i64| days.routers.iter().map(of).collect::<Vec<i64>>();
    let (ids, until) = (column(|router| router.nas), column(|router| router.until));
    let chain_from = column(|router| router.chain_from);
    within.transaction.borrow_mut().execute(MARK, &[&ids, &until, &chain_from])?;
    Ok(())
}

fn put(within: &Within<'_>, month: &LedgerMonth, Days { table, .. }: &Days) -> Result<(), StoreError> {
    let LedgerMonth { name, buckets, .. } = month;
    within.run(&format!(
        "ALTER TABLE ledger_entry DETACH PARTITION ledger_entry_{name};
         DROP TABLE ledger_entry_{name};
         ALTER TABLE ledger_entry ATTACH PARTITION {table} FOR VALUES FROM ({}) TO ({});
         ALTER TABLE {table} DROP CONSTRAINT in_month",
        buckets.start, buckets.end
    ))
}
