//! Which entries an adoption stands for: those of its login without a cycle that end from its instant on, and were there
//! when it was made. What the login uses without a subscriber after that is not among them.

use std::collections::HashMap;

use accounting::time::Micros;

use crate::error::StoreError;

use super::connection::Connection;
use super::keys::FIRST_DECISION_NO;
use super::row::Row;
use super::rows;
use super::value::params;

/// Whether `adoption` stands for the entry of that alias, which has its login and no cycle. Decisions are numbered apart,
/// from 2^39 on.
macro_rules! stands_for {
    ($entry:literal) => {
        concat!(
            "(",
            $entry,
            ".to_at >= adoption.from_at AND (",
            $entry,
            ".no < adoption.until_no OR ",
            $entry,
            ".no >= 549755813888 AND ",
            $entry,
            ".no < adoption.entry_no))"
        )
    };
}
pub(crate) use stands_for;

const OF_SUBSCRIBER: &str = "
    SELECT login_id, from_at, until_no, entry_no FROM adoption WHERE subscriber_id = ?1 AND superseded_at IS NULL";
const OF_CYCLE: &str = "
    SELECT adoption.login_id, adoption.from_at, until_no, adoption.entry_no
    FROM adoption
    JOIN ledger_entry AS entry
      ON entry.nas_id = adoption.nas_id AND entry.bucket = adoption.bucket AND entry.no = adoption.entry_no
    WHERE superseded_at IS NULL AND subscriber_id = (SELECT subscriber_id FROM cycle WHERE id = ?1)
      AND entry.cycle_id IN (SELECT id FROM cycle WHERE id = ?1 OR continues = ?1)";
const IS_UNDONE: &str = "
    SELECT 1 FROM adoption WHERE nas_id = ?1 AND bucket = ?2 AND entry_no = ?3 AND superseded_at IS NOT NULL";

/// The entries of a login that an adoption stands for.
#[derive(Clone, Copy, Debug)]
pub(super) struct AdoptedPart {
    from: Micros,
    until_no: i64,
    entry_no: i64,
}

impl AdoptedPart {
    /// Entries that end from then on are among them.
    pub(super) fn from(&self) -> Micros {
        self.from
    }

    /// Whether an entry of the login without a cycle is among them.
    pub(super) fn holds(&self, no: i64, to: Micros) -> bool {
        let there = no < self.until_no || (FIRST_DECISION_NO..self.entry_no).contains(&no);
        to >= self.from && there
    }
}

/// What was adopted of a subscriber's logins, by the login's row.
pub(super) fn of_subscriber(
    connection: &Connection<'_>,
    subscriber: &str,
) -> Result<HashMap<i64, AdoptedPart>, StoreError> {
    Ok(rows::all(connection, OF_SUBSCRIBER, params![subscriber], part)?.into_iter().collect())
}

/// What was adopted into a cycle, by the login's row.
pub(super) fn of_cycle(
    connection: &Connection<'_>,
    cycle: i64,
) -> Result<HashMap<i64, AdoptedPart>, StoreError> {
    Ok(rows::all(connection, OF_CYCLE, params![cycle], part)?.into_iter().collect())
}

fn part(row: &Row<'_>) -> Result<(i64, AdoptedPart), StoreError> {
    let part = AdoptedPart { from: Micros(row.get(1)?), until_no: row.get(2)?, entry_no: row.get(3)? };
    Ok((row.get(0)?, part))
}

/// Whether the adopted entry of router, bucket and number was undone, and counts in no cycle.
pub(super) fn is_undone(connection: &Connection<'_>, key: (i64, i64, i64)) -> Result<bool, StoreError> {
    let (nas, bucket, no) = key;
    Ok(rows::first(connection, IS_UNDONE, params![nas, bucket, no], |_| Ok(()))?.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_adoption_stands_for_what_was_there_from_its_instant_on() {
        assert_eq!(FIRST_DECISION_NO, 1 << 39, "as the condition in SQL has it");
        let part = AdoptedPart { from: Micros(100), until_no: 7, entry_no: FIRST_DECISION_NO + 3 };
        for (no, to, held) in [
            (6, 100, true),
            (6, 99, false),
            (7, 100, false),
            (FIRST_DECISION_NO + 2, 100, true),
            (FIRST_DECISION_NO + 3, 100, false),
        ] {
            assert_eq!(part.holds(no, Micros(to)), held, "{no} {to}");
        }
    }
}
