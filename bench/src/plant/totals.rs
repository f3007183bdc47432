//! The sums a database holds, read past the store: the judge of a commit is not the one who wrote it.

use std::path::Path;

use accounting::Octets;
use rusqlite::{Connection, OpenFlags};

use crate::figure::Result;
use crate::sums::exact;

/// A reading connection beside the store's own.
pub(crate) struct Totals(Connection);

/// One sum per place where octets are kept.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    counters: Octets,
    sessions: Octets,
    ledger: Octets,
    cycles: Octets,
}

/// Every number is whole; PostgreSQL adds whole numbers up to others.
macro_rules! sums {
    ($input:literal, $output:literal, $from:literal) => {
        concat!(
            "SELECT CAST(coalesce(sum(",
            $input,
            "), 0) AS bigint), CAST(coalesce(sum(",
            $output,
            "), 0) AS bigint) FROM ",
            $from
        )
    };
}
/// A counter stands where its open entry ends.
const COUNTERS: &str = sums!(
    "CASE WHEN counter.open_no IS NULL THEN counter.input_octets ELSE entry.after_input END",
    "CASE WHEN counter.open_no IS NULL THEN counter.output_octets ELSE entry.after_output END",
    "counter LEFT JOIN ledger_entry AS entry ON entry.nas_id = counter.nas_id AND entry.bucket = counter.open_bucket
        AND entry.no = counter.open_no
    WHERE state = 0"
);
/// A session's row lacks what its open entry adds.
const SESSIONS: &str = sums!(
    "session.input_octets + coalesce(entry.delta_input, 0)",
    "session.output_octets + coalesce(entry.delta_output, 0)",
    "session LEFT JOIN ledger_entry AS entry ON entry.nas_id = session.nas_id AND entry.bucket = session.open_bucket
        AND entry.no = session.open_no"
);
const LEDGER: &str = sums!("delta_input", "delta_output", "ledger_entry WHERE posted = 1");
const CYCLES: &str = sums!("input_octets", "output_octets", "cycle_total");

impl Kept {
    /// What a database holds that is asked by `sum`.
    pub(crate) fn read(mut sum: impl FnMut(&str) -> Result<(i64, i64)>) -> Result<Self> {
        let mut octets = |sql| -> Result<Octets> {
            let (input, output) = sum(sql)?;
            Ok(Octets::new(input.try_into()?, output.try_into()?))
        };
        Ok(Kept {
            counters: octets(COUNTERS)?,
            sessions: octets(SESSIONS)?,
            ledger: octets(LEDGER)?,
            cycles: octets(CYCLES)?,
        })
    }

    /// Refuses a database whose living counters do not stand at `counters`, or that does not hold exactly `gained`
    /// everywhere else.
    pub(crate) fn check(self, who: &str, counters: Octets, gained: Octets) -> Result<()> {
        exact(who, self, Kept { counters, sessions: gained, ledger: gained, cycles: gained })
    }
}

impl Totals {
    /// Opens `path` for reading.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(Totals(connection))
    }

    /// As [`Kept::check`].
    pub(crate) fn check(&self, who: &str, counters: Octets, gained: Octets) -> Result<()> {
        self.kept()?.check(who, counters, gained)
    }

    /// What it holds.
    pub(crate) fn kept(&self) -> Result<Kept> {
        Kept::read(|sql| Ok(self.0.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?))
    }
}
