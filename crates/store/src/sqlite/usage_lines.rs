//! Adding up ledger lines, a chunk at a time.

use std::collections::HashSet;
use std::sync::Arc;

use accounting::Octets;
use rusqlite::{Connection, Row, params};

use crate::error::StoreError;
use crate::tally::Line;
use crate::usage_repository::UsageQuery;

use super::ledger_rows::unseen;
use super::rows;
use super::usage_plan::{Plan, Router, Sums};
use super::values::octets;

/// Lines read in one go: some tens of milliseconds.
const LINES: i64 = 50_000;

/// The columns in the order [`Chunk::add`] reads them.
macro_rules! lines_where {
    ($condition:literal) => {
        concat!(
            "SELECT bucket, no, login_id, posted, delta_input, delta_output, unseen, unseen_us, unseen_upper,
                    cycle_id, nas_id
             FROM ledger_entry WHERE ",
            $condition
        )
    };
}
const OF_ROUTER: &str = lines_where!(
    "nas_id = ?1 AND (bucket, no) > (?2, ?3) AND bucket < ?4 ORDER BY nas_id, bucket, no LIMIT ?5"
);
const OF_LOGIN: &str = lines_where!("login_id = ?1 AND nas_id = ?2 AND bucket >= ?3 AND bucket < ?4");
const DECIDED: &str = "SELECT 1 FROM held_decision WHERE nas_id = ?1 AND bucket = ?2 AND entry_no = ?3";

/// Where to go on reading a router's lines.
#[derive(Debug)]
pub(super) struct Chunk {
    nas: i64,
    after: (i64, i64),
    end: i64,
    logins: Option<Arc<HashSet<i64>>>,
    cycles: Option<Arc<HashSet<i64>>>,
}

impl Chunk {
    /// All of a router's lines that a question is about.
    pub(super) fn first(query: &UsageQuery, plan: &Plan, router: &Router) -> Option<Chunk> {
        (query.buckets.start < query.buckets.end).then(|| Chunk {
            nas: router.id,
            // Nothing has the number -1, so this is just before the first line of the bucket.
            after: (query.buckets.start, -1),
            end: query.buckets.end,
            logins: plan.logins.clone(),
            cycles: plan.cycles.clone(),
        })
    }

    fn add(&self, connection: &Connection, row: &Row<'_>, sums: &mut Sums) -> Result<(), StoreError> {
        let (login, posted, cycle): (Option<i64>, bool, Option<i64>) =
            (row.get(2)?, row.get(3)?, row.get(9)?);
        let of_subscriber =
            |cycles: &HashSet<i64>| !posted || cycle.is_some_and(|cycle| cycles.contains(&cycle));
        if !self.cycles.as_deref().is_none_or(of_subscriber) {
            return Ok(());
        }
        let line = line(connection, row, posted, octets(row, 4)?)?;
        sums.entry((row.get(10)?, login)).or_default().add_line(line, unseen(row, 6)?);
        Ok(())
    }
}

/// Adds up a chunk; answers the next one, if there is more.
pub(super) fn sum(connection: &Connection, chunk: Chunk) -> Result<(Sums, Option<Chunk>), StoreError> {
    if chunk.logins.is_some() {
        return Ok((sum_of_logins(connection, &chunk)?, None));
    }
    let mut sums = Sums::new();
    let (mut read, mut last) = (0, chunk.after);
    let values = params![chunk.nas, chunk.after.0, chunk.after.1, chunk.end, LINES];
    rows::each(connection, OF_ROUTER, values, |row| {
        read += 1;
        last = (row.get(0)?, row.get(1)?);
        chunk.add(connection, row, &mut sums)
    })?;
    Ok((sums, (read == LINES).then_some(Chunk { after: last, ..chunk })))
}

/// Adds up all lines of the chunk's logins on its router.
pub(super) fn sum_of_logins(connection: &Connection, chunk: &Chunk) -> Result<Sums, StoreError> {
    let mut sums = Sums::new();
    for login in chunk.logins.iter().flat_map(|logins| logins.iter()) {
        let values = params![login, chunk.nas, chunk.after.0, chunk.end];
        rows::each(connection, OF_LOGIN, values, |row| chunk.add(connection, row, &mut sums))?;
    }
    Ok(sums)
}

/// What a line brings in.
fn line(connection: &Connection, row: &Row<'_>, posted: bool, octets: Octets) -> Result<Line, StoreError> {
    if posted {
        return Ok(Line::Posted(octets));
    }
    let key = (row.get::<_, i64>(10)?, row.get::<_, i64>(0)?, row.get::<_, i64>(1)?);
    let decided = rows::first(connection, DECIDED, key, |_| Ok(()))?.is_some();
    Ok(if decided { Line::Decided } else { Line::Undecided(octets) })
}
