//! Putting a backup into the place of a database, once it is known to be good.
//!
//! What is put back is a new SQLite file first, which takes its last name when it is whole and compared; for PostgreSQL that
//! file is moved in by [`Move`], which marks the database until it has ended. Killed anywhere, nothing that is half there can
//! be served. What was there before is put aside, not deleted.

use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use postgres::Client;
use rusqlite::OptionalExtension;
use secrecy::SecretString;

use crate::audit_repository::{AuditRepository, NewAudit};
use crate::error::StoreError;
use crate::moving::{Move, MoveWatch};
use crate::postgres::check::{self, Found};
use crate::postgres::login::{self, Purpose, SCHEMA};
use crate::postgres::url::Place;
use crate::postgres::{Postgres, PostgresOptions, writer};
use crate::sqlite::lock::FileLock;
use crate::sqlite::real_path::real_path;
use crate::sqlite::{Sqlite, file};
use crate::verify_repository::VerifyRepository;

use super::check::{Checked, check_backup};
use super::create::{beside, sync_folder};
use super::error::{BackupError, cannot, damaged};
use super::staging::Staging;

/// What this calls itself on a server.
const NAME: &str = "restore";
/// What was there before is called so.
const ASIDE: &str = "before-restore";

/// The database that a backup is put into.
#[derive(Clone, PartialEq, Eq)]
pub enum RestoreTarget {
    /// A file of SQLite.
    Sqlite(PathBuf),
    /// A PostgreSQL database.
    Postgres {
        /// Its URL. May hold a password.
        url: String,
        /// The SQLite file that is moved in; it has as much room as the database needs, and is gone afterwards.
        by_way_of: PathBuf,
    },
}

impl fmt::Debug for RestoreTarget {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RestoreTarget::Sqlite(file) => write!(out, "Sqlite({})", file.display()),
            RestoreTarget::Postgres { .. } => out.write_str("Postgres(..)"),
        }
    }
}

/// A backup to put back.
#[derive(Debug)]
pub struct Restore<'r> {
    backup: &'r Path,
    target: &'r RestoreTarget,
    act: NewAudit,
    passphrase: Option<&'r SecretString>,
    replace: bool,
}

/// A backup that was put back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// What was in it.
    pub checked: Checked,
    /// Where what was there before is now, if anything was.
    pub aside: Option<String>,
    /// Totals that are not the sums of their entries. They were not in the database that was copied either.
    pub mismatches: Vec<String>,
}

impl<'r> Restore<'r> {
    /// From that file into that database. `act`: what goes into its journal.
    pub fn new(backup: &'r Path, target: &'r RestoreTarget, act: NewAudit) -> Restore<'r> {
        Restore { backup, target, act, passphrase: None, replace: false }
    }

    /// Of a backup that is encrypted.
    #[must_use]
    pub fn opened_with(self, passphrase: Option<&'r SecretString>) -> Restore<'r> {
        Restore { passphrase, ..self }
    }

    /// Puts aside what is in the database, if anything is.
    #[must_use]
    pub fn replacing(self, replace: bool) -> Restore<'r> {
        Restore { replace, ..self }
    }

    /// Puts it back. Blocks while it does. Every sum of the backup is looked at before anything is written. `watch` is shown
    /// the way into PostgreSQL.
    ///
    /// # Errors
    /// What stands in the way, what is still as it was, and what to do.
    pub fn run(&self, watch: MoveWatch<'_>) -> Result<Restored, BackupError> {
        // The driver waits by a runtime of its own, which a thread of another runtime must not.
        std::thread::scope(|scope| match scope.spawn(|| self.put_back(watch)).join() {
            Ok(restored) => restored,
            Err(_) => {
                Err(BackupError::Refused("the thread that restored broke; please report it".to_owned()))
            }
        })
    }

    fn put_back(&self, watch: MoveWatch<'_>) -> Result<Restored, BackupError> {
        let checked = check_backup(self.backup, self.passphrase)?;
        match self.target {
            RestoreTarget::Sqlite(file) => self.to_sqlite(&real_path(file)?, checked),
            RestoreTarget::Postgres { url, by_way_of } => self.to_postgres(url, by_way_of, checked, watch),
        }
    }

    fn to_sqlite(&self, target: &Path, checked: Checked) -> Result<Restored, BackupError> {
        let _lock = FileLock::take(target)?;
        let is_there = target.metadata().is_ok_and(|there| there.len() > 0);
        if is_there && !self.replace {
            return Err(taken(&format!("the file {}", target.display())));
        }
        let epoch = if is_there { highest_epoch(target) } else { 0 };
        let staging = self.filled(target, &checked, epoch)?;
        let mismatches = mismatches(&staging.path, &self.act)?;
        let failed = |error: std::io::Error| cannot(target, "replaced", &error);
        File::open(&staging.path).and_then(|file| file.sync_all()).map_err(failed)?;
        let aside = put_aside(target).map_err(failed)?;
        std::fs::rename(&staging.path, target).and_then(|()| sync_folder(target)).map_err(failed)?;
        Ok(Restored { checked, aside: aside.map(|file| file.display().to_string()), mismatches })
    }

    fn to_postgres(
        &self,
        url: &str,
        by_way_of: &Path,
        checked: Checked,
        watch: MoveWatch<'_>,
    ) -> Result<Restored, BackupError> {
        let place = Place::parse(url, &options())?;
        let mut client = login::connect(&place, Purpose::Writing)?;
        let found = check::look(&mut client)?;
        let holds_any = found.tables || found.moving;
        // A move that was cut off goes on; whether it is the one of this backup, it finds out by itself.
        if found.tables && !found.moving && !self.replace {
            return Err(taken(&place.shown()));
        }
        refuse_at_work(&mut client)?;
        let epoch = if found.moving { 0 } else { highest_epoch_of(&mut client, found)? };
        let way = self.filled(by_way_of, &checked, epoch)?;
        let aside = match holds_any && self.replace {
            true => Some(put_schema_aside(&mut client)?),
            false => None,
        };
        drop(client);
        Move::new(&way.path, url).run(watch).map_err(BackupError::Moving)?;
        let store = Postgres::open_as(url, &options())?;
        block_on(store.append_audit(self.act.clone()))?;
        Ok(Restored { checked, aside, mismatches: Vec::new() })
    }

    fn filled(&self, target: &Path, checked: &Checked, epoch: u64) -> Result<Staging, BackupError> {
        let (staging, again) = Staging::fill(target, self.backup, self.passphrase, epoch)?;
        if again == *checked { Ok(staging) } else { Err(damaged("it was changed while it was read")) }
    }
}

