//! Session totals against the posted lines of each session.

use std::iter::Peekable;

use accounting::Octets;
use rusqlite::{Connection, Row};

use crate::error::StoreError;
use crate::ids::NasId;
use crate::verify_repository::VerifyReport;

use super::keys::{keys_of, number_of};
use super::open_entry::{session_total, with_open_entry};
use super::values::octets;

const SESSIONS: &str = concat!(
    "SELECT id, ",
    session_total!(),
    ", open_no IS NOT NULL AND open_entry.session_no IS NOT id - ?1 FROM session",
    with_open_entry!("session"),
    "WHERE id BETWEEN ?1 AND ?2 ORDER BY id"
);
const LINES: &str = "
    SELECT session_no, delta_input, delta_output FROM ledger_entry
    WHERE nas_id = ?1 AND posted AND session_no IS NOT NULL ORDER BY session_no";

/// One router's sessions and the sums of their lines walk side by side, both in the order of session numbers.
pub(super) fn check(
    connection: &Connection,
    nas: i64,
    router: &str,
    report: &mut VerifyReport,
) -> Result<(), StoreError> {
    let keys = keys_of(NasId(nas))?;
    let mut lines = connection.prepare_cached(LINES)?;
    let mut sums = Sums { lines: lines.query_and_then([nas], line)?.peekable() };
    let mut sessions = connection.prepare_cached(SESSIONS)?;
    let mut sessions = sessions.query([keys.start(), keys.end()])?;
    let mut sum = sums.next()?;
    while let Some(row) = sessions.next()? {
        let (no, total) = (number_of(row.get(0)?), octets(row, 1)?);
        report.sessions_checked += 1;
        if row.get(3)? {
            report.note(|| format!("router {router}: session {no} names an open entry that is not its own"));
        }
        while let Some((orphan, _)) = sum.filter(|(session, _)| *session < no) {
            report.note(|| format!("router {router}: entries name the session {orphan}, which is not there"));
            sum = sums.next()?;
        }
        let mut added = Octets::ZERO;
        if let Some((_, octets)) = sum.filter(|(session, _)| *session == no) {
            added = octets;
            sum = sums.next()?;
        }
        if added != total {
            report.note(|| mismatch(router, no, total, added));
        }
    }
    while let Some((orphan, _)) = sum {
        report.note(|| format!("router {router}: entries name the session {orphan}, which is not there"));
        sum = sums.next()?;
    }
    Ok(())
}

fn mismatch(router: &str, no: u64, total: Octets, added: Octets) -> String {
    format!(
        "router {router}: session {no} has a total of {} octets up and {} down, its entries add up to {} and {}",
        total.input, total.output, added.input, added.output
    )
}

type Line = (u64, Octets);

/// Lines in the order of sessions, added up per session.
struct Sums<I: Iterator<Item = Result<Line, StoreError>>> {
    lines: Peekable<I>,
}

impl<I: Iterator<Item = Result<Line, StoreError>>> Sums<I> {
    fn next(&mut self) -> Result<Option<Line>, StoreError> {
        let Some((session, mut sum)) = self.lines.next().transpose()? else { return Ok(None) };
        let same =
            |line: &Result<Line, StoreError>| line.as_ref().map_or(true, |(other, _)| *other == session);
        while let Some(line) = self.lines.next_if(same) {
            sum += line?.1;
        }
        Ok(Some((session, sum)))
    }
}

fn line(row: &Row<'_>) -> Result<Line, StoreError> {
    Ok((row.get::<_, i64>(0)?.cast_unsigned(), octets(row, 1)?))
}
