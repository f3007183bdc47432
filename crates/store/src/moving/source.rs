//! The file, in chunks.

use std::path::Path;

use crate::error::StoreError;
use crate::sql::row::Cell;
use crate::sqlite::whole::{Described, Whole};

use super::error::MoveError;
use super::packed::{self, Chunk, Key, MovedChunk};
use super::tables::{Table, listed};

/// A chunk with as many octets ends, however few its rows.
const CHUNK_OCTETS: usize = 8 * 1024 * 1024;

/// The file.
pub(super) struct Source {
    whole: Whole,
    /// The installation that is in it.
    pub(super) installation: String,
}

impl Source {
    /// Opens it; nobody else may meanwhile.
    pub(super) fn open(path: &Path) -> Result<Source, MoveError> {
        let whole = Whole::open(path).map_err(MoveError::Source)?;
        let mut installation = String::new();
        let sql = "SELECT installation FROM meta";
        let read = whole.stream(sql, &[], &mut |row| {
            installation = row.get(0)?;
            Ok(false)
        });
        read.map_err(MoveError::Source)?;
        Ok(Source { whole, installation })
    }

    /// For people.
    pub(super) fn shown(&self) -> String {
        self.whole.path().display().to_string()
    }

    /// Its tables.
    pub(super) fn tables(&self) -> Result<Vec<Described>, MoveError> {
        self.whole.tables().map_err(MoveError::Source)
    }

    /// How many rows a table has.
    pub(super) fn count(&self, table: &Table) -> Result<u64, StoreError> {
        let mut rows = 0_i64;
        self.whole.stream(&format!("SELECT count(*) FROM {}", table.quoted()), &[], &mut |row| {
            rows = row.get(0)?;
            Ok(false)
        })?;
        Ok(rows.cast_unsigned())
    }

    /// The highest id that a table ever gave, where it is remembered.
    pub(super) fn highest_id(&self, table: &Table) -> Result<Option<i64>, StoreError> {
        self.whole.highest_id(&table.name)
    }

    /// The next rows, so many at most; `None` when there are no more.
    pub(super) fn chunk(
        &self,
        table: &Table,
        after: Option<&Key>,
        rows: u64,
    ) -> Result<Option<Chunk>, StoreError> {
        self.read(table, after, None, &format!("LIMIT {rows}"), CHUNK_OCTETS)
    }

    /// Reads rows again that were copied.
    ///
    /// # Errors
    /// `Refused` when they are not the same any more.
    pub(super) fn reread(
        &self,
        table: &Table,
        after: Option<&Key>,
        moved: &MovedChunk,
    ) -> Result<(), MoveError> {
        let again = self.read(table, after, Some(&moved.last), "", usize::MAX)?;
        if again.is_some_and(|again| again.rows == moved.rows && again.digest() == moved.digest) {
            return Ok(());
        }
        Err(self.has_changed(table, after, &moved.last))
    }

    /// What is said of rows that are not what was copied.
    pub(super) fn has_changed(&self, table: &Table, after: Option<&Key>, last: &Key) -> MoveError {
        MoveError::Refused(format!(
            "the file {} has changed since a part of it was copied ({}): a server ran with it, or somebody wrote into it. It was \
             left as it is now, and what was copied is of no use any more. Drop the schema tikmeter of the PostgreSQL database \
             (DROP SCHEMA tikmeter CASCADE) and run the same command again; let no server run with the file until it has ended",
            self.shown(),
            packed::range(table, after, last)
        ))
    }

    fn read(
        &self,
        table: &Table,
        after: Option<&Key>,
        upto: Option<&Key>,
        limit: &str,
        most_octets: usize,
    ) -> Result<Option<Chunk>, StoreError> {
        let key = listed(table.key_columns());
        let mut values: Vec<Cell<'_>> = Vec::new();
        let mut bounds = Vec::new();
        for (bound, comparison) in [(after, ">"), (upto, "<=")] {
            let Some(bound) = bound else { continue };
            let cells = bound.cells()?;
            let marks = vec!["?"; cells.len()].join(", ");
            bounds.push(format!("({key}) {comparison} ({marks})"));
            values.extend(cells);
        }
        let bounds = if bounds.is_empty() { "1".to_owned() } else { bounds.join(" AND ") };
        let (columns, name) = (listed(table.columns.iter()), table.quoted());
        let sql = format!("SELECT {columns} FROM {name} WHERE {bounds} ORDER BY {key} {limit}");
        let (mut rows, mut packed, mut last) = (0, Vec::new(), None);
        self.whole.stream(&sql, &values, &mut |row| {
            let cells = packed::cells(row, table.columns.len())?;
            refuse_nul(table, &cells)?;
            packed::pack_row(&cells, &mut packed);
            (rows, last) = (rows + 1, Some(Key::of(table, &cells)));
            Ok(packed.len() < most_octets)
        })?;
        Ok(last.map(|last| Chunk { rows, packed, last }))
    }
}

/// The one character that a text of PostgreSQL cannot have.
fn refuse_nul(table: &Table, row: &[Cell<'_>]) -> Result<(), StoreError> {
    let has_nul = |cell: &Cell<'_>| matches!(cell, Cell::Text(text) if text.contains('\0'));
    let Some(column) = row.iter().position(has_nul) else { return Ok(()) };
    let (column, key) = (&table.columns[column].name, listed(table.key_columns()));
    Err(StoreError::Constraint(format!(
        "the {column} of the row of {} whose {key} is {} has a character NUL in it, which PostgreSQL cannot hold",
        table.name,
        Key::of(table, row)
    )))
}
