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

/// Counters that were followed to their end, compared with what is stored together.
const COMPARED: usize = 1_000;

/// Follows the counters of one router.
pub(super) fn check(
    connection: &Connection<'_>,
    nas: i64,
    router: &str,
    report: &mut VerifyReport,
) -> Result<(), StoreError> {
    let (mut followed, mut ended): (Option<Followed>, Vec<Followed>) = (None, Vec::new());
    rows::each(connection, LINES, params![nas, FIRST_DECISION_NO], |row| {
        let line = line(row)?;
        report.entries_checked += 1;
        check_delta(&line, router, report);
        followed = Some(match followed.take() {
            Some(before) if before.last.counter.is_some() && before.last.counter == line.counter => {
                check_joint(&before.last, &line, router, report);
                before.go_on(line)
            }
            before => {
                ended.extend(before);
                Followed::begin(line)
            }
        });
        if ended.len() < COMPARED {
            Ok(())
        } else {
            check_stored(connection, nas, &mut ended, router, report)
        }
    })?;
    ended.extend(followed);
    check_stored(connection, nas, &mut ended, router, report)
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

/// What is stored of a counter.
struct Stored {
    baseline: Octets,
    unattributed: Octets,
    /// All of its lines are there.
    is_whole: bool,
    names_anothers_entry: bool,
}

/// Compares the ends of counters with what is stored of them.
fn check_stored(
    connection: &Connection<'_>,
    nas: i64,
    ended: &mut Vec<Followed>,
    router: &str,
    report: &mut VerifyReport,
) -> Result<(), StoreError> {
    let ended: Vec<(u64, Followed)> = std::mem::take(ended)
        .into_iter()
        .filter_map(|followed| Some((followed.last.counter?, followed)))
        .collect();
    let mut stored: Vec<Option<Stored>> = ended.iter().map(|_| None).collect();
    let mut see = |nth: usize, row: &Row<'_>| {
        stored[nth] = Some(Stored {
            baseline: octets(row, 0)?,
            unattributed: octets(row, 2)?,
            is_whole: row.get(4)?,
            names_anothers_entry: row.get(5)?,
        });
        Ok(())
    };
    let mut asking = connection.ask_many(STORED, &mut see)?;
    for (counter, _) in &ended {
        asking.add(params![nas, counter.cast_signed(), row_key(NasId(nas), *counter)?])?;
    }
    asking.finish()?;
    for ((counter, followed), stored) in ended.iter().zip(&stored) {
        report.counters_checked += 1;
        compare(*counter, followed, stored.as_ref(), router, report);
    }
    Ok(())
}

fn compare(
    counter: u64,
    Followed { last, nobodys }: &Followed,
    stored: Option<&Stored>,
    router: &str,
    report: &mut VerifyReport,
) {
    let baseline = stored.map(|stored| stored.baseline);
    if stored.is_some_and(|stored| stored.names_anothers_entry) {
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
    let Some(Stored { unattributed, is_whole, .. }) = stored else { return };
    let left = unattributed.grown_since(*nobodys);
    if left.is_none_or(|left| *is_whole && !left.is_zero()) {
        report.note(|| {
            format!(
                "router {router}: counter {counter} is stored to have moved {}/{} octets of nobody, its entries say {}/{}",
                unattributed.input, unattributed.output, nobodys.input, nobodys.output
            )
        });
    }
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
