//! Folding some entries of one router and day: one entry for each session, login and cycle takes their place. Entries on
//! both sides of an adoption's instant stay apart, for only those from it on count in the cycle that adopted them (rule 11).

use std::collections::BTreeMap;
use std::ops::Range;

use accounting::Octets;
use accounting::ledger::{Reason, Unseen};
use accounting::time::Micros;

use crate::error::StoreError;
use crate::ids::NasId;

use super::adoption_part::stands_for;
use super::connection::Connection;
use super::coverage::Looks;
use super::keys::FIRST_DECISION_NO;
use super::ledger_rows::{ledger_of_login, unseen};
use super::row::Row;
use super::unseen_stretch::{Stretch, both};
use super::value::params;
use super::values::{amount, from_amount, octets, source};
use super::{open_entry, rows};

/// Entries folded in one transaction, which takes a fraction of a second; `./x bench` measures the longest.
const ENTRIES: i64 = 2_000;

/// The columns in the order [`fold`] and [`Sum::of_line`] read them.
macro_rules! lines_where {
    ($condition:literal) => {
        concat!(
            "
    SELECT entry.bucket, entry.no, entry.login_id, entry.session_no, entry.cycle_id, delta_input, delta_output,
           entry.from_at, to_at, unseen, unseen_us, unseen_upper, polls, entry.reason, session.started_at,
           session.last_seen_at, entry.cycle_id IS NULL AND ",
            stands_for!("entry"),
            ",
           unseen_login.kind, unseen_login.name
    FROM ledger_entry AS entry
    LEFT JOIN login AS unseen_login ON entry.unseen = 1 AND unseen_login.id = entry.login_id
    LEFT JOIN adoption ON adoption.login_id = entry.login_id AND adoption.superseded_at IS NULL
    LEFT JOIN session ON entry.unseen = 1 AND session.id = entry.nas_id << 40 | entry.session_no
      AND session.nas_id = entry.nas_id
    WHERE entry.nas_id = ?1 AND entry.bucket >= ?2 AND entry.bucket < ?3
      AND entry.posted = 1 AND entry.no < ?4 AND entry.reason <> 'brought_forward' ",
            $condition
        )
    };
}
const LINES: &str = lines_where!("ORDER BY entry.bucket, entry.no LIMIT ?5");
const UNSEEN_LINES: &str = lines_where!("AND entry.unseen = 1");
const DELETE_LINES: &str = "
    DELETE FROM ledger_entry
    WHERE nas_id = ?1 AND (bucket, no) >= (?2, 0) AND (bucket, no) <= (?3, ?4)
      AND posted = 1 AND no < ?5 AND reason <> 'brought_forward'";
