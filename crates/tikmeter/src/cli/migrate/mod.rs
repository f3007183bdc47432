//! `tikmeter migrate ...`: an installation moves to another database.

mod progress;
mod told;

use std::io::IsTerminal;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use secrecy::{ExposeSecret, SecretString};
use store::{Move, MoveError, Moved};
use tokio_util::sync::CancellationToken;

use crate::config::DatabaseUrl;
use crate::data_folder;
use crate::failure::Failure;
use crate::output::Terminal;
use crate::{password_file, signals};

use progress::Progress;

/// No flag: a list of processes would show the password in it.
const TO: &str = "TIKMETER_MIGRATE_TO";

/// From where to where.
#[derive(Debug, Subcommand)]
pub(crate) enum MigrateCommand {
    /// Move everything from the SQLite file into a PostgreSQL database. No server may run meanwhile. The file stays as it is;
    /// a move that was cut off goes on when it is run again
    SqliteToPostgres(SqliteToPostgresArgs),
}

/// What is moved to where.
#[derive(Debug, clap::Args)]
pub(crate) struct SqliteToPostgresArgs {
    /// The SQLite file, as a path or as sqlite:///path/file.db [default: tikmeter.db in the data folder]
    #[arg(long, value_name = "FILE|URL")]
    from: Option<String>,
    /// The PostgreSQL database: postgres://user:password@host/database (better: --to-file, which other users of this host
    /// cannot see) [env: TIKMETER_MIGRATE_TO]
    #[arg(long, value_name = "URL", conflicts_with = "to_file")]
    to: Option<SecretString>,
    /// A file whose first line is that URL
    #[arg(long, value_name = "FILE")]
    to_file: Option<PathBuf>,
}

impl MigrateCommand {
    /// Carries it out. `data` is the data folder, if one was given.
    ///
    /// # Errors
    /// What stood in the way, what is still as it was, and what to do.
    pub(crate) async fn run(self, terminal: &Terminal, data: Option<&Path>) -> Result<(), Failure> {
        let MigrateCommand::SqliteToPostgres(args) = self;
        let to = args.to()?;
        let from = args.from(data)?;
        let stop = CancellationToken::new();
        signals::cancel_on_stop(&stop)?;
        let progress = Progress::new(std::io::stderr().is_terminal());
        let moved = moved(from.clone(), to.clone(), progress, stop).await?;
        let shown = to.shown();
        if terminal.json() {
            return Ok(terminal.line(&told::json(&from, &shown, &moved).to_string())?);
        }
        Ok(terminal.line(&told::text(&from, &shown, &moved))?)
    }
}

impl SqliteToPostgresArgs {
    fn from(&self, data: Option<&Path>) -> Result<PathBuf, Failure> {
        match self.from.as_deref() {
            Some(url) if url.contains("://") => match DatabaseUrl::parse(url) {
                Ok(DatabaseUrl::Sqlite(file)) => Ok(file),
                Ok(other) => Err(Failure::usage(format!("--from {}: this is no SQLite file", other.shown()))),
                Err(why) => Err(Failure::usage(format!("--from: {why}"))),
            },
            Some(file) => Ok(file.into()),
            None => in_folder(data),
        }
    }

    fn to(&self) -> Result<DatabaseUrl, Failure> {
        let url = match (&self.to, &self.to_file) {
            (Some(url), _) => url.expose_secret().to_owned(),
            (None, Some(file)) => password_file::first_line(file).map_err(Failure::said)?,
            (None, None) => std::env::var(TO).map_err(|_| nowhere())?,
        };
        match DatabaseUrl::parse(url.trim()).map_err(|why| Failure::usage(format!("--to: {why}")))? {
            DatabaseUrl::Sqlite(_) => Err(nowhere()),
            postgres @ DatabaseUrl::Postgres(_) => Ok(postgres),
        }
    }
}

fn nowhere() -> Failure {
    Failure::usage(format!(
        "it is to be said where to: --to-file FILE, {TO} or --to, with postgres://user:password@host/database"
    ))
}

/// The file of the data folder.
fn in_folder(data: Option<&Path>) -> Result<PathBuf, Failure> {
    let files: Vec<PathBuf> =
        data_folder::for_commands(data).iter().map(|folder| data_folder::database_file(folder)).collect();
    let there = files.iter().find(|file| file.exists()).cloned();
    there.ok_or_else(|| {
        let looked: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
        Failure::said(format!(
            "there is no {}; say which SQLite file is to be moved: --from FILE",
            looked.join(" and no ")
        ))
    })
}

/// Moves on a thread of its own. A wish to stop is heard after each chunk.
async fn moved(
    from: PathBuf,
    to: DatabaseUrl,
    mut progress: Progress,
    stop: CancellationToken,
) -> Result<Moved, Failure> {
    let DatabaseUrl::Postgres(url) = to else { return Err(nowhere()) };
    let moving = tokio::task::spawn_blocking(move || {
        let moved = Move::new(&from, &url).run(&mut |step| {
            progress.show(&step);
            if stop.is_cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        progress.end();
        moved
    });
    let moved = moving.await.unwrap_or_else(|error| Err(MoveError::CutOff(error.to_string())));
    moved.map_err(Failure::from_display)
}
