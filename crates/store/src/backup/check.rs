//! Reading a backup to its end: every sum, and whatever else is done with its rows.

use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::path::Path;

use accounting::time::Micros;
use secrecy::SecretString;

use crate::sql::row::Cell;
use crate::sqlite::migrate::MIGRATIONS;

use super::error::{BackupError, cannot, damaged};
use super::frame::{FORMAT, FrameReader, Kind, MAGIC, RowSum, taken};
use super::moment::TableThere;
use super::sealed::Opening;

/// What a backup says of itself before its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupHeader {
    /// The version of the program that made it.
    pub program: String,
    /// The version of its tables.
    pub migration: i64,
    /// The installation that it is of.
    pub installation: String,
    /// When it was begun, by the clock of the host that made it.
    pub at: Micros,
    /// The kind of database that it was made of: `sqlite` or `postgres`. It goes back into either.
    pub database: String,
    /// Whether it takes a passphrase to read it.
    pub is_sealed: bool,
}

/// A table of a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedTable {
    /// Its name.
    pub name: String,
    /// Its rows.
    pub rows: u64,
    /// Octets of them, packed.
    pub octets: u64,
}

/// A backup that was written, or read to its end, with every sum as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// What it says of itself.
    pub header: BackupHeader,
    /// Every table.
    pub tables: Vec<CheckedTable>,
    /// Rows of all.
    pub rows: u64,
    /// SHA-256 of all that is in it.
    pub sum: [u8; 32],
    /// Size of the file.
    pub octets: u64,
}

/// Is given what is read, in order. A sum that is wrong is told after its rows were given.
pub(super) trait Sink {
    /// The first of all.
    fn header(&mut self, _header: &BackupHeader) -> Result<(), BackupError> {
        Ok(())
    }

    /// A table, whose rows follow.
    fn table(&mut self, _table: &TableThere) -> Result<(), BackupError> {
        Ok(())
    }

