//! The PostgreSQL side: what is refused, and the transactions that write.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use postgres::Client;
use postgres::binary_copy::BinaryCopyInWriter;
use postgres::types::{ToSql, Type};

use crate::error::StoreError;
use crate::postgres::check::{self, Found};
use crate::postgres::login::Purpose;
use crate::postgres::migrate::{self, MIGRATIONS};
use crate::postgres::url::Place;
use crate::postgres::within::{Ready, Within};
use crate::postgres::{Postgres, PostgresOptions, login, months, writer};
use crate::sql::row::Cell;
use crate::verify_repository::{VerifyReport, VerifyRepository};

use super::error::MoveError;
use super::marker;
use super::packed::{self, Chunk, Key, MovedChunk};
use super::source::Source;
use super::tables::{Table, listed};

/// What a move calls itself: there is one at a time.
const NAME: &str = "migrate";

/// The database, whose writer this is until it is dropped.
pub(super) struct Target {
    place: Arc<Place>,
    client: Client,
    ready: Ready,
}

impl Target {
    /// Opens it, and makes marker and tables where nothing is yet.
    pub(super) fn open(url: &str, source: &Source) -> Result<Target, MoveError> {
        let options = PostgresOptions {
            node: NAME.to_owned(),
            statement_timeout: Duration::ZERO,
            ..Default::default()
        };
        let place = Arc::new(Place::parse(url, &options).map_err(MoveError::Target)?);
        let mut client = login::connect(&place, Purpose::Writing).map_err(MoveError::Target)?;
        // No server looks meanwhile whether it may begin here, and no other move either.
        client.batch_execute(writer::MIGRATING)?;
        let found = check::look(&mut client).map_err(MoveError::Target)?;
        let known = MIGRATIONS.last().map_or(0, |(number, _)| *number);
        match found {
            Found { moving: true, .. } => refuse_other_move(&mut client, source, known)?,
            Found { tables: true, .. } => return Err(taken(&mut client, source)),
            Found { .. } => marker::begin(&mut client, source, known)?,
        }
        migrate::migrate(&mut client, found.tables, MIGRATIONS)?;
        client.batch_execute(writer::MIGRATED)?;
        if !writer::try_claim(&mut client, &place.node)? {
            return Err(at_work());
        }
        Ok(Target { place, client, ready: Ready::default() })
    }

    /// The connection.
    pub(super) fn client(&mut self) -> &mut Client {
        &mut self.client
    }

    /// Takes out what migrations put into the tables, once: the file has rows of its own in their place.
    pub(super) fn empty_once(&mut self, tables: &[Table]) -> Result<(), MoveError> {
        if marker::read(&mut self.client)?.is_emptied {
            return Ok(());
        }
        let mut transaction = self.client.transaction()?;
        for table in tables.iter().rev() {
            // A journal takes no deletion, not even one of nothing.
            let name = table.quoted();
            if transaction.query_one(&format!("SELECT EXISTS (SELECT FROM {name})"), &[])?.try_get(0)? {
                transaction.batch_execute(&format!("DELETE FROM {name}"))?;
            }
        }
        marker::note_emptied(&mut transaction)?;
        Ok(transaction.commit()?)
    }

    /// How many tables were begun with. Each but the last of them was copied whole.
    pub(super) fn begun(&mut self, tables: &[Table]) -> Result<usize, StoreError> {
        let names = marker::tables(&mut self.client)?;
        Ok(tables.iter().rposition(|table| names.contains(&table.name)).map_or(0, |place| place + 1))
    }

    /// The chunks of a table that are there.
    pub(super) fn moved(&mut self, table: &Table) -> Result<Vec<MovedChunk>, StoreError> {
        marker::chunks(&mut self.client, table)
    }

    /// Writes a chunk, and that it is there, in one transaction.
    pub(super) fn put(&mut self, table: &Table, after: Option<&Key>, chunk: &Chunk) -> Result<(), MoveError> {
        let within = Within::of(self.client.transaction()?, &self.ready);
        if let Some(column) = table.spread_by {
            months::make(&within, &numbers(table, chunk, column)?)?;
        }
        let copied = copy(&within, table, chunk);
        copied.map_err(|error| refused_rows(error, &packed::range(table, after, &chunk.last)))?;
        marker::note_chunk(&mut *within.transaction.borrow_mut(), table, chunk)?;
        Ok(within.commit()?)
    }

    /// What is to be done when all rows are there: new ids go on behind the highest, and the planner knows the tables.
    pub(super) fn settle(&mut self, tables: &[Table], source: &Source) -> Result<(), MoveError> {
        for table in tables {
            let name = table.quoted();
            if let Some(column) = table.identity {
                let column = &table.columns[column].name;
                let highest = format!("SELECT max(\"{column}\") FROM {name}");
                let there: Option<i64> = self.client.query_one(&highest, &[])?.try_get(0)?;
                // SQLite remembers a 0 for a table whose rows were put into another one.
                let highest = there.max(source.highest_id(table)?).filter(|highest| *highest > 0);
                if let Some(highest) = highest {
                    let sql = "SELECT setval(pg_get_serial_sequence($1, $2), $3)";
                    self.client.query_one(sql, &[&name, column, &highest])?;
                }
            }
            self.client.batch_execute(&format!("ANALYZE {name}"))?;
        }
        Ok(())
    }

