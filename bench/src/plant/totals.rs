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
struct Kept {
    counters: Octets,
    sessions: Octets,
    ledger: Octets,
    cycles: Octets,
}

/// A counter stands where its open entry ends; a session's row lacks what its open entry adds.
const COUNTERS: &str = "
    SELECT sum(iif(counter.open_no IS NULL, counter.input_octets, entry.after_input)),
           sum(iif(counter.open_no IS NULL, counter.output_octets, entry.after_output))
    FROM counter LEFT JOIN ledger_entry AS entry ON entry.nas_id = counter.nas_id AND entry.bucket = counter.open_bucket
        AND entry.no = counter.open_no
    WHERE state = 0";
const SESSIONS: &str = "
    SELECT sum(session.input_octets + coalesce(entry.delta_input, 0)),
           sum(session.output_octets + coalesce(entry.delta_output, 0))
    FROM session LEFT JOIN ledger_entry AS entry ON entry.nas_id = session.nas_id AND entry.bucket = session.open_bucket
        AND entry.no = session.open_no";

impl Totals {
    /// Opens `path` for reading.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(Totals(connection))
    }

    /// Refuses a database whose living counters do not stand at `counters`, or that does not hold exactly `gained`
    /// everywhere else.
    pub(crate) fn check(&self, who: &str, counters: Octets, gained: Octets) -> Result<()> {
        exact(who, self.read()?, Kept { counters, sessions: gained, ledger: gained, cycles: gained })
    }

    fn read(&self) -> Result<Kept> {
        Ok(Kept {
            counters: self.sum(COUNTERS)?,
            sessions: self.sum(SESSIONS)?,
            ledger: self
                .sum("SELECT sum(delta_input), sum(delta_output) FROM ledger_entry WHERE posted = 1")?,
            cycles: self.sum("SELECT sum(input_octets), sum(output_octets) FROM cycle")?,
        })
    }

    fn sum(&self, sql: &str) -> Result<Octets> {
        let (input, output): (i64, i64) = self.0.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(Octets::new(input.try_into()?, output.try_into()?))
    }
}
