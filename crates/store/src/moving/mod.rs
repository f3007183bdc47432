//! Moving an installation from SQLite to PostgreSQL, every row of every table.
//!
//! * `tables`: which there are and in which order they are copied, out of both databases' own descriptions
//! * `packed`: rows, keys and chunks as octets, the same for both sides; their digests
//! * `source`: the file, read in chunks; it never changes
//! * `marker`: what makes a server refuse the database meanwhile, and what tells how far the move is
//! * `target`: beginning, and the transactions that each copy a chunk
//! * `step`: what whoever watches is shown
//! * `compare`: what is there, read back and compared with what was read of the file
//!
//! A chunk and the row that tells of it are one transaction, so that a move that is cut off anywhere goes on where it
//! stopped. That the file is still the one of the rows that were copied is not believed but seen: they are read again, and
//! their digests must be the same.

mod compare;
mod error;
mod marker;
pub(crate) mod packed;
mod source;
mod step;
pub(crate) mod tables;
mod target;

use std::path::Path;

use crate::verify_repository::VerifyReport;

pub use error::MoveError;
pub use step::{Doing, MoveStep, MoveWatch, MovedTable};

use source::Source;
use step::told;
use tables::Table;
use target::Target;

/// Rows of a chunk. Fewer where they are long.
const CHUNK_ROWS: u64 = 10_000;

/// A move to make, or to go on with.
#[derive(Debug)]
pub struct Move<'m> {
    from: &'m Path,
    to: &'m str,
    chunk_rows: u64,
}

/// A move that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Every table, in the order in which they were copied.
    pub tables: Vec<MovedTable>,
    /// What recomputing the totals looked at, and found nothing wrong with.
    pub verified: VerifyReport,
}

impl<'m> Move<'m> {
    /// From a database file to the database of a URL.
    pub fn new(from: &'m Path, to: &'m str) -> Move<'m> {
        Move { from, to, chunk_rows: CHUNK_ROWS }
    }

    /// With so many rows in a chunk.
    #[must_use]
    pub fn in_chunks_of(self, rows: u64) -> Move<'m> {
        Move { chunk_rows: rows.max(1), ..self }
    }

    /// Makes the move whole, or goes on with it. Blocks while it does.
    ///
    /// # Errors
    /// What stands in the way, what is still as it was, and what to do.
    pub fn run(&self, watch: MoveWatch<'_>) -> Result<Moved, MoveError> {
        // The driver waits by a runtime of its own, which a thread of another runtime must not.
        std::thread::scope(|scope| match scope.spawn(|| self.made(watch)).join() {
            Ok(made) => made,
            Err(_) => Err(MoveError::CutOff("its thread broke; please report it".to_owned())),
        })
    }

    fn made(&self, watch: MoveWatch<'_>) -> Result<Moved, MoveError> {
        let source = Source::open(self.from)?;
        let mut target = Target::open(self.to, &source)?;
        let tables = tables::of_both(source.tables()?, target.client())?;
        target.empty_once(&tables)?;
        let begun = target.begun(&tables)?;
        for (place, table) in tables.iter().enumerate() {
            self.copy(table, place + 1 < begun, &source, &mut target, watch)?;
        }
        target.settle(&tables, &source)?;
        let moved = compare::all(&mut target, &tables, watch)?;
        told(watch, Doing::Verifying, "", [0; 3])?;
        let verified = target.verify()?;
        target.end()?;
        Ok(Moved { tables: moved, verified })
    }

    /// Reads again what was copied before, and copies the rest. Of a table that was copied whole there must be none.
    fn copy(
        &self,
        table: &Table,
        was_whole: bool,
        source: &Source,
        target: &mut Target,
        watch: MoveWatch<'_>,
    ) -> Result<(), MoveError> {
        let of_rows = source.count(table)?;
        let (mut last, mut rows, mut octets) = (None, 0, 0);
        for moved in target.moved(table)? {
            source.reread(table, last.as_ref(), &moved)?;
            (rows, octets) = (rows + moved.rows, octets + moved.octets);
            told(watch, Doing::Rereading, &table.name, [rows, of_rows, octets])?;
            last = Some(moved.last);
        }
        while let Some(chunk) = source.chunk(table, last.as_ref(), self.chunk_rows)? {
            if was_whole {
                return Err(source.has_changed(table, last.as_ref(), &chunk.last));
            }
            target.put(table, last.as_ref(), &chunk)?;
            (rows, octets) = (rows + chunk.rows, octets + chunk.octets());
            told(watch, Doing::Copying, &table.name, [rows, of_rows, octets])?;
            last = Some(chunk.last);
        }
        Ok(())
    }
}