    /// Recomputes every total from its entries.
    pub(super) fn verify(&self) -> Result<VerifyReport, MoveError> {
        let broken =
            |error: std::io::Error| MoveError::CutOff(format!("no totals could be recomputed ({error})"));
        let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(broken)?;
        let store = Postgres::only_read(&self.place)?;
        let report = runtime.block_on(store.verify())?;
        if report.is_clean() { Ok(report) } else { Err(MoveError::Unsound(report.mismatches)) }
    }

    /// From here on it is an installation like any other.
    pub(super) fn end(mut self) -> Result<(), MoveError> {
        marker::end(&mut self.client)
    }
}

fn at_work() -> MoveError {
    MoveError::Refused(
        "another command moves into the PostgreSQL database, or one that was cut off moments ago is not noticed to be gone by the \
         server, which it is within a minute; nothing was touched. Let that one end, or run the same command again then"
            .to_owned(),
    )
}

fn refuse_other_move(client: &mut Client, source: &Source, known: i64) -> Result<(), MoveError> {
    let began = marker::read(client)?;
    let what = if began.installation != source.installation {
        format!("of another installation, from {}", began.source)
    } else if began.migration != known {
        format!(
            "by another version of this program (with tables of version {}, not {known})",
            began.migration
        )
    } else {
        return Ok(());
    };
    Err(MoveError::Refused(format!(
        "the PostgreSQL database is in the middle of a move {what}; nothing was touched. Go on with that one, or give another \
         database; if it is not wanted any more, drop the schema tikmeter there (DROP SCHEMA tikmeter CASCADE)"
    )))
}

/// Tables without a marker are somebody's.
fn taken(client: &mut Client, source: &Source) -> MoveError {
    let installation = client.query_opt("SELECT installation FROM meta", &[]);
    let installation = installation.map(|row| row.and_then(|row| row.try_get::<_, String>(0).ok()));
    MoveError::Refused(match installation {
        Err(error) => return error.into(),
        Ok(Some(there)) if there == source.installation => {
            "the installation of this file is in the PostgreSQL database already, whole: the move has ended. Nothing was touched; \
             let the server use that database, and no server the file"
                .to_owned()
        }
        Ok(_) => "the PostgreSQL database holds another installation of Tikmeter; nothing was touched. Give an empty database. If \
             nobody needs what is there (a server that was only tried with it, say), drop its schema tikmeter (DROP SCHEMA \
             tikmeter CASCADE) and run this again"
            .to_owned(),
    })
}

/// The values of a column that is never lacking.
fn numbers(table: &Table, chunk: &Chunk, column: usize) -> Result<Vec<i64>, MoveError> {
    let mut found = BTreeSet::new();
    each_row(table, chunk, |row| {
        if let Cell::Int(number) = row[column] {
            found.insert(number);
        }
        Ok(())
    })?;
    Ok(found.into_iter().collect())
}

fn copy(within: &Within<'_>, table: &Table, chunk: &Chunk) -> Result<(), MoveError> {
    let (name, columns) = (table.quoted(), listed(table.columns.iter()));
    let types: Vec<Type> = table.columns.iter().map(|column| column.kind.clone()).collect();
    let mut transaction = within.transaction.borrow_mut();
    let copying = transaction.copy_in(&format!("COPY {name} ({columns}) FROM STDIN WITH (FORMAT binary)"))?;
    let mut writer = BinaryCopyInWriter::new(copying, &types);
    each_row(table, chunk, |row| {
        let values: Vec<&(dyn ToSql + Sync)> = row.iter().map(|cell| cell as &(dyn ToSql + Sync)).collect();
        Ok(writer.write(&values)?)
    })?;
    let written = writer.finish()?;
    if written == chunk.rows {
        return Ok(());
    }
    Err(MoveError::CutOff(format!("of {} rows the server took {written}", chunk.rows)))
}

fn each_row(
    table: &Table,
    chunk: &Chunk,
    mut see: impl FnMut(&[Cell<'_>]) -> Result<(), MoveError>,
) -> Result<(), MoveError> {
    let mut rest = &chunk.packed[..];
    while !rest.is_empty() {
        let row: Vec<Cell<'_>> =
            table.columns.iter().map(|_| packed::unpack(&mut rest)).collect::<Result<_, _>>()?;
        see(&row)?;
    }
    Ok(())
}

/// Which rows it was about.
fn refused_rows(error: MoveError, range: &str) -> MoveError {
    match error {
        MoveError::CutOff(why) => MoveError::CutOff(format!("{range}: {why}")),
        MoveError::Refused(why) => MoveError::Refused(format!("PostgreSQL does not take {range}: {why}")),
        other => other,
    }
}
