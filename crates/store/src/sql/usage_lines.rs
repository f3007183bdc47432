//! Adding up ledger lines, a chunk at a time.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use accounting::Octets;
use accounting::ledger::{Reason, Unseen};
use accounting::table::Table;
use accounting::time::Micros;

use crate::error::StoreError;
use crate::ledger_repository::HeldAct;
use crate::tally::{Line, Tally};
use crate::usage_repository::UsageQuery;

use super::adoption_part::{self, AdoptedPart};
use super::connection::Connection;
use super::coverage::Looks;
use super::ledger_rows::{ledger_of_login, unseen};
use super::row::Row;
use super::rows;
use super::unseen_stretch::Stretch;
use super::usage_plan::{Plan, Router, Sums};
use super::value::params;
use super::values::{from_amount, octets, source};

/// Lines read in one go: some tens of milliseconds.
const LINES: i64 = 50_000;

/// The columns in the order [`Chunk::add`] reads them.
macro_rules! lines_where {
    ($entries:expr, $condition:literal) => {
        concat!(
            "SELECT entry.bucket, entry.no, entry.login_id, entry.posted, delta_input, delta_output, unseen,
                    unseen_us, unseen_upper, entry.cycle_id, entry.nas_id, entry.reason, from_at, to_at,
                    session.started_at, session.last_seen_at, entry.unseen_session_us, entry.session_no,
                    unseen_login.kind, unseen_login.name
             FROM ",
            $entries,
            "
             LEFT JOIN session ON entry.unseen = 1 AND session.id = entry.nas_id << 40 | entry.session_no
               AND session.nas_id = entry.nas_id
             LEFT JOIN login AS unseen_login ON entry.unseen = 1 AND unseen_login.id = entry.login_id
             WHERE ",
            $condition
        )
    };
}
const OF_ROUTER: &str = lines_where!(
    "ledger_entry AS entry",
    "entry.nas_id = ?1 AND (entry.bucket, entry.no) > (?2, ?3) AND entry.bucket < ?4
     ORDER BY entry.nas_id, entry.bucket, entry.no LIMIT ?5"
);
const OF_LOGIN: &str = lines_where!(
    ledger_of_login!(),
    "entry.login_id = ?1 AND entry.nas_id = ?2 AND entry.bucket >= ?3 AND entry.bucket < ?4"
);
const DECIDED: &str = "SELECT act FROM held_decision WHERE nas_id = ?1 AND bucket = ?2 AND entry_no = ?3";

/// Where to go on reading a router's lines.
#[derive(Debug)]
pub(super) struct Chunk {
    nas: i64,
    after: (i64, i64),
    end: i64,
    window: Range<Micros>,
    looks: Looks,
    logins: Option<Arc<HashSet<i64>>>,
    cycles: Option<Arc<HashSet<i64>>>,
    adopted: Arc<HashMap<i64, AdoptedPart>>,
    counts_adopted: bool,
}

impl Chunk {
    /// All of a router's lines that a question is about, whose session time is that in `window`.
    pub(super) fn first(
        query: &UsageQuery,
        window: &Range<Micros>,
        plan: &Plan,
        router: &Router,
    ) -> Option<Chunk> {
        (query.buckets.start < query.buckets.end).then(|| Chunk {
            nas: router.id,
            // Nothing has the number -1, so this is just before the first line of the bucket.
            after: (query.buckets.start, -1),
            end: query.buckets.end,
            window: window.clone(),
            looks: router.looks,
            logins: plan.logins.clone(),
            cycles: plan.cycles.clone(),
            adopted: plan.adopted.clone(),
            counts_adopted: plan.counts_adopted,
        })
    }

    /// The same, from just after that line on.
    pub(super) fn going_on(self, after: Option<(i64, i64)>) -> Chunk {
        Chunk { after: after.unwrap_or(self.after), ..self }
    }

    /// Bucket and number of the line it begins just after.
    pub(super) fn after(&self) -> (i64, i64) {
        self.after
    }

    /// Whether the question is about a row. An adopted line and those it stands for never both count.
    fn is_asked(&self, connection: &Connection<'_>, row: &Row<'_>) -> Result<bool, StoreError> {
        let (login, posted, cycle): (Option<i64>, bool, Option<i64>) =
            (row.get(2)?, row.get(3)?, row.get(9)?);
        let is_adopted = row.get::<&str>(11)? == Reason::Adopted.as_str();
        if is_adopted && (!self.counts_adopted || adoption_part::is_undone(connection, key(row)?)?) {
            return Ok(false);
        }
        let Some(cycles) = self.cycles.as_deref() else { return Ok(true) };
        let adopted = login.and_then(|login| self.adopted.get(&login));
        match (cycle, adopted) {
            (Some(cycle), _) => Ok(!posted || cycles.contains(&cycle)),
            (None, Some(part)) => Ok(!posted || part.holds(row.get(1)?, Micros(row.get(13)?))),
            (None, None) => Ok(!posted),
        }
    }

    /// The part of the window in which the source of the sessions of a row's login is covered.
    fn covered(&self, row: &Row<'_>) -> Result<Range<Micros>, StoreError> {
        let login = row.get::<Option<i64>>(2)?;
        let source = login.map_or(Ok(Table::Interface), |_| source(row, 18))?;
        Ok(self.looks.covered(source, &self.window))
    }

