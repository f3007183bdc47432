//! Writing a backup.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use accounting::time::Micros;
use secrecy::SecretString;

use crate::error::StoreError;
use crate::moving::packed;
use crate::postgres::login::Purpose;
use crate::postgres::url::Place;
use crate::postgres::{PostgresOptions, check, login};
use crate::sql::row::{Cell, FromCell};
use crate::sqlite::whole::Whole;

use super::check::{BackupHeader, Checked, CheckedTable};
use super::error::{BackupError, cannot};
use super::frame::{FORMAT, FrameWriter, Kind, MAGIC, RowSum};
use super::moment::{Moment, Snapshot, TableThere};
use super::sealed::Sealing;

/// What a backup calls itself on a server.
const NAME: &str = "backup";

/// The database that is copied.
#[derive(Clone, PartialEq, Eq)]
pub enum BackupOrigin {
    /// A file of SQLite, which a server may have open.
    Sqlite(PathBuf),
    /// The URL of a PostgreSQL database. May hold a password.
    Postgres(String),
}

impl fmt::Debug for BackupOrigin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BackupOrigin::Sqlite(file) => write!(out, "Sqlite({})", file.display()),
            BackupOrigin::Postgres(_) => out.write_str("Postgres(..)"),
        }
    }
}

impl BackupOrigin {
    /// What a header says.
    fn kind(&self) -> &'static str {
        match self {
            BackupOrigin::Sqlite(_) => "sqlite",
            BackupOrigin::Postgres(_) => "postgres",
        }
    }
}

/// A backup to make.
#[derive(Debug)]
pub struct Backup<'b> {
    origin: &'b BackupOrigin,
    at: Micros,
    passphrase: Option<&'b SecretString>,
}

