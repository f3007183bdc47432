//! What a bare program would remember of each counter: its last octets and the rows they are written to.

use std::collections::HashMap;

use accounting::Octets;
use rusqlite::Connection;
use store::NasId;

use crate::figure::Result;

/// One counter and its rows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    pub(crate) cycle: i64,
    pub(crate) bucket: i64,
    pub(crate) entry: i64,
    /// As read last.
    pub(crate) octets: Octets,
    /// Since the reading before.
    pub(crate) gained: Octets,
    /// All that its open ledger entry adds.
    pub(crate) entered: Octets,
    pub(crate) polls: i64,
}

impl Line {
    /// The line of a row of [`LOAD`].
    pub(crate) fn of(column: impl Fn(usize) -> Result<i64>) -> Result<Line> {
        let octets = |at: usize| -> Result<Octets> {
            Ok(Octets::new(column(at)?.try_into()?, column(at + 1)?.try_into()?))
        };
        Ok(Line {
            cycle: column(0)?,
            bucket: column(1)?,
            entry: column(2)?,
            octets: octets(3)?,
            gained: Octets::ZERO,
            entered: octets(5)?,
            polls: column(7)?,
        })
    }

    /// Takes a reading; `None` when the counter fell.
    pub(crate) fn read(&mut self, octets: Octets) -> Option<()> {
        self.gained = octets.grown_since(self.octets)?;
        self.octets = octets;
        self.entered += self.gained;
        self.polls += 1;
        Some(())
    }
}

/// All counters of a router, in the order of their rows, and where each name is.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    lines: Vec<Line>,
    by_name: HashMap<Vec<u8>, usize>,
}

/// The columns in the order [`Line::of`] takes them, then the counter's name.
pub(crate) const LOAD: &str = "
    SELECT entry.cycle_id, entry.bucket, entry.no, entry.after_input, entry.after_output, entry.delta_input,
        entry.delta_output, entry.polls, counter.name
    FROM ledger_entry AS entry
    JOIN counter ON counter.nas_id = ?1 AND counter.id = (?1 << 40 | entry.counter_no)
    WHERE entry.nas_id = ?1 AND entry.reason = 'grew'
        AND entry.bucket = (SELECT max(bucket) FROM ledger_entry WHERE nas_id = ?1)
    ORDER BY counter.id";

impl Lines {
    /// Loads every counter with an open ledger entry.
    pub(crate) fn load(connection: &Connection, nas: NasId) -> Result<Self> {
        let mut statement = connection.prepare(LOAD)?;
        let mut rows = statement.query([nas.0])?;
        let mut lines = Lines::default();
        while let Some(row) = rows.next()? {
            lines.add(Line::of(|column| Ok(row.get(column)?))?, row.get(8)?);
        }
        Ok(lines)
    }

    /// One more, whose counter has that name.
    pub(crate) fn add(&mut self, line: Line, name: Vec<u8>) {
        self.by_name.insert(name, self.lines.len());
        self.lines.push(line);
    }

    /// Takes a reading of the counter called `name`; `None` when there is no such counter, or it fell.
    pub(crate) fn read(&mut self, name: &[u8], octets: Octets) -> Option<()> {
        let index = *self.by_name.get(name)?;
        self.lines.get_mut(index)?.read(octets)
    }

    /// All of them.
    pub(crate) fn all(&self) -> &[Line] {
        &self.lines
    }
}