    /// The line of a row, if the question is about it.
    fn read(&self, connection: &Connection<'_>, row: &Row<'_>) -> Result<Option<Found>, StoreError> {
        if !self.is_asked(connection, row)? {
            return Ok(None);
        }
        let posted = row.get(3)?;
        let unseen = unseen(row, 6)?;
        let unseen_of_session = match (row.get(16)?, unseen.and_then(|unseen| unseen.micros)) {
            (Some(folded), _) => from_amount(folded)?,
            (None, Some(micros)) => stretch(row)?.unseen_of_session(micros, &self.covered(row)?),
            (None, None) => 0,
        };
        Ok(Some(Found {
            nas: row.get(10)?,
            login: row.get(2)?,
            bucket: row.get(0)?,
            session: row.get(17)?,
            stretch: Micros(row.get(12)?)..Micros(row.get(13)?),
            line: line(connection, row, posted, octets(row, 4)?)?,
            unseen,
            unseen_of_session,
        }))
    }
}

/// The stretch of a row with unseen time.
fn stretch(row: &Row<'_>) -> Result<Stretch, StoreError> {
    let reason: String = row.get(11)?;
    Ok(Stretch {
        ends_session: Reason::from_name(&reason).is_some_and(Reason::ends_session),
        from: row.get(12)?,
        to: row.get(13)?,
        started_at: row.get(14)?,
        last_seen_at: row.get(15)?,
    })
}

/// A line that a question is about.
pub(super) struct Found {
    nas: i64,
    pub(super) login: Option<i64>,
    pub(super) bucket: i64,
    /// Its session's number within the router.
    pub(super) session: Option<i64>,
    /// From the reading before to its own.
    pub(super) stretch: Range<Micros>,
    line: Line,
    unseen: Option<Unseen>,
    /// How much of the unseen time is its session's, microseconds.
    unseen_of_session: u64,
}

impl Found {
    /// It counts.
    pub(super) fn is_posted(&self) -> bool {
        matches!(self.line, Line::Posted(_))
    }

    /// It is held, and was read before the window began or after it ended: of a cycle, in another one.
    pub(super) fn is_held_outside(&self, window: &Range<Micros>) -> bool {
        let read = self.stretch.end;
        !self.is_posted() && (read <= window.start || read > window.end)
    }

    /// Adds no more than what of its session was not seen.
    pub(super) fn take_unseen_session(&self, sum: &mut Tally) {
        sum.take_unseen_session(self.unseen_of_session);
    }

    pub(super) fn add_to(self, sum: &mut Tally) {
        sum.add_line(self.line, self.unseen);
        sum.take_unseen_session(self.unseen_of_session);
    }
}

/// Adds up a chunk; answers the next one, if there is more.
pub(super) fn sum(connection: &Connection<'_>, chunk: Chunk) -> Result<(Sums, Option<Chunk>), StoreError> {
    let mut sums = Sums::new();
    let next = each(connection, chunk, |found| {
        let sum = sums.entry((found.nas, found.login)).or_default();
        found.add_to(sum);
    })?;
    Ok((sums, next))
}

/// Shows every line of a chunk to `see`; answers the next chunk, if there is more. Those of chosen logins come login
/// by login and all at once, others in the order of their buckets.
pub(super) fn each(
    connection: &Connection<'_>,
    chunk: Chunk,
    mut see: impl FnMut(Found),
) -> Result<Option<Chunk>, StoreError> {
    if chunk.logins.is_some() {
        each_of_logins(connection, &chunk, see)?;
        return Ok(None);
    }
    let (mut read, mut last) = (0, chunk.after);
    let values = params![chunk.nas, chunk.after.0, chunk.after.1, chunk.end, LINES];
    rows::each(connection, OF_ROUTER, values, |row| {
        read += 1;
        last = (row.get(0)?, row.get(1)?);
        chunk.read(connection, row)?.into_iter().for_each(&mut see);
        Ok(())
    })?;
    Ok((read == LINES).then_some(Chunk { after: last, ..chunk }))
}

/// Shows all lines of the chunk's logins on its router.
pub(super) fn each_of_logins(
    connection: &Connection<'_>,
    chunk: &Chunk,
    mut see: impl FnMut(Found),
) -> Result<(), StoreError> {
    for login in chunk.logins.iter().flat_map(|logins| logins.iter()) {
        let values = params![login, chunk.nas, chunk.after.0, chunk.end];
        rows::each(connection, OF_LOGIN, values, |row| {
            chunk.read(connection, row)?.into_iter().for_each(&mut see);
            Ok(())
        })?;
    }
    Ok(())
}

/// What a line brings in.
fn line(
    connection: &Connection<'_>,
    row: &Row<'_>,
    posted: bool,
    octets: Octets,
) -> Result<Line, StoreError> {
    if posted {
        return Ok(Line::Posted(octets));
    }
    let (nas, bucket, no) = key(row)?;
    let decided = rows::first(connection, DECIDED, params![nas, bucket, no], |row| row.get::<String>(0))?;
    Ok(match decided {
        None => Line::Undecided(octets),
        Some(act) if act == HeldAct::Rejected.as_str() => Line::Rejected(octets),
        Some(_) => Line::Released,
    })
}

/// Router, bucket and number of a row.
fn key(row: &Row<'_>) -> Result<(i64, i64, i64), StoreError> {
    Ok((row.get(10)?, row.get(0)?, row.get(1)?))
}
