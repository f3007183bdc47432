//! What is in PostgreSQL, read back in the order of the file and compared with what was read of the file, chunk by chunk.

use postgres::binary_copy::BinaryCopyOutIter;
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::Type;
use postgres::{IsolationLevel, Transaction};

use crate::error::StoreError;
use crate::sql::row::Cell;

use super::error::MoveError;
use super::packed::{self, Key, MovedChunk, Sum};
use super::step::{Doing, MoveWatch, MovedTable, told};
use super::tables::{Table, listed};
use super::target::Target;

/// Differences told; whoever needs more compares the two by hand.
const TOLD: usize = 10;

/// Compares all tables.
///
/// # Errors
/// `Differs` with the table and the keys of each chunk that is not the same.
pub(super) fn all(
    target: &mut Target,
    tables: &[Table],
    watch: MoveWatch<'_>,
) -> Result<Vec<MovedTable>, MoveError> {
    let (mut moved, mut differences) = (Vec::new(), Vec::new());
    for table in tables {
        let chunks = target.moved(table)?;
        let moment = target.client().build_transaction().isolation_level(IsolationLevel::RepeatableRead);
        let mut moment = moment.read_only(true).start()?;
        let mut comparison = Comparison::of(table, &chunks);
        comparison.read(&mut moment, watch)?;
        differences.extend(comparison.differences);
        moved.push(MovedTable {
            name: table.name.clone(),
            rows: chunks.iter().map(|chunk| chunk.rows).sum(),
            octets: chunks.iter().map(|chunk| chunk.octets).sum(),
        });
    }
    differences.truncate(TOLD);
    if differences.is_empty() { Ok(moved) } else { Err(MoveError::Differs(differences)) }
}

/// The comparison of a table.
struct Comparison<'c> {
    table: &'c Table,
    chunks: &'c [MovedChunk],
    /// The chunk whose rows are being read.
    at: usize,
    sum: Sum,
    differences: Vec<String>,
}

impl<'c> Comparison<'c> {
    fn of(table: &'c Table, chunks: &'c [MovedChunk]) -> Self {
        Comparison { table, chunks, at: 0, sum: Sum::default(), differences: Vec::new() }
    }

    fn read(&mut self, moment: &mut Transaction<'_>, watch: MoveWatch<'_>) -> Result<(), MoveError> {
        let (table, of_rows) = (self.table, self.chunks.iter().map(|chunk| chunk.rows).sum());
        let (columns, name, key) =
            (listed(table.columns.iter()), table.quoted(), listed(table.key_columns()));
        let query =
            format!("COPY (SELECT {columns} FROM {name} ORDER BY {key}) TO STDOUT WITH (FORMAT binary)");
        let types: Vec<Type> = table.columns.iter().map(|column| column.kind.clone()).collect();
        let mut rows = BinaryCopyOutIter::new(moment.copy_out(&query)?, &types);
        let (mut packed, mut done, mut octets) = (Vec::new(), 0, 0);
        while let Some(row) = rows.next()? {
            let cells: Vec<Cell<'_>> =
                (0..types.len()).map(|column| row.try_get(column)).collect::<Result<_, _>>()?;
            packed.clear();
            packed::pack_row(&cells, &mut packed);
            if self.reach(&Key::of(table, &cells))? {
                told(watch, Doing::Comparing, &table.name, [done, of_rows, octets])?;
            }
            self.sum.add(&packed);
            (done, octets) = (done + 1, octets + packed.len() as u64);
        }
        while self.at < self.chunks.len() {
            self.close();
        }
        self.refuse_rest();
        told(watch, Doing::Comparing, &table.name, [done, of_rows, octets])
    }

    /// Goes on to the chunk that a row of that key is in; whether that is another one.
    fn reach(&mut self, key: &Key) -> Result<bool, StoreError> {
        let (before, cells) = (self.at, key.cells()?);
        while let Some(chunk) = self.chunks.get(self.at) {
            if cells <= chunk.last.cells()? {
                break;
            }
            self.close();
        }
        Ok(self.at > before)
    }

    fn close(&mut self) {
        let (chunk, after) = (&self.chunks[self.at], self.at.checked_sub(1).map(|at| &self.chunks[at].last));
        let (rows, digest) = self.sum.end();
        let range = || packed::range(self.table, after, &chunk.last);
        if rows != chunk.rows {
            self.differences.push(format!("{}: {rows} in place of {}", range(), chunk.rows));
        } else if digest != chunk.digest {
            self.differences.push(format!("{}: one or more are not the same", range()));
        }
        self.at += 1;
    }

    /// Behind the last chunk there is nothing.
    fn refuse_rest(&mut self) {
        let (rows, _) = self.sum.end();
        if rows > 0 {
            self.differences
                .push(format!("{} rows of {} that the file does not have", rows, self.table.name));
        }
    }
}
