//! What a month becomes, written beside it: a sum for each day, session, login and cycle, and whatever stays as it is. What
//! is summed, and how, is told in `sql::retention_fold`, which does the same line by line.

use std::ops::Range;

use postgres::types::ToSql;

use crate::error::StoreError;
use crate::ids::NasId;
use crate::retention_repository::Folded;
use crate::sql::adoption_part::stands_for;
use crate::sql::keys::FIRST_DECISION_NO;
use crate::sql::ledger_month::MonthOfDays;
use crate::sql::open_entry::settle_session;
use crate::sql::retention_fold::{UnseenOfSession, unseen_of_sessions};

use super::within::Within;

const ROUTERS: &str = "SELECT id, name FROM nas ORDER BY id";
/// Days of which something was folded before.
const FOLDED_BEFORE: &str = "
    SELECT DISTINCT width_bucket(bucket, $2::bigint[])::bigint FROM ledger_entry
    WHERE nas_id = $1 AND bucket >= $3 AND bucket < $4 AND reason = 'brought_forward'";
const ADOPTIONS: &str = "SELECT count(*), count(superseded_at) FROM adoption WHERE from_at < $1";
/// Open sessions, any of which may grow again.
const IDLE: &str =
    "SELECT id FROM session WHERE nas_id = $1 AND state < 2 AND open_bucket >= $2 AND open_bucket < $3";

/// What was written.
pub(super) struct Days {
    /// Its table.
    pub(super) table: String,
    /// Routers of which something was folded.
    pub(super) routers: Vec<OfRouter>,
    /// Rows of sessions that may have an open entry among what was folded.
    pub(super) idle: Vec<i64>,
    /// Adoptions of what lies in the month, and how many of them were undone: they decide what becomes one sum.
    pub(super) adoptions: (i64, i64),
    into: u64,
}

/// What of a router was folded.
pub(super) struct OfRouter {
    pub(super) nas: i64,
    name: String,
    entries: i64,
    /// Where the last day ends of which something was folded.
    pub(super) until: i64,
    /// Above every number that was folded.
    pub(super) chain_from: i64,
}

impl Days {
    pub(super) fn folded(self) -> Folded {
        let entries = self.routers.iter().map(|router| router.entries.unsigned_abs()).sum();
        let mut routers: Vec<String> = self.routers.into_iter().map(|router| router.name).collect();
        routers.dedup();
        Folded { routers, entries, into: self.into }
    }
}

/// Writes what a month becomes.
pub(super) fn write(within: &Within<'_>, month: &MonthOfDays) -> Result<Days, StoreError> {
    let buckets = &month.month.buckets;
    let mut days = Days {
        table: format!("ledger_days_{}", month.month.name),
        routers: Vec::new(),
        idle: Vec::new(),
        adoptions: adoptions(within, buckets.end)?,
        into: 0,
    };
    let table = &days.table;
    // A condition that the ledger needs not look up again when the table joins it.
    within.run(&format!(
        "CREATE TABLE {table} (LIKE ledger_entry INCLUDING ALL);
         ALTER TABLE {table} ADD CONSTRAINT in_month CHECK (bucket >= {} AND bucket < {})",
        buckets.start, buckets.end
    ))?;
    let routers = within.transaction.borrow_mut().query(ROUTERS, &[])?;
    for router in routers {
        Router { within, month, nas: router.try_get(0)? }.write(router.try_get(1)?, &mut days)?;
    }
    Ok(days)
}

/// See [`Days::adoptions`].
pub(super) fn adoptions(within: &Within<'_>, before: i64) -> Result<(i64, i64), StoreError> {
    let before = before.saturating_mul(accounting::time::Micros::BUCKET);
    let row = within.transaction.borrow_mut().query_one(ADOPTIONS, &[&before])?;
    Ok((row.try_get(0)?, row.try_get(1)?))
}

/// A router's part of a month.
struct Router<'m, 't> {
    within: &'m Within<'t>,
    month: &'m MonthOfDays,
    nas: i64,
}

impl Router<'_, '_> {
    fn write(&self, name: String, days: &mut Days) -> Result<(), StoreError> {
        let whole = self.whole_days()?;
        let of_router = self.facts(name, &whole)?;
        self.execute(&keep(&days.table), &whole, &[])?;
        if let Some(of_router) = of_router {
            days.into += self.sum(&days.table, &whole)?;
            days.idle.extend(self.idle()?);
            self.execute(&self.settle_ended(&days.table), &whole, &[])?;
            days.routers.push(of_router);
        }
        Ok(())
    }

    /// For each whole day 1, or 0 where something of it was folded before: that is folded line by line, which finds the sum
    /// of before.
    fn whole_days(&self) -> Result<Vec<i64>, StoreError> {
        let (buckets, edges) = (&self.month.month.buckets, &self.month.edges);
        let before = self
            .within
            .transaction
            .borrow_mut()
            .query(FOLDED_BEFORE, &[&self.nas, edges, &buckets.start, &buckets.end])?;
        let mut whole = vec![1; edges.len().saturating_sub(1)];
        for row in before {
            let day = usize::try_from(row.try_get::<_, i64>(0)?).ok().and_then(|day| day.checked_sub(1));
            if let Some(day) = day.and_then(|day| whole.get_mut(day)) {
                *day = 0;
            }
        }
        Ok(whole)
    }

    fn facts(&self, name: String, whole: &[i64]) -> Result<Option<OfRouter>, StoreError> {
        let sql = format!(
            "SELECT count(*), max(entry.no), max(width_bucket(entry.bucket, $2::bigint[]))::bigint FROM ledger_entry AS entry
             WHERE {}",
            goes()
        );
        let row = self.within.transaction.borrow_mut().query_one(&sql, &self.values(&whole))?;
        let (entries, highest, day): (i64, Option<i64>, Option<i64>) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        let until = day.and_then(|day| self.month.edges.get(usize::try_from(day).ok()?));
        Ok(highest.zip(until).map(|(highest, until)| OfRouter {
            nas: self.nas,
            name,
            entries,
            until: *until,
            chain_from: highest + 1,
        }))
    }

