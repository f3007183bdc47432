//! What a backup is made of: frames of packed cells, each table with a sum of its rows, the whole with a sum of all.

use std::io::{self, Read, Write};

use sha2::{Digest as _, Sha256};

use crate::moving::packed;
use crate::sql::row::{Cell, FromCell};

use super::error::{BackupError, damaged};

/// The version of the format that this program writes, and the newest that it reads.
pub(super) const FORMAT: u8 = 1;
/// How each backup begins: this, a byte of its format's version, and a byte that says whether it is sealed.
pub(super) const MAGIC: &[u8; 16] = b"tikmeter-backup\n";
/// A longer frame is none of ours.
const LONGEST: u32 = 64 * 1024 * 1024;
/// Rows are gathered up to so many octets.
const GATHERED: usize = 256 * 1024;

/// What a frame holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The program, the version of its tables, the installation, the moment, the kind of database.
    Header,
    /// A table's name, the highest id it ever gave, its columns.
    Table,
    /// Rows of that table.
    Rows,
    /// How many, and their sum.
    TableEnd,
    /// How many tables and rows, and the sum of all before.
    End,
}

const KINDS: [(Kind, u8); 5] = [
    (Kind::Header, b'H'),
    (Kind::Table, b'T'),
    (Kind::Rows, b'R'),
    (Kind::TableEnd, b'e'),
    (Kind::End, b'E'),
];

/// The sum of rows in whatever order: of each the SHA-256, added as numbers of 256 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct RowSum {
    pub(super) rows: u64,
    pub(super) sum: [u8; 32],
}

impl RowSum {
    /// One more row, packed.
    pub(super) fn add(&mut self, packed: &[u8]) {
        self.rows += 1;
        let mut carry = 0;
        for (place, byte) in self.sum.iter_mut().zip(Sha256::digest(packed)) {
            let added = u16::from(*place) + u16::from(byte) + carry;
            [*place, _] = added.to_le_bytes();
            carry = added >> 8;
        }
    }
}

/// Writes frames.
pub(super) struct FrameWriter<W> {
    inner: W,
    sum: Sha256,
    gathered: Vec<u8>,
}

impl<W: Write> FrameWriter<W> {
    pub(super) fn new(inner: W) -> Self {
        FrameWriter { inner, sum: Sha256::new(), gathered: Vec::with_capacity(GATHERED) }
    }

    /// Writes a frame of these cells.
    pub(super) fn cells(&mut self, kind: Kind, cells: &[Cell<'_>]) -> io::Result<()> {
        let mut payload = Vec::new();
        packed::pack_row(cells, &mut payload);
        self.frame(kind, &payload)
    }

    /// One more row; it is written with those around it.
    pub(super) fn row(&mut self, packed: &[u8]) -> io::Result<()> {
        self.gathered.extend_from_slice(packed);
        if self.gathered.len() >= GATHERED { self.rows() } else { Ok(()) }
    }

    /// Writes what was gathered.
    pub(super) fn rows(&mut self) -> io::Result<()> {
        let gathered = std::mem::take(&mut self.gathered);
        if !gathered.is_empty() {
            self.frame(Kind::Rows, &gathered)?;
        }
        self.gathered = gathered;
        self.gathered.clear();
        Ok(())
    }

    /// Writes the last frame, with the sum of all before, and gives the sum too.
    pub(super) fn end(mut self, tables: i64, rows: i64) -> io::Result<(W, [u8; 32])> {
        let sum: [u8; 32] = self.sum.clone().finalize().into();
        self.cells(Kind::End, &[Cell::Int(tables), Cell::Int(rows), Cell::Bytes(&sum)])?;
        Ok((self.inner, sum))
    }

    fn frame(&mut self, kind: Kind, payload: &[u8]) -> io::Result<()> {
        let length = u32::try_from(payload.len()).ok().filter(|length| *length <= LONGEST);
        let length = length.ok_or_else(|| io::Error::other("a row has more than 64 MiB"))?;
        let letter = KINDS.iter().find(|(known, _)| *known == kind).map_or(0, |(_, letter)| *letter);
        let mut head = [letter, 0, 0, 0, 0];
        head[1..].copy_from_slice(&length.to_be_bytes());
        for part in [&head[..], payload] {
            self.sum.update(part);
            self.inner.write_all(part)?;
        }
        Ok(())
    }
}

/// Reads frames.
pub(super) struct FrameReader<R> {
    inner: R,
    sum: Sha256,
    /// The sum of all frames before the last that was read.
    before: [u8; 32],
}

impl<R: Read> FrameReader<R> {
    pub(super) fn new(inner: R) -> Self {
        FrameReader { inner, sum: Sha256::new(), before: [0; 32] }
    }

