//! Cycle totals against the posted lines of each cycle.

use accounting::Octets;
use rusqlite::{Connection, Row, params};

use crate::error::StoreError;
use crate::verify_repository::VerifyReport;

use super::rows;
use super::values::octets;

/// Cycles checked in one moment.
const CYCLES: usize = 100;

const PAGE: &str = "
    SELECT cycle.id, username, seq_no, input_octets, output_octets
    FROM cycle JOIN subscriber ON subscriber.id = subscriber_id
    WHERE cycle.id > ?1 ORDER BY cycle.id LIMIT ?2";
/// A line of a cycle belongs to a login that was its subscriber's.
const LINES: &str = "
    SELECT delta_input, delta_output FROM ledger_entry
    WHERE cycle_id = ?1 AND posted AND login_id IN (
        SELECT login_id FROM cycle JOIN login_binding USING (subscriber_id) WHERE cycle.id = ?1)";

struct Cycle {
    id: i64,
    username: String,
    seq_no: i64,
    total: Octets,
}

/// Checks the cycles after a row; answers the last one checked, if there are more.
pub(super) fn check(
    connection: &Connection,
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

fn check_one(connection: &Connection, cycle: &Cycle, report: &mut VerifyReport) -> Result<(), StoreError> {
    let mut added = Octets::ZERO;
    rows::each(connection, LINES, [cycle.id], |row| {
        added += octets(row, 0)?;
        Ok(())
    })?;
    report.cycles_checked += 1;
    if added != cycle.total {
        let Cycle { username, seq_no, total, .. } = cycle;
        report.note(|| {
            format!(
                "subscriber {username}: cycle {seq_no} has a total of {} octets up and {} down, its entries add up \
                 to {} and {}",
                total.input, total.output, added.input, added.output
            )
        });
    }
    Ok(())
}

fn cycle(row: &Row<'_>) -> Result<Cycle, StoreError> {
    Ok(Cycle { id: row.get(0)?, username: row.get(1)?, seq_no: row.get(2)?, total: octets(row, 3)? })
}
