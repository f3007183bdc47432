//! Each counter's lines, followed from value to value: every line begins where the one before it ended, adds what
//! its values say, and the last one ends at the counter's baseline. Lines of decisions repeat values of held ones
//! and are not part of the chain; nor are entries that bring folded ones forward, and held ones from before those. What a
//! counter is stored to have moved as nobody's is what its posted lines without a login add.

use accounting::Octets;

use crate::error::StoreError;
use crate::ids::NasId;
use crate::verify_repository::VerifyReport;

use super::connection::Connection;
use super::keys::{FIRST_DECISION_NO, row_key};
use super::open_entry::with_open_entry;
use super::row::Row;
use super::rows;
use super::value::params;
use super::values::octets;

/// Numbers grow with time, whatever the wall clock does; buckets need not.
const LINES: &str = "
    SELECT CASE WHEN no >= (SELECT chain_from FROM nas WHERE nas.id = ?1) THEN counter_no END AS chained, no, delta_input, delta_output, before_input, before_output, after_input, after_output,
           posted = 1 AND login_id IS NULL
    FROM ledger_entry WHERE nas_id = ?1 AND no < ?2 ORDER BY chained NULLS FIRST, no";
/// Of a counter numbered before the chain begins, some lines may be folded.
const STORED: &str = concat!(
    "SELECT coalesce(open_entry.after_input, input_octets), coalesce(open_entry.after_output, output_octets),
            unattributed_input, unattributed_output, ?2 >= (SELECT chain_from FROM nas WHERE nas.id = ?1),
            open_no IS NOT NULL AND open_entry.counter_no IS DISTINCT FROM ?2
     FROM counter",
    with_open_entry!("counter"),
    "WHERE id = ?3 AND counter.nas_id = ?1"
);

struct Line {
    counter: Option<u64>,
    no: i64,
    delta: Octets,
    before: Octets,
    after: Octets,
    is_nobodys: bool,
}

/// The line of a counter that was read last, and what its lines so far moved as nobody's.
struct Followed {
    last: Line,
    nobodys: Octets,
}

impl Followed {
    fn begin(line: Line) -> Followed {
        Followed { nobodys: nobodys(&line), last: line }
    }

    fn go_on(self, line: Line) -> Followed {
        Followed { nobodys: self.nobodys + nobodys(&line), last: line }
    }
}

fn nobodys(line: &Line) -> Octets {
    if line.is_nobodys { line.delta } else { Octets::ZERO }
}

/// Follows the counters of one router.
pub(super) fn check(
    connection: &Connection<'_>,
    nas: i64,
    router: &str,
    report: &mut VerifyReport,
) -> Result<(), StoreError> {
    let mut followed: Option<Followed> = None;
    rows::each(connection, LINES, params![nas, FIRST_DECISION_NO], |row| {
        let line = line(row)?;
        report.entries_checked += 1;
        check_delta(&line, router, report);
        followed = Some(match followed.take() {
            Some(before) if before.last.counter.is_some() && before.last.counter == line.counter => {
                check_joint(&before.last, &line, router, report);
                before.go_on(line)
            }
            Some(before) => {
                check_stored(connection, nas, &before, router, report)?;
                Followed::begin(line)
            }
            None => Followed::begin(line),
        });
        Ok(())
    })?;
    match followed {
        Some(last) => check_stored(connection, nas, &last, router, report),
        None => Ok(()),
    }
}

/// A line adds the difference of its values, all of the value where the counter started or was reset, or nothing.
fn check_delta(line: &Line, router: &str, report: &mut VerifyReport) {
    let difference = line.after.grown_since(line.before);
    if line.delta.is_zero() || line.delta == line.after || Some(line.delta) == difference {
        return;
    }
    let Line { no, delta, before, after, .. } = line;
    report.note(|| {
        format!(
            "router {router}: entry {no} adds {}/{} octets, but the counter went from {}/{} to {}/{}",
            delta.input, delta.output, before.input, before.output, after.input, after.output
        )
    });
}

fn check_joint(before: &Line, line: &Line, router: &str, report: &mut VerifyReport) {
    if before.after != line.before {
        report.note(|| {
            format!(
                "router {router}: entry {} left the counter at {}/{} octets, entry {} goes on from {}/{}",
                before.no,
                before.after.input,
                before.after.output,
                line.no,
                line.before.input,
                line.before.output
            )
        });
    }
}

fn check_stored(
    connection: &Connection<'_>,
    nas: i64,
    Followed { last, nobodys }: &Followed,
    router: &str,
    report: &mut VerifyReport,
) -> Result<(), StoreError> {
    let Some(counter) = last.counter else { return Ok(()) };
    report.counters_checked += 1;
    let key = params![nas, counter.cast_signed(), row_key(NasId(nas), counter)?];
    let stored = rows::first(connection, STORED, key, |row| {
        Ok((octets(row, 0)?, octets(row, 2)?, row.get::<bool>(4)?, row.get::<bool>(5)?))
    })?;
    let baseline = stored.map(|(baseline, ..)| baseline);
    if stored.is_some_and(|(.., not_its_own)| not_its_own) {
        report.note(|| format!("router {router}: counter {counter} names an open entry that is not its own"));
    }
    if baseline != Some(last.after) {
        report.note(|| {
            let stored = baseline.map_or("nothing".to_owned(), |octets| format!("{}/{}", octets.input, octets.output));
            format!(
                "router {router}: counter {counter} is stored at {stored} octets, its last entry {} left it at {}/{}",
                last.no, last.after.input, last.after.output
            )
        });
    }
    let Some((_, unattributed, whole, _)) = stored else { return Ok(()) };
    let left = unattributed.grown_since(*nobodys);
    if left.is_none_or(|left| whole && !left.is_zero()) {
        report.note(|| {
            format!(
                "router {router}: counter {counter} is stored to have moved {}/{} octets of nobody, its entries say {}/{}",
                unattributed.input, unattributed.output, nobodys.input, nobodys.output
            )
        });
    }
    Ok(())
}

fn line(row: &Row<'_>) -> Result<Line, StoreError> {
    Ok(Line {
        counter: row.get::<Option<i64>>(0)?.map(i64::cast_unsigned),
        no: row.get(1)?,
        delta: octets(row, 2)?,
        before: octets(row, 4)?,
        after: octets(row, 6)?,
        is_nobodys: row.get(8)?,
    })
}