    /// The next frame.
    ///
    /// # Errors
    /// `Damaged` also where there is none any more.
    pub(super) fn next(&mut self, payload: &mut Vec<u8>) -> Result<Kind, BackupError> {
        let mut head = [0; 5];
        self.inner.read_exact(&mut head).map_err(broken)?;
        let [letter, length @ ..] = head;
        let kind = KINDS.iter().find(|(_, known)| *known == letter).map(|(kind, _)| *kind);
        let kind = kind.ok_or_else(|| damaged("a frame is of no known kind"))?;
        let length = u32::from_be_bytes(length);
        if length > LONGEST {
            return Err(damaged("a frame is longer than any can be"));
        }
        payload.clear();
        // Grows with what comes, not with what a length claims.
        let read = (&mut self.inner).take(u64::from(length)).read_to_end(payload).map_err(broken)?;
        if read != length as usize {
            return Err(damaged("it ends in the middle"));
        }
        if kind == Kind::End {
            self.before = self.sum.clone().finalize().into();
        }
        self.sum.update(head);
        self.sum.update(&payload[..]);
        Ok(kind)
    }

    /// The sum of all frames before the last one, once that was read.
    pub(super) fn sum(&self) -> [u8; 32] {
        self.before
    }

    /// Behind the last frame there is nothing.
    pub(super) fn refuse_more(&mut self) -> Result<(), BackupError> {
        match self.inner.read(&mut [0]).map_err(broken)? {
            0 => Ok(()),
            _ => Err(damaged("something follows its end")),
        }
    }
}

/// What a stream that breaks off, or that cannot be opened, means.
pub(super) fn broken(error: io::Error) -> BackupError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => damaged("it ends in the middle"),
        io::ErrorKind::InvalidData => BackupError::Damaged(error.to_string()),
        _ => BackupError::File(format!("the backup cannot be read ({error})")),
    }
}

/// Takes the next cell off a frame.
pub(super) fn taken<'p, T: FromCell<'p>>(payload: &mut &'p [u8]) -> Result<T, BackupError> {
    let cell = packed::unpack(payload).map_err(|_| damaged("a frame makes no sense"))?;
    T::from_cell(cell).ok_or_else(|| damaged("a frame makes no sense"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_of_rows_does_not_depend_on_their_order_and_sees_each() {
        let sum = |rows: &[&[u8]]| {
            let mut sum = RowSum::default();
            rows.iter().for_each(|row| sum.add(row));
            sum
        };
        assert_eq!(sum(&[b"a", b"b", b"c"]), sum(&[b"c", b"a", b"b"]));
        assert_ne!(sum(&[b"a", b"b"]), sum(&[b"a", b"c"]));
        assert_ne!(sum(&[b"a", b"a"]).sum, [0; 32], "two that are alike do not cancel each other");
    }

    #[test]
    fn a_length_that_lies_takes_no_memory() {
        let mut lie = vec![b'R'];
        lie.extend(LONGEST.to_be_bytes());
        lie.push(0);
        let mut payload = Vec::new();
        assert_eq!(FrameReader::new(&lie[..]).next(&mut payload), Err(damaged("it ends in the middle")));
        assert!(payload.capacity() < 1024 * 1024);
    }
}
