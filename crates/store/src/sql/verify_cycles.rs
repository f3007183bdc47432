//! What each cycle moved on each router against the posted lines of both, and adopted lines against those they stand for.

use std::collections::BTreeMap;

use crate::error::StoreError;
use crate::verify_repository::VerifyReport;

use super::adoption_part::stands_for;
use super::connection::Connection;
use super::row::Row;
use super::rows;
use super::value::params;
use super::values::octets;

/// Cycles checked in one moment.
const CYCLES: usize = 100;

const PAGE: &str = "
    SELECT cycle.id, username, seq_no FROM cycle JOIN subscriber ON subscriber.id = subscriber_id
    WHERE cycle.id > ?1 ORDER BY cycle.id LIMIT ?2";
const TOTALS: &str = "SELECT nas_id, input_octets, output_octets FROM cycle_total WHERE cycle_id = ?1";
const ROUTER: &str = "SELECT name FROM nas WHERE id = ?1";
/// A line of a cycle belongs to a login that was its subscriber's; adopted ones that were undone count no more.
const LINES: &str = "
    SELECT nas_id, delta_input, delta_output FROM ledger_entry AS entry
    WHERE cycle_id = ?1 AND posted = 1 AND login_id IN (
        SELECT login_id FROM cycle JOIN login_binding USING (subscriber_id) WHERE cycle.id = ?1)
      AND NOT (reason = 'adopted' AND EXISTS (SELECT 1 FROM adoption WHERE adoption.entry_no = entry.no
        AND adoption.nas_id = entry.nas_id AND adoption.bucket = entry.bucket AND superseded_at IS NOT NULL))";

/// Adopted lines of a cycle beside the sum of the originals they stand for.
const ADOPTED: &str = concat!(
    "
    SELECT login.name, adopted.delta_input, adopted.delta_output, CAST(coalesce(sum(original.delta_input), 0) AS bigint), CAST(coalesce(sum(original.delta_output), 0) AS bigint)
    FROM cycle
    JOIN adoption USING (subscriber_id)
    JOIN ledger_entry AS adopted ON adopted.nas_id = adoption.nas_id AND adopted.bucket = adoption.bucket
        AND adopted.no = adoption.entry_no AND adopted.cycle_id = cycle.id
    JOIN login ON login.id = adoption.login_id
    LEFT JOIN ledger_entry AS original ON original.login_id = adoption.login_id AND original.nas_id = adoption.nas_id
        AND original.cycle_id IS NULL AND original.posted = 1 AND ",
    stands_for!("original"),
    "
    WHERE cycle.id = ?1 AND adoption.superseded_at IS NULL
    GROUP BY adoption.login_id, login.name, adopted.delta_input, adopted.delta_output"
);

struct Cycle {
    id: i64,
    username: String,
    seq_no: i64,
}

/// Input and output; what a cycle lacks beside its entries is less than nothing.
type Moved = [i128; 2];

/// What a router's row says, and what its lines add up to.
#[derive(Default)]
struct OnRouter {
    total: Moved,
    added: Moved,
}

/// Checks the cycles after a row; answers the last one checked, if there are more.
pub(super) fn check(
    connection: &Connection<'_>,
    after: i64,
    report: &mut VerifyReport,
) -> Result<Option<i64>, StoreError> {
    let cycles =
        rows::all(connection, PAGE, params![after, i64::try_from(CYCLES).unwrap_or(i64::MAX)], cycle)?;
    for cycle in &cycles {
        check_one(connection, cycle, report)?;
    }
    Ok(cycles.last().filter(|_| cycles.len() == CYCLES).map(|last| last.id))
}

fn check_one(
    connection: &Connection<'_>,
    cycle: &Cycle,
    report: &mut VerifyReport,
) -> Result<(), StoreError> {
    report.cycles_checked += 1;
    for (nas, on_router) in by_router(connection, cycle)? {
        if on_router.total != on_router.added {
            let place = place(connection, nas)?;
            report.note(|| cycle.mismatch(&place, &on_router));
        }
    }
    check_adopted(connection, cycle, report)
}

fn by_router(connection: &Connection<'_>, cycle: &Cycle) -> Result<BTreeMap<i64, OnRouter>, StoreError> {
    let mut routers: BTreeMap<i64, OnRouter> = BTreeMap::new();
    rows::each(connection, TOTALS, params![cycle.id], |row| {
        routers.entry(row.get(0)?).or_default().total = moved(row)?;
        Ok(())
    })?;
    rows::each(connection, LINES, params![cycle.id], |row| {
        let (added, line) = (&mut routers.entry(row.get(0)?).or_default().added, moved(row)?);
        *added = [added[0] + line[0], added[1] + line[1]];
        Ok(())
    })?;
    Ok(routers)
}

fn moved(row: &Row<'_>) -> Result<Moved, StoreError> {
    Ok([row.get::<i64>(1)?.into(), row.get::<i64>(2)?.into()])
}

/// Totals of before they were kept by router may differ from their entries, on a router that nobody knows.
fn place(connection: &Connection<'_>, nas: i64) -> Result<String, StoreError> {
    let name = rows::first(connection, ROUTER, params![nas], |row| row.get::<String>(0))?;
    Ok(name.map_or_else(|| "no router that is known".to_owned(), |name| format!("the router {name}")))
}

impl Cycle {
    fn mismatch(&self, place: &str, OnRouter { total, added }: &OnRouter) -> String {
        let Cycle { username, seq_no, .. } = self;
        format!(
            "subscriber {username}: cycle {seq_no} has a total of {} octets up and {} down on {place}, its entries there add up \
             to {} and {}",
            total[0], total[1], added[0], added[1]
        )
    }
}

fn check_adopted(
    connection: &Connection<'_>,
    Cycle { id, username, seq_no }: &Cycle,
    report: &mut VerifyReport,
) -> Result<(), StoreError> {
    let read = |row: &Row<'_>| Ok((row.get::<Vec<u8>>(0)?, octets(row, 1)?, octets(row, 3)?));
    for (login, adopted, originals) in rows::all(connection, ADOPTED, params![*id], read)? {
        if adopted != originals {
            report.note(|| {
                format!(
                    "subscriber {username}: cycle {seq_no} adopted {} octets up and {} down of the login {}, the entries \
                     of before add up to {} and {}",
                    adopted.input,
                    adopted.output,
                    login.escape_ascii(),
                    originals.input,
                    originals.output
                )
            });
        }
    }
    Ok(())
}

fn cycle(row: &Row<'_>) -> Result<Cycle, StoreError> {
    Ok(Cycle { id: row.get(0)?, username: row.get(1)?, seq_no: row.get(2)? })
}