/// What was folded of the same day before.
macro_rules! before_of {
    ($login:literal) => {
        concat!(
    "
    SELECT bucket, no, delta_input, delta_output, from_at, to_at, unseen, unseen_us, unseen_upper, polls, folded,
           unseen_session_us
    FROM ",
    ledger_of_login!(),
    "
    WHERE ",
    $login,
    " AND bucket >= ?2 AND bucket < ?3 AND nas_id = ?4 AND session_no IS NOT DISTINCT FROM ?5
      AND cycle_id IS NOT DISTINCT FROM ?6 AND reason = 'brought_forward'
      AND CASE WHEN cycle_id IS NULL THEN (SELECT CASE WHEN ",
    stands_for!("entry"),
    " THEN 1 ELSE 0 END FROM adoption WHERE adoption.login_id = ?1 AND superseded_at IS NULL) ELSE 0 END
          IS NOT DISTINCT FROM ?7"
        )
    };
}
const BEFORE_OF_LOGIN: &str = before_of!("login_id = ?1");
/// Of what nobody could be given.
const BEFORE_OF_NOBODY: &str = before_of!("login_id IS NULL");
const DELETE_ONE: &str = "DELETE FROM ledger_entry WHERE nas_id = ?1 AND bucket = ?2 AND no = ?3";
const INSERT: &str = "
    INSERT INTO ledger_entry (nas_id, bucket, no, login_id, session_no, counter_no, cycle_id, reason, posted,
        delta_input, delta_output, before_input, before_output, after_input, after_output, from_at, to_at, unseen,
        unseen_us, unseen_upper, polls, folded, unseen_session_us)
    VALUES (?1, ?2, ?3, ?4, ?5, NULL, ?6, 'brought_forward', 1, ?7, ?8, 0, 0, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,
        ?15, ?16)";
const MARK: &str = "
    UPDATE nas SET folds = folds + 1, folded_until = CASE WHEN folded_until > ?2 THEN folded_until ELSE ?2 END,
        chain_from = CASE WHEN chain_from > ?3 THEN chain_from ELSE ?3 END
    WHERE id = ?1";

/// Whose entries become one: login, session, cycle, and whether an adopted entry stands for them (null where nothing of
/// the login was adopted).
type Whose = (Option<i64>, Option<i64>, Option<i64>, Option<bool>);

/// Folds entries of a day from a bucket on, within the caller's transaction; how many there were and how many took
/// their place.
pub(super) fn fold(
    connection: &Connection<'_>,
    nas: NasId,
    from: i64,
    day: &Range<i64>,
) -> Result<(u64, u64), StoreError> {
    let looks = Looks::of(connection, nas)?;
    let mut sums: BTreeMap<Whose, Sum> = BTreeMap::new();
    let (mut entries, mut last, mut highest) = (0, (from, 0), 0);
    let values = params![nas.0, from, day.end, FIRST_DECISION_NO, ENTRIES];
    rows::each(connection, LINES, values, |row| {
        let (whose, sum) =
            ((row.get(2)?, row.get(3)?, row.get(4)?, row.get(16)?), Sum::of_line(row, &looks)?);
        last = sum.key;
        highest = highest.max(sum.key.1);
        entries += 1;
        match sums.entry(whose) {
            std::collections::btree_map::Entry::Vacant(free) => _ = free.insert(sum),
            std::collections::btree_map::Entry::Occupied(mut there) => there.get_mut().add(&sum),
        }
        Ok(())
    })?;
    open_entry::settle(connection, nas, from, last)?;
    connection.execute(DELETE_LINES, params![nas.0, from, last.0, last.1, FIRST_DECISION_NO])?;
    let mut into = 0;
    for (whose, mut sum) in sums {
        add_folded_before(connection, nas, day, whose, &mut sum)?;
        if !sum.is_nothing() {
            sum.insert(connection, nas, whose)?;
            into += 1;
        }
    }
    connection.execute(MARK, params![nas.0, day.end, highest + 1])?;
    Ok((entries, into))
}

/// How long of its session a line did not see.
pub(crate) struct UnseenOfSession {
    pub(crate) bucket: i64,
    pub(crate) no: i64,
    /// Microseconds.
    pub(crate) micros: i64,
}

/// Of the lines in these buckets that would be folded those that did not see something of their session.
pub(crate) fn unseen_of_sessions(
    connection: &Connection<'_>,
    nas: NasId,
    buckets: &Range<i64>,
) -> Result<Vec<UnseenOfSession>, StoreError> {
    let looks = Looks::of(connection, nas)?;
    let mut found = Vec::new();
    let values = params![nas.0, buckets.start, buckets.end, FIRST_DECISION_NO];
    rows::each(connection, UNSEEN_LINES, values, |row| {
        let line = Sum::of_line(row, &looks)?;
        if line.unseen_session_us > 0 {
            found.push(UnseenOfSession {
                bucket: line.key.0,
                no: line.key.1,
                micros: amount(line.unseen_session_us)?,
            });
        }
        Ok(())
    })?;
    Ok(found)
}

/// Takes up what an earlier step made of the same day.
fn add_folded_before(
    connection: &Connection<'_>,
    nas: NasId,
    day: &Range<i64>,
    (login, session, cycle, adopted): Whose,
    sum: &mut Sum,
) -> Result<(), StoreError> {
    let values = params![login, day.start, day.end, nas.0, session, cycle, adopted];
    let sql = if login.is_some() { BEFORE_OF_LOGIN } else { BEFORE_OF_NOBODY };
    for before in rows::all(connection, sql, values, Sum::of_folded)? {
        connection.execute(DELETE_ONE, params![nas.0, before.key.0, before.key.1])?;
        sum.add(&before);
    }
    Ok(())
}

/// What the entries of one session, login and cycle add up to.
#[derive(Clone, Debug)]
struct Sum {
    /// Bucket and number of the last of them, which the sum takes over.
    key: (i64, i64),
    delta: Octets,
    from: i64,
    to: i64,
    unseen: Option<Unseen>,
    /// The part of the unseen time that lies in the session, microseconds.
    unseen_session_us: u64,
    polls: i64,
    entries: u64,
}

impl Sum {
    fn of_line(row: &Row<'_>, looks: &Looks) -> Result<Sum, StoreError> {
        let (from, to): (i64, i64) = (row.get(7)?, row.get(8)?);
        let (unseen, reason): (_, String) = (unseen(row, 9)?, row.get(13)?);
        let stretch = Stretch {
            ends_session: Reason::from_name(&reason).is_some_and(Reason::ends_session),
            from,
            to,
            started_at: row.get(14)?,
            last_seen_at: row.get(15)?,
        };
        let unseen_session_us = match (unseen.and_then(|unseen| unseen.micros), row.get::<Option<i64>>(2)?) {
            (Some(micros), Some(_)) => {
                let source = source(row, 17)?;
                stretch
                    .unseen_of_session(micros, &looks.covered(source, &(Micros(i64::MIN)..Micros(i64::MAX))))
            }
            _ => 0,
        };
        Ok(Sum {
            key: (row.get(0)?, row.get(1)?),
            delta: octets(row, 5)?,
            from,
            to,
            unseen,
            unseen_session_us,
            polls: row.get(12)?,
            entries: 1,
        })
    }

    fn of_folded(row: &Row<'_>) -> Result<Sum, StoreError> {
        let number = |column: usize| -> Result<u64, StoreError> {
            from_amount(row.get::<Option<i64>>(column)?.unwrap_or_default())
        };
        Ok(Sum {
            key: (row.get(0)?, row.get(1)?),
            delta: octets(row, 2)?,
            from: row.get(4)?,
            to: row.get(5)?,
            unseen: unseen(row, 6)?,
            unseen_session_us: number(11)?,
            polls: row.get(9)?,
            entries: number(10)?,
        })
    }

    fn add(&mut self, other: &Sum) {
        self.key = self.key.max(other.key);
        self.delta += other.delta;
        self.from = self.from.min(other.from);
        self.to = self.to.max(other.to);
        self.unseen = both(self.unseen, other.unseen);
        self.unseen_session_us = self.unseen_session_us.saturating_add(other.unseen_session_us);
        self.polls = self.polls.saturating_add(other.polls).min(i64::from(u32::MAX));
        self.entries += other.entries;
    }

    /// It says nothing that a total, a bound or a share could lack.
    fn is_nothing(&self) -> bool {
        self.delta.is_zero() && self.unseen.is_none()
    }

    fn insert(
        &self,
        connection: &Connection<'_>,
        nas: NasId,
        (login, session, cycle, _): Whose,
    ) -> Result<(), StoreError> {
        let unseen = self.unseen;
        connection.execute(
            INSERT,
            params![
                nas.0,
                self.key.0,
                self.key.1,
                login,
                session,
                cycle,
                amount(self.delta.input)?,
                amount(self.delta.output)?,
                self.from,
                self.to,
                unseen.is_some(),
                unseen.and_then(|unseen| unseen.micros).map(amount).transpose()?,
                unseen.and_then(|unseen| unseen.upper_octets).map(amount).transpose()?,
                self.polls,
                amount(self.entries)?,
                amount(self.unseen_session_us)?,
            ],
        )?;
        Ok(())
    }
}
