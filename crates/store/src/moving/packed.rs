//! Rows as octets. What is digested and compared is the same for both databases, because both sides' cells are packed here.

use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::error::StoreError;
use crate::sql::row::{Cell, Row};

use super::tables::Table;

const NULL: u8 = 0;
const INT: u8 = 1;
const TEXT: u8 = 2;
const BYTES: u8 = 3;

/// SHA-256 of rows in the order of their keys.
pub(super) type Digest = [u8; 32];

/// The key of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key(pub(super) Vec<u8>);

/// Rows in the order of their keys.
#[derive(Debug)]
pub(super) struct Chunk {
    pub(super) rows: u64,
    pub(super) packed: Vec<u8>,
    pub(super) last: Key,
}

/// A chunk that is in PostgreSQL.
#[derive(Debug)]
pub(super) struct MovedChunk {
    pub(super) rows: u64,
    pub(super) octets: u64,
    pub(super) last: Key,
    pub(super) digest: Digest,
}

/// Rows that are not kept.
#[derive(Default)]
pub(super) struct Sum {
    rows: u64,
    digest: Sha256,
}

impl Chunk {
    /// Its size.
    pub(super) fn octets(&self) -> u64 {
        self.packed.len() as u64
    }

    /// What is compared.
    pub(super) fn digest(&self) -> Digest {
        Sha256::digest(&self.packed).into()
    }
}

impl Sum {
    /// One more row.
    pub(super) fn add(&mut self, packed: &[u8]) {
        self.rows += 1;
        self.digest.update(packed);
    }

    /// Of all of them, which are forgotten.
    pub(super) fn end(&mut self) -> (u64, Digest) {
        let ended = std::mem::take(self);
        (ended.rows, ended.digest.finalize().into())
    }
}

impl Key {
    /// Of a packed row.
    pub(super) fn of(table: &Table, row: &[Cell<'_>]) -> Key {
        let mut packed = Vec::new();
        table.key.iter().for_each(|column| pack(row[*column], &mut packed));
        Key(packed)
    }

    /// Its cells.
    pub(super) fn cells(&self) -> Result<Vec<Cell<'_>>, StoreError> {
        let (mut rest, mut cells) = (&self.0[..], Vec::new());
        while !rest.is_empty() {
            cells.push(unpack(&mut rest)?);
        }
        Ok(cells)
    }
}

/// For people.
impl fmt::Display for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |cell| match cell {
            Cell::Null => "nothing".to_owned(),
            Cell::Int(number) => number.to_string(),
            Cell::Text(text) => text.escape_debug().to_string(),
            Cell::Bytes(bytes) => bytes.escape_ascii().to_string(),
        };
        let cells = self.cells().map_err(|_| fmt::Error)?;
        out.write_str(&cells.into_iter().map(shown).collect::<Vec<_>>().join("/"))
    }
}

/// Which rows of a table, for people.
pub(super) fn range(table: &Table, after: Option<&Key>, last: &Key) -> String {
    let columns: Vec<&str> = table.key.iter().map(|column| table.columns[*column].name.as_str()).collect();
    let (name, columns) = (&table.name, columns.join("/"));
    match after {
        Some(after) => format!("rows of {name} with {columns} after {after} up to {last}"),
        None => format!("rows of {name} with {columns} up to {last}"),
    }
}

/// The cells of a row.
pub(crate) fn cells<'r>(row: &Row<'r>, columns: usize) -> Result<Vec<Cell<'r>>, StoreError> {
    (0..columns).map(|column| row.get(column)).collect()
}

/// Adds a row.
pub(crate) fn pack_row(row: &[Cell<'_>], out: &mut Vec<u8>) {
    row.iter().for_each(|cell| pack(*cell, out));
}

fn pack(cell: Cell<'_>, out: &mut Vec<u8>) {
    let long = |out: &mut Vec<u8>, kind, bytes: &[u8]| {
        out.push(kind);
        out.extend((bytes.len() as u64).to_be_bytes());
        out.extend(bytes);
    };
    match cell {
        Cell::Null => out.push(NULL),
        Cell::Int(number) => {
            out.push(INT);
            out.extend(number.to_be_bytes());
        }
        Cell::Text(text) => long(out, TEXT, text.as_bytes()),
        Cell::Bytes(bytes) => long(out, BYTES, bytes),
    }
}

/// Takes the next cell off.
pub(crate) fn unpack<'p>(packed: &mut &'p [u8]) -> Result<Cell<'p>, StoreError> {
    taken(packed)
        .ok_or_else(|| StoreError::Corrupt("what was remembered of a move makes no sense".to_owned()))
}

fn taken<'p>(packed: &mut &'p [u8]) -> Option<Cell<'p>> {
    let kind = packed.split_off_first()?;
    match *kind {
        NULL => Some(Cell::Null),
        INT => Some(Cell::Int(i64::from_be_bytes(number(packed)?))),
        TEXT => Some(Cell::Text(std::str::from_utf8(long(packed)?).ok()?)),
        BYTES => Some(Cell::Bytes(long(packed)?)),
        _ => None,
    }
}

fn number(packed: &mut &[u8]) -> Option<[u8; 8]> {
    let (number, rest) = packed.split_first_chunk()?;
    *packed = rest;
    Some(*number)
}

fn long<'p>(packed: &mut &'p [u8]) -> Option<&'p [u8]> {
    let length = usize::try_from(u64::from_be_bytes(number(packed)?)).ok()?;
    packed.split_off(..length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_comes_back_and_no_two_rows_look_alike() {
        let rows: [&[Cell<'_>]; 5] = [
            &[Cell::Null, Cell::Int(-1), Cell::Text("añ\u{0}"), Cell::Bytes(b"\xff\0")],
            &[Cell::Text(""), Cell::Bytes(b"")],
            &[Cell::Text("ab"), Cell::Text("")],
            &[Cell::Text("a"), Cell::Text("b")],
            &[Cell::Bytes(b"ab"), Cell::Text("")],
        ];
        let mut seen = Vec::new();
        for row in rows {
            let mut packed = Vec::new();
            pack_row(row, &mut packed);
            let key = Key(packed);
            assert_eq!(key.cells().unwrap(), row);
            assert!(!seen.contains(&key), "{key}");
            seen.push(key);
        }
        assert_eq!(seen[0].to_string(), "nothing/-1/añ\\0/\\xff\\x00");
    }

    #[test]
    fn what_is_cut_short_is_told() {
        let mut packed = Vec::new();
        pack_row(&[Cell::Text("hello")], &mut packed);
        for length in 1..packed.len() {
            Key(packed[..length].to_vec()).cells().unwrap_err();
        }
    }
}
