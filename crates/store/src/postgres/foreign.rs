//! A table of another program's, read and never written.

use std::io::Read;

use postgres::{Client, IsolationLevel, Transaction};

use crate::error::StoreError;

use super::errors::chain;
use super::login::{self, Purpose};
use super::options::PostgresOptions;
use super::url::Place;

/// What is asked of a table.
#[derive(Clone, Copy, Debug)]
pub struct ForeignTable<'a> {
    /// Its name, found as the database's user finds it.
    pub name: &'a str,
    /// The columns to read, of those it has. No other leaves the database.
    pub wanted: &'a [&'a str],
    /// The column that the rows are in the order of, byte by byte.
    pub ordered_by: &'a str,
    /// How many octets are taken at the most.
    pub most_octets: u64,
}

/// What a table holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignRows {
    /// Where it is, for people, without the password.
    pub place: String,
    /// A CSV file in UTF-8 of the wanted columns, with their headings. An absent value is an empty cell.
    pub csv: Vec<u8>,
    /// The names of all other columns.
    pub left: Vec<String>,
}

impl ForeignTable<'_> {
    /// Reads it from the database of a URL (`postgres://user:password@host:port/database`), at one moment, in a transaction
    /// that cannot write. Blocks while it does; no statement takes longer than a minute.
    ///
    /// # Errors
    /// `Unavailable` with a sentence without the password: what cannot be reached, is not there or is too much.
    pub fn read(&self, url: &str) -> Result<ForeignRows, StoreError> {
        let options = PostgresOptions { node: "import".to_owned(), ..PostgresOptions::default() };
        let place = Place::parse(url, &options)?;
        let mut client = login::connect(&place, Purpose::Foreign)?;
        let shown = place.shown();
        let read = self.read_at_once(&mut client).map_err(|why| match why {
            Why::Driver(error) => told(&shown, &error),
            Why::Ours(why) => format!("{shown} {why}"),
        });
        let (csv, left) = read.map_err(StoreError::Unavailable)?;
        Ok(ForeignRows { place: shown, csv, left })
    }

    fn read_at_once(&self, client: &mut Client) -> Result<(Vec<u8>, Vec<String>), Why> {
        let moment =
            client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true);
        let mut transaction = moment.start()?;
        let (wanted, left): (Vec<_>, Vec<_>) = self
            .columns(&mut transaction)?
            .into_iter()
            .partition(|name| self.wanted.contains(&name.as_str()));
        if !wanted.iter().any(|name| name == self.ordered_by) {
            return Err(Why::Ours(format!("has a table {} without a column {}", self.name, self.ordered_by)));
        }
        Ok((self.rows(&mut transaction, &wanted)?, left))
    }

    fn columns(&self, transaction: &mut Transaction<'_>) -> Result<Vec<String>, Why> {
        let columns = "SELECT attname FROM pg_attribute \
            WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum";
        let columns = transaction.query(columns, &[&quoted(self.name)])?;
        match columns.iter().map(|row| row.try_get(0)).collect::<Result<Vec<String>, _>>()? {
            none if none.is_empty() => Err(Why::Ours(format!("has no table {}", self.name))),
            columns => Ok(columns),
        }
    }

    fn rows(&self, transaction: &mut Transaction<'_>, columns: &[String]) -> Result<Vec<u8>, Why> {
        let mut csv = Vec::new();
        let rows = transaction.copy_out(&self.statement(columns))?;
        // One octet more than is taken tells a longer table from one that just fits.
        rows.take(self.most_octets + 1).read_to_end(&mut csv).map_err(cut_off)?;
        if csv.len() as u64 <= self.most_octets {
            return Ok(csv);
        }
        let more = format!("has more than {} octets in its table {}", self.most_octets, self.name);
        Err(Why::Ours(format!("{more}; write parts of it to CSV files and import those")))
    }

    /// The server writes the file, so that a value of any type is the text it shows everywhere.
    fn statement(&self, columns: &[String]) -> String {
        let columns: Vec<String> = columns.iter().map(|name| quoted(name)).collect();
        format!(
            "COPY (SELECT {} FROM {} ORDER BY {}::text COLLATE \"C\") TO STDOUT (FORMAT csv, HEADER)",
            columns.join(", "),
            quoted(self.name),
            quoted(self.ordered_by)
        )
    }
}

/// Why it was not read.
enum Why {
    Driver(postgres::Error),
    Ours(String),
}

impl From<postgres::Error> for Why {
    fn from(error: postgres::Error) -> Self {
        Why::Driver(error)
    }
}

/// The driver's own error, which reading wraps.
fn cut_off(error: std::io::Error) -> Why {
    let words = error.to_string();
    match error.downcast::<postgres::Error>() {
        Ok(error) => Why::Driver(error),
        Err(_) => Why::Ours(format!("broke off ({words})")),
    }
}

fn told(place: &str, error: &postgres::Error) -> String {
    match error.as_db_error() {
        Some(told) => format!("{place} refuses: {}", told.message()),
        None => format!("{place} broke off ({})", chain(error)),
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