impl<'b> Backup<'b> {
    /// Of that database. `at`: the time to write into it, by the host's clock.
    pub fn new(origin: &'b BackupOrigin, at: Micros) -> Backup<'b> {
        Backup { origin, at, passphrase: None }
    }

    /// Readable only with that passphrase.
    #[must_use]
    pub fn sealed_with(self, passphrase: Option<&'b SecretString>) -> Backup<'b> {
        Backup { passphrase, ..self }
    }

    /// Writes it into a file that was not there before, whole or not at all, readable by its owner only. Blocks while it does;
    /// whoever uses the database goes on. PostgreSQL meanwhile does not fold months.
    ///
    /// # Errors
    /// What stands in the way; no file is left.
    pub fn write(&self, to: &Path) -> Result<Checked, BackupError> {
        // The driver waits by a runtime of its own, which a thread of another runtime must not.
        std::thread::scope(|scope| match scope.spawn(|| self.written(to)).join() {
            Ok(written) => written,
            Err(_) => Err(BackupError::File("the backup's thread broke; please report it".to_owned())),
        })
    }

    fn written(&self, to: &Path) -> Result<Checked, BackupError> {
        let part = beside(to, ".part");
        let written = self.write_part(&part).and_then(|checked| put(&part, to).map(|()| checked));
        if written.is_err() {
            // What cannot be removed is told with the next attempt.
            let _ = std::fs::remove_file(&part);
        }
        written
    }

    fn write_part(&self, part: &Path) -> Result<Checked, BackupError> {
        match self.origin {
            BackupOrigin::Sqlite(file) => self.of_moment(part, &mut Whole::beside_others(file)?),
            BackupOrigin::Postgres(url) => {
                let options = PostgresOptions {
                    node: NAME.to_owned(),
                    statement_timeout: Duration::ZERO,
                    ..Default::default()
                };
                let place = Arc::new(Place::parse(url, &options)?);
                let mut client = login::connect(&place, Purpose::Reading)?;
                if !check::check(&mut client)? {
                    let empty = "it holds no tables of Tikmeter, so there is nothing to keep";
                    return Err(StoreError::Unavailable(empty.to_owned()).into());
                }
                self.of_moment(part, &mut Snapshot::begin(&mut client)?)
            }
        }
    }

    fn of_moment(&self, part: &Path, moment: &mut dyn Moment) -> Result<Checked, BackupError> {
        let failed = |error: std::io::Error| cannot(part, "written", &error);
        let mut file = BufWriter::new(new_file(part).map_err(failed)?);
        file.write_all(&[MAGIC, &[FORMAT, u8::from(self.passphrase.is_some())][..]].concat())
            .map_err(failed)?;
        let header = self.header(moment)?;
        let (file, mut checked) = match self.passphrase {
            None => frames(file, header, moment).map_err(|error| error.at(part))?,
            Some(passphrase) => {
                let sealing = Sealing::new(file, passphrase)?;
                let (sealing, checked) = frames(sealing, header, moment).map_err(|error| error.at(part))?;
                (sealing.end().map_err(failed)?, checked)
            }
        };
        let file = file.into_inner().map_err(|error| failed(error.into_error()))?;
        file.sync_all().map_err(failed)?;
        checked.octets = file.metadata().map_err(failed)?.len();
        Ok(checked)
    }

    fn header(&self, moment: &mut dyn Moment) -> Result<BackupHeader, BackupError> {
        Ok(BackupHeader {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            migration: moment.migration()?,
            installation: installation(moment)?,
            at: self.at,
            database: self.origin.kind().to_owned(),
            is_sealed: self.passphrase.is_some(),
        })
    }
}

/// What breaks while frames are written: the file, or the database.
enum Broken {
    File(std::io::Error),
    Other(BackupError),
}

impl Broken {
    fn at(self, part: &Path) -> BackupError {
        match self {
            Broken::File(error) => cannot(part, "written", &error),
            Broken::Other(error) => error,
        }
    }
}

impl From<std::io::Error> for Broken {
    fn from(error: std::io::Error) -> Self {
        Broken::File(error)
    }
}

impl From<BackupError> for Broken {
    fn from(error: BackupError) -> Self {
        Broken::Other(error)
    }
}

fn frames<W: Write>(
    writer: W,
    header: BackupHeader,
    moment: &mut dyn Moment,
) -> Result<(W, Checked), Broken> {
    let mut writer = FrameWriter::new(writer);
    let BackupHeader { program, migration, installation, at, database, .. } = &header;
    let cells = [
        Cell::Text(program),
        Cell::Int(*migration),
        Cell::Text(installation),
        Cell::Int(at.0),
        Cell::Text(database),
    ];
    writer.cells(Kind::Header, &cells)?;
    let mut tables = Vec::new();
    for table in moment.tables()? {
        tables.push(one_table(&mut writer, &table, moment)?);
    }
    let rows = tables.iter().map(|table| table.rows).sum();
    let (writer, sum) = writer.end(count(tables.len() as u64), count(rows))?;
    Ok((writer, Checked { header, tables, rows, sum, octets: 0 }))
}

fn one_table<W: Write>(
    writer: &mut FrameWriter<W>,
    table: &TableThere,
    moment: &mut dyn Moment,
) -> Result<CheckedTable, Broken> {
    let highest = table.highest_id.map_or(Cell::Null, Cell::Int);
    let columns = table.columns.iter().map(|column| Cell::Text(column));
    writer.cells(
        Kind::Table,
        &[Cell::Text(&table.name), highest].into_iter().chain(columns).collect::<Vec<_>>(),
    )?;
    let (mut sum, mut octets, mut row, mut failed) = (RowSum::default(), 0, Vec::new(), None);
    let read = moment.rows(table, &mut |cells| {
        row.clear();
        packed::pack_row(cells, &mut row);
        sum.add(&row);
        octets += row.len() as u64;
        writer.row(&row).map_err(|error| {
            let told = BackupError::File(error.to_string());
            failed = Some(error);
            told
        })
    });
    if let Some(error) = failed {
        return Err(error.into());
    }
    read?;
    writer.rows()?;
    writer.cells(Kind::TableEnd, &[Cell::Int(count(sum.rows)), Cell::Bytes(&sum.sum)])?;
    Ok(CheckedTable { name: table.name.clone(), rows: sum.rows, octets })
}

fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Which installation it is of.
fn installation(moment: &mut dyn Moment) -> Result<String, BackupError> {
    let tables = moment.tables()?;
    let meta = tables.iter().find(|table| table.name == "meta");
    let lacks = || BackupError::Database(StoreError::Corrupt("nothing names the installation".to_owned()));
    let meta = meta.ok_or_else(lacks)?;
    let column = meta.columns.iter().position(|column| column == "installation").ok_or_else(lacks)?;
    let mut found = None;
    moment.rows(meta, &mut |cells| {
        found = String::from_cell(cells[column]);
        Ok(())
    })?;
    found.ok_or_else(lacks)
}

/// A path with an end behind its name.
pub(super) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

/// What an attempt that was cut off left there goes.
fn new_file(part: &Path) -> std::io::Result<File> {
    match std::fs::remove_file(part) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(part)
}

/// A second name instead of a move: a backup is never replaced.
fn put(part: &Path, to: &Path) -> Result<(), BackupError> {
    let named = std::fs::hard_link(part, to).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => BackupError::File(format!(
            "there is a file {} already, and a backup replaces none; nothing was written. Give another name",
            to.display()
        )),
        _ => cannot(to, "made", &error),
    });
    named?;
    let failed = |error: std::io::Error| cannot(to, "kept", &error);
    std::fs::remove_file(part).map_err(failed)?;
    sync_folder(to).map_err(failed)
}

/// Makes names that were put into the file's folder survive a power cut.
pub(super) fn sync_folder(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}