fn options() -> PostgresOptions {
    PostgresOptions { node: NAME.to_owned(), statement_timeout: Duration::ZERO, ..Default::default() }
}

fn taken(place: &str) -> BackupError {
    BackupError::Refused(format!(
        "{place} holds a database already; nothing was touched. Give an empty place, or put that one aside: --replace"
    ))
}

/// What anybody who was at work may still name. A file that cannot be read any more tells nothing.
fn highest_epoch(target: &Path) -> u64 {
    let highest = file::open_untouched(target).ok().and_then(|connection| {
        let sql = "SELECT max(lease_epoch) FROM nas";
        connection.query_row(sql, [], |row| row.get::<_, Option<i64>>(0)).optional().ok().flatten().flatten()
    });
    highest.and_then(|highest| highest.try_into().ok()).unwrap_or(0)
}

fn highest_epoch_of(client: &mut Client, found: Found) -> Result<u64, BackupError> {
    if !found.tables {
        return Ok(0);
    }
    let row = client.query_one("SELECT coalesce(max(lease_epoch), 0) FROM nas", &[])?;
    Ok(row.try_get::<_, i64>(0)?.try_into().unwrap_or(0))
}

fn refuse_at_work(client: &mut Client) -> Result<(), BackupError> {
    let others = writer::others(client)?;
    if others.is_empty() {
        return Ok(());
    }
    Err(BackupError::Refused(format!(
        "{} at work on the database; nothing was touched. Stop all of them, then run the same command again",
        others.join(", ")
    )))
}

/// The totals that do not agree. The act goes into the journal besides.
fn mismatches(file: &Path, act: &NewAudit) -> Result<Vec<String>, BackupError> {
    let store = Sqlite::open(file)?;
    block_on(store.append_audit(act.clone()))?;
    let mismatches = block_on(store.verify())?.mismatches;
    drop(store);
    let is_in_log = beside(file, "-wal").metadata().is_ok_and(|log| log.len() > 0);
    match is_in_log {
        true => Err(StoreError::Unavailable("the new file could not be closed whole".to_owned()).into()),
        false => Ok(mismatches),
    }
}

fn block_on<T>(work: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let runtime = runtime.map_err(|error| StoreError::Unavailable(format!("no runtime: {error}")))?;
    runtime.block_on(work)
}

/// Gives the file another name, its log first: a log without its file must never meet another one.
fn put_aside(target: &Path) -> std::io::Result<Option<PathBuf>> {
    let names = (1..).map(|number| match number {
        1 => beside(target, &format!(".{ASIDE}")),
        number => beside(target, &format!(".{ASIDE}-{number}")),
    });
    let is_free = |name: &PathBuf| !name.exists() && !beside(name, "-wal").exists();
    let Some(aside) = { names }.find(is_free) else { return Ok(None) };
    let log = beside(target, "-wal");
    if log.exists() {
        std::fs::rename(&log, beside(&aside, "-wal"))?;
    }
    for end in ["-shm", "-journal"] {
        let left = beside(target, end);
        if left.exists() {
            std::fs::remove_file(left)?;
        }
    }
    if !target.exists() {
        return Ok(None);
    }
    std::fs::rename(target, &aside)?;
    Ok(Some(aside))
}

/// Gives the schema another name, under the lock of whoever changes tables, and only while nobody is at work.
fn put_schema_aside(client: &mut Client) -> Result<String, BackupError> {
    client.batch_execute(writer::MIGRATING)?;
    let put = refuse_at_work(client).and_then(|()| {
        let sql = "SELECT nspname::text FROM pg_namespace";
        let names: Vec<String> = client.query(sql, &[])?.iter().map(|row| row.get(0)).collect();
        let aside = (1..)
            .map(|number| format!("{SCHEMA}_before_restore_{number}"))
            .find(|name| !names.contains(name))
            .unwrap_or_default();
        client.batch_execute(&format!("ALTER SCHEMA {SCHEMA} RENAME TO {aside}"))?;
        Ok(format!("the schema {aside}"))
    });
    client.batch_execute(writer::MIGRATED)?;
    put
}
