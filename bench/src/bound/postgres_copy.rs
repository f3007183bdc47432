//! The rows of a round copied to a server and put into its tables by one statement each, in one transaction, and nothing else.

use postgres::binary_copy::BinaryCopyInWriter;
use postgres::types::Type;
use postgres::{Client, Statement, Transaction};
use store::NasId;

use super::ledger_lines::{LOAD, Line, Lines};
use crate::figure::Result;

const ROWS: &str = "
    CREATE TEMPORARY TABLE read_now (bucket bigint, no bigint, delta_input bigint, delta_output bigint,
        after_input bigint, after_output bigint, polls bigint, cycle bigint, gained_input bigint, gained_output bigint)
    ON COMMIT DELETE ROWS";
const COLUMNS: usize = 10;
const ROUTER: &str = "UPDATE nas SET poll_seq = poll_seq + 1, last_at = $2 WHERE id = $1";
const COVERAGE: &str = "
    UPDATE coverage SET to_at = $2
    WHERE nas_id = $1 AND id = (SELECT max(id) FROM coverage WHERE nas_id = $1 AND source = 'ppp')";
const LEDGER: &str = "
    UPDATE ledger_entry AS entry SET delta_input = read_now.delta_input, delta_output = read_now.delta_output,
        after_input = read_now.after_input, after_output = read_now.after_output, to_at = $2, polls = read_now.polls
    FROM read_now WHERE entry.nas_id = $1 AND entry.bucket = read_now.bucket AND entry.no = read_now.no";
const CYCLES: &str = "
    UPDATE cycle_total SET input_octets = input_octets + gained_input, output_octets = output_octets + gained_output
    FROM read_now WHERE nas_id = $1 AND cycle_id = read_now.cycle";

/// A connection to a database of its own with the store's tables.
pub(crate) struct PostgresCopy {
    client: Client,
    ready: Ready,
}

struct Ready {
    router: Statement,
    coverage: Statement,
    ledger: Statement,
    cycles: Statement,
}

impl PostgresCopy {
    /// Over a connection whose tables are those of the store.
    pub(crate) fn over(mut client: Client) -> Result<Self> {
        client.batch_execute("SET jit = off")?;
        client.batch_execute(ROWS)?;
        let ready = Ready {
            router: client.prepare(ROUTER)?,
            coverage: client.prepare(COVERAGE)?,
            ledger: client.prepare(LEDGER)?,
            cycles: client.prepare(CYCLES)?,
        };
        Ok(PostgresCopy { client, ready })
    }

    /// What a bare program would keep in memory of a router.
    pub(crate) fn lines(&mut self, nas: NasId) -> Result<Lines> {
        let mut lines = Lines::default();
        for row in self.client.query(&LOAD.replace("?1", "$1"), &[&nas.0])? {
            lines.add(Line::of(|column| Ok(row.try_get(column)?))?, row.try_get(8)?);
        }
        Ok(lines)
    }

    /// Writes what was read of a router at `at` (microseconds of our clock) in one transaction: the rows the store writes for
    /// a round in which only counters moved.
    pub(crate) fn commit(&mut self, at: i64, nas: NasId, lines: &[Line]) -> Result<()> {
        let mut transaction = self.client.transaction()?;
        copy(&mut transaction, lines)?;
        let Ready { router, coverage, ledger, cycles } = &self.ready;
        for statement in [router, coverage, ledger] {
            transaction.execute(statement, &[&nas.0, &at])?;
        }
        transaction.execute(cycles, &[&nas.0])?;
        Ok(transaction.commit()?)
    }
}

fn copy(transaction: &mut Transaction<'_>, lines: &[Line]) -> Result<()> {
    let into = transaction.copy_in("COPY read_now FROM STDIN (FORMAT binary)")?;
    let mut rows = BinaryCopyInWriter::new(into, &[Type::INT8; COLUMNS]);
    for line in lines {
        let Line { cycle, bucket, entry, octets, gained, entered, polls } = line;
        let octets =
            [entered.input, entered.output, octets.input, octets.output, gained.input, gained.output];
        let [delta_input, delta_output, after_input, after_output, input, output] =
            octets.map(u64::cast_signed);
        rows.write(&[
            bucket,
            entry,
            &delta_input,
            &delta_output,
            &after_input,
            &after_output,
            polls,
            cycle,
            &input,
            &output,
        ])?;
    }
    rows.finish()?;
    Ok(())
}
