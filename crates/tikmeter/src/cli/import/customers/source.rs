//! Where the customers are: in a file, or in the monitor's database.

use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};
use store::ForeignTable;

use crate::cli::import::from::{self, From};
use crate::cli::upload;
use crate::config::DatabaseUrl;
use crate::failure::Failure;

use super::columns::{TAKEN, USERNAME};

const TABLE: &str = "customers";

/// Where the customers are.
#[derive(Debug, clap::Args)]
pub(super) struct SourceArgs {
    /// A CSV file with the headings of the table, or `-` for standard input
    #[arg(value_name = "FILE.csv", conflicts_with_all = ["from", "from_file"])]
    file: Option<PathBuf>,
    /// The monitor's database, postgres://user:password@host/database (better: --from-file, which other users of this host
    /// cannot see), or a CSV file [env: TIKMETER_IMPORT_FROM]
    #[arg(long, value_name = "URL|FILE.csv", conflicts_with = "from_file")]
    from: Option<SecretString>,
    /// A file whose first line is that URL
    #[arg(long, value_name = "FILE")]
    from_file: Option<PathBuf>,
}

/// The customers as they were found.
#[derive(Debug)]
pub(super) struct Found {
    /// What it is called to people.
    pub(super) name: String,
    /// A CSV file.
    pub(super) csv: Vec<u8>,
    /// Columns that were left where they are.
    pub(super) left: Vec<String>,
}

impl SourceArgs {
    /// Reads them.
    ///
    /// # Errors
    /// One sentence, without the password.
    pub(super) async fn read(&self) -> Result<Found, Failure> {
        match self.source()? {
            Source::File(file) => {
                let csv = upload::read(&file)?;
                Ok(Found { name: file.to_string_lossy().into_owned(), csv, left: Vec::new() })
            }
            Source::Database(url) => table(url).await,
        }
    }

    fn source(&self) -> Result<Source, Failure> {
        let said = from::said(self.file.as_ref(), self.from.as_ref(), self.from_file.as_ref(), nowhere)?;
        let url = match said {
            From::File(file) => return Ok(Source::File(file)),
            From::Url(url) => url,
        };
        let parsed = DatabaseUrl::parse(url.expose_secret());
        match parsed.map_err(|why| Failure::usage(format!("--from: {why}")))? {
            DatabaseUrl::Sqlite(_) => Err(nowhere()),
            DatabaseUrl::Postgres(url) => Ok(Source::Database(url.into())),
        }
    }
}

enum Source {
    File(PathBuf),
    Database(SecretString),
}

fn nowhere() -> Failure {
    Failure::usage(format!(
        "it is to be said where the customers are: a CSV file, or the monitor's database by --from-file FILE, {} or --from, \
         with postgres://user:password@host/database",
        from::VARIABLE
    ))
}

async fn table(url: SecretString) -> Result<Found, Failure> {
    let wanted = TAKEN;
    let reading = tokio::task::spawn_blocking(move || {
        let most_octets = upload::MOST_BYTES;
        let table = ForeignTable { name: TABLE, wanted: &wanted, ordered_by: USERNAME, most_octets };
        table.read(url.expose_secret())
    });
    let read = reading.await.map_err(|error| error.to_string());
    let rows = read.and_then(|read| read.map_err(|error| error.to_string()));
    let rows =
        rows.map_err(|why| Failure::said(format!("no customer was read, so nothing was imported: {why}")))?;
    let name = format!("the table {TABLE} of {}", rows.place);
    Ok(Found { name, csv: rows.csv, left: rows.left })
}