    fn sum(&self, table: &str, whole: &[i64]) -> Result<u64, StoreError> {
        let unseen = unseen_of_sessions(self.within, NasId(self.nas), &self.month.month.buckets)?;
        let column = |of: fn(&UnseenOfSession) -> i64| unseen.iter().map(of).collect::<Vec<i64>>();
        let (buckets, numbers) = (column(|line| line.bucket), column(|line| line.no));
        let micros = column(|line| line.micros);
        self.execute(&sum(table), whole, &[&buckets, &numbers, &micros])
    }

    fn idle(&self) -> Result<Vec<i64>, StoreError> {
        let buckets = &self.month.month.buckets;
        let rows =
            self.within.transaction.borrow_mut().query(IDLE, &[&self.nas, &buckets.start, &buckets.end])?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    /// Ended sessions, which no round writes any more: what their open entries add goes into their rows now, for there may be
    /// many of them.
    fn settle_ended(&self, table: &str) -> String {
        format!(
            "{}open_bucket = NULL, open_no = NULL
             WHERE nas_id = $1 AND state = 2 AND {}
               AND id IN (SELECT $1 << 40 | session_no FROM ledger_entry AS entry WHERE {} AND session_no IS NOT NULL)",
            settle_session!(),
            open_entry_is_gone(table, "session", &self.month.month.buckets),
            goes()
        )
    }

    fn execute(&self, sql: &str, whole: &[i64], more: &[&(dyn ToSql + Sync)]) -> Result<u64, StoreError> {
        let values = [&self.values(&whole)[..], more].concat();
        Ok(self.within.transaction.borrow_mut().execute(sql, &values)?)
    }

    /// The values of [`goes`].
    fn values<'v>(&'v self, whole: &'v &[i64]) -> [&'v (dyn ToSql + Sync); 5] {
        let buckets = &self.month.month.buckets;
        [&self.nas, &self.month.edges, whole, &buckets.start, &buckets.end]
    }
}

/// The lines of a router (`$1`) and month (`$4`, `$5`) that are folded: those of whole days, which begin at `$2` and are
/// told by `$3`.
fn goes() -> String {
    format!("entry.nas_id = $1 AND entry.bucket >= $4 AND entry.bucket < $5 AND ({})", is_folded())
}

fn is_folded() -> String {
    format!(
        "entry.posted = 1 AND entry.no < {FIRST_DECISION_NO} AND entry.reason <> 'brought_forward'
         AND coalesce(($3::bigint[])[width_bucket(entry.bucket, $2::bigint[])], 0) = 1"
    )
}

/// Whatever else there is.
fn keep(table: &str) -> String {
    format!(
        "INSERT INTO {table} SELECT * FROM ledger_entry AS entry
         WHERE entry.nas_id = $1 AND entry.bucket >= $4 AND entry.bucket < $5 AND NOT ({})",
        is_folded()
    )
}

/// Sums that say nothing are left out. `$6` to `$8`: how long of a session was not seen.
fn sum(table: &str) -> String {
    let key = "max(ARRAY[entry.bucket, entry.no])";
    let stands_for = stands_for!("entry");
    format!(
        "INSERT INTO {table} (nas_id, bucket, no, login_id, session_no, counter_no, cycle_id, reason, posted,
             delta_input, delta_output, before_input, before_output, after_input, after_output, from_at, to_at, unseen,
             unseen_us, unseen_upper, polls, folded, unseen_session_us)
         SELECT $1, ({key})[1], ({key})[2], entry.login_id, entry.session_no, NULL, entry.cycle_id, 'brought_forward', 1,
             sum(delta_input)::bigint, sum(delta_output)::bigint, 0, 0, sum(delta_input)::bigint,
             sum(delta_output)::bigint, min(entry.from_at), max(to_at), max(unseen), sum(unseen_us)::bigint,
             CASE WHEN NOT bool_or(unseen = 1 AND unseen_upper IS NULL) THEN sum(unseen_upper)::bigint END,
             least(sum(polls), {})::bigint, count(*), coalesce(sum(seen.us), 0)::bigint
         FROM ledger_entry AS entry
         LEFT JOIN adoption ON adoption.login_id = entry.login_id AND adoption.superseded_at IS NULL
         LEFT JOIN unnest($6::bigint[], $7::bigint[], $8::bigint[]) AS seen (bucket, no, us)
           ON entry.unseen = 1 AND seen.bucket = entry.bucket AND seen.no = entry.no
         WHERE {}
         GROUP BY width_bucket(entry.bucket, $2::bigint[]), entry.login_id, entry.session_no, entry.cycle_id,
             entry.cycle_id IS NULL AND {stands_for}
         HAVING sum(delta_input) + sum(delta_output) > 0 OR max(unseen) = 1",
        u32::MAX,
        goes()
    )
}

/// The condition on rows whose open entry lies in the month and is not among what stays.
pub(super) fn open_entry_is_gone(table: &str, of: &str, buckets: &Range<i64>) -> String {
    let Range { start, end } = buckets;
    format!(
        "{of}.open_bucket >= {start} AND {of}.open_bucket < {end} AND NOT EXISTS (
             SELECT 1 FROM {table} AS kept
             WHERE kept.nas_id = {of}.nas_id AND kept.bucket = {of}.open_bucket AND kept.no = {of}.open_no
               AND kept.reason <> 'brought_forward')"
    )
}