    /// A row of it.
    fn row(&mut self, _row: &[Cell<'_>]) -> Result<(), BackupError> {
        Ok(())
    }

    /// All its rows were given, and are these.
    fn table_end(&mut self, _table: &TableThere, _sum: &RowSum) -> Result<(), BackupError> {
        Ok(())
    }
}

/// Looks at the sums alone.
struct Nothing;

impl Sink for Nothing {}

/// Reads a backup to its end.
///
/// # Errors
/// `Damaged` where a sum is not what it was; `Passphrase`, `TooNew`, `File`.
pub fn check_backup(file: &Path, passphrase: Option<&SecretString>) -> Result<Checked, BackupError> {
    read(file, passphrase, &mut Nothing)
}

/// What a backup says of itself. Of one that is sealed nothing can be said without its passphrase: `None`.
///
/// # Errors
/// As [`check_backup`]; the sums are not looked at.
pub fn read_backup_header(
    file: &Path,
    passphrase: Option<&SecretString>,
) -> Result<Option<BackupHeader>, BackupError> {
    let (input, is_sealed, _) = opened(file)?;
    match (is_sealed, passphrase) {
        (true, None) => Ok(None),
        (true, Some(passphrase)) => {
            header(&mut FrameReader::new(Opening::new(input, passphrase)?), true, &mut Vec::new()).map(Some)
        }
        (false, _) => header(&mut FrameReader::new(input), false, &mut Vec::new()).map(Some),
    }
}

/// Reads a backup to its end and gives all to `sink`.
///
/// # Errors
/// As [`check_backup`], and what `sink` says.
pub(super) fn read(
    file: &Path,
    passphrase: Option<&SecretString>,
    sink: &mut dyn Sink,
) -> Result<Checked, BackupError> {
    let (input, is_sealed, octets) = opened(file)?;
    match (is_sealed, passphrase) {
        (true, None) => Err(BackupError::Passphrase(format!(
            "the backup {} is encrypted; nothing was read. Give its passphrase: --passphrase-file FILE",
            file.display()
        ))),
        (true, Some(passphrase)) => {
            all(FrameReader::new(Opening::new(input, passphrase)?), is_sealed, octets, sink)
        }
        (false, _) => all(FrameReader::new(input), is_sealed, octets, sink),
    }
}

/// The file behind its first octets, whether it is sealed, and its size.
fn opened(file: &Path) -> Result<(impl BufRead, bool, u64), BackupError> {
    let failed = |error: std::io::Error| cannot(file, "read", &error);
    let input = File::open(file).map_err(failed)?;
    let octets = input.metadata().map_err(failed)?.len();
    let mut input = BufReader::with_capacity(128 * 1024, input);
    let mut begin = [0; 18];
    let no_backup = || {
        BackupError::File(format!("the file {} is no backup of Tikmeter; nothing was read", file.display()))
    };
    input.read_exact(&mut begin).map_err(|error| match error.kind() {
        ErrorKind::UnexpectedEof => no_backup(),
        _ => failed(error),
    })?;
    match &begin {
        [magic @ .., _, _] if magic != MAGIC => Err(no_backup()),
        [.., format, _] if *format > FORMAT => {
            Err(BackupError::TooNew { what: "the file", found: i64::from(*format), known: i64::from(FORMAT) })
        }
        [.., FORMAT, sealed @ 0..=1] => Ok((input, *sealed == 1, octets)),
        _ => Err(damaged("its first line makes no sense")),
    }
}

fn header<R: Read>(
    frames: &mut FrameReader<R>,
    is_sealed: bool,
    payload: &mut Vec<u8>,
) -> Result<BackupHeader, BackupError> {
    if frames.next(payload)? != Kind::Header {
        return Err(damaged("it does not begin with what it is"));
    }
    let cells = &mut &payload[..];
    let header = BackupHeader {
        program: taken(cells)?,
        migration: taken(cells)?,
        installation: taken(cells)?,
        at: Micros(taken(cells)?),
        database: taken(cells)?,
        is_sealed,
    };
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    match header.migration {
        found if found > known => Err(BackupError::TooNew { what: "the tables", found, known }),
        found if found < 1 => Err(damaged("its tables have no version")),
        _ => Ok(header),
    }
}

fn all<R: Read>(
    mut frames: FrameReader<R>,
    is_sealed: bool,
    octets: u64,
    sink: &mut dyn Sink,
) -> Result<Checked, BackupError> {
    let mut payload = Vec::new();
    let header = header(&mut frames, is_sealed, &mut payload)?;
    sink.header(&header)?;
    let (mut tables, mut rows): (Vec<CheckedTable>, u64) = (Vec::new(), 0);
    loop {
        match frames.next(&mut payload)? {
            Kind::Table => {
                let table = table_of(&payload)?;
                sink.table(&table)?;
                tables.push(one_table(&mut frames, table, &mut payload, sink)?);
                rows += tables.last().map_or(0, |table| table.rows);
            }
            Kind::End => break,
            _ => return Err(damaged("its parts are not in their order")),
        }
    }
    let cells = &mut &payload[..];
    let said: (i64, i64, [u8; 32]) = (taken(cells)?, taken(cells)?, taken(cells)?);
    frames.refuse_more()?;
    let sum = frames.sum();
    if said.2 != sum || said.0.cast_unsigned() != tables.len() as u64 || said.1.cast_unsigned() != rows {
        return Err(damaged("the sum of the whole is another one"));
    }
    Ok(Checked { header, tables, rows, sum, octets })
}

fn table_of(payload: &[u8]) -> Result<TableThere, BackupError> {
    let cells = &mut &payload[..];
    let (name, highest_id) = (taken(cells)?, taken(cells)?);
    let mut columns = Vec::new();
    while !cells.is_empty() {
        columns.push(taken(cells)?);
    }
    if columns.is_empty() {
        return Err(damaged("a table has no columns"));
    }
    Ok(TableThere { name, columns, highest_id })
}

fn one_table<R: Read>(
    frames: &mut FrameReader<R>,
    table: TableThere,
    payload: &mut Vec<u8>,
    sink: &mut dyn Sink,
) -> Result<CheckedTable, BackupError> {
    let (mut sum, mut octets) = (RowSum::default(), 0);
    loop {
        match frames.next(payload)? {
            Kind::Rows => {
                rows(&table, payload, &mut sum, sink)?;
                octets += payload.len() as u64;
            }
            Kind::TableEnd => break,
            _ => return Err(damaged("its parts are not in their order")),
        }
    }
    let cells = &mut &payload[..];
    let said = RowSum { rows: taken::<i64>(cells)?.cast_unsigned(), sum: taken(cells)? };
    if said != sum {
        return Err(BackupError::Damaged(format!("the sum of {} is another one", table.name)));
    }
    sink.table_end(&table, &sum)?;
    Ok(CheckedTable { name: table.name, rows: sum.rows, octets })
}

fn rows(
    table: &TableThere,
    payload: &[u8],
    sum: &mut RowSum,
    sink: &mut dyn Sink,
) -> Result<(), BackupError> {
    let mut rest = payload;
    while !rest.is_empty() {
        let before = rest;
        let cells: Vec<Cell<'_>> =
            table.columns.iter().map(|_| taken(&mut rest)).collect::<Result<_, _>>()?;
        sum.add(&before[..before.len() - rest.len()]);
        sink.row(&cells)?;
    }
    Ok(())
}
