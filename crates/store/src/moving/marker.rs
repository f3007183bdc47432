//! What of a move is in the database itself: a marker that makes every server refuse it, and how far it is.

use postgres::{Client, GenericClient};

use crate::error::StoreError;
use crate::postgres::check::{MOVED, MOVING};
use crate::postgres::login::SCHEMA;

use super::error::MoveError;
use super::packed::{Chunk, Key, MovedChunk};
use super::source::Source;
use super::tables::Table;

/// What began.
pub(super) struct Marker {
    pub(super) installation: String,
    pub(super) migration: i64,
    pub(super) source: String,
    /// What the migrations put into the tables was taken out.
    pub(super) is_emptied: bool,
}

/// Makes the schema where it lacks, and in it the marker.
pub(super) fn begin(client: &mut Client, source: &Source, migration: i64) -> Result<(), StoreError> {
    let tables = format!(
        "DO $$ BEGIN IF to_regnamespace('{SCHEMA}') IS NULL THEN CREATE SCHEMA {SCHEMA}; END IF; END $$;
         CREATE TABLE {MOVING} (
             id bigint PRIMARY KEY CHECK (id = 1),
             installation text NOT NULL,
             migration bigint NOT NULL,
             source text NOT NULL,
             is_emptied boolean NOT NULL DEFAULT false
         );
         CREATE TABLE {MOVED} (
             table_name text NOT NULL,
             number bigint NOT NULL,
             rows bigint NOT NULL,
             octets bigint NOT NULL,
             last_key bytea NOT NULL,
             digest bytea NOT NULL,
             PRIMARY KEY (table_name, number)
         )"
    );
    let mut transaction = client.transaction()?;
    transaction.batch_execute(&tables)?;
    let row = format!("INSERT INTO {MOVING} (id, installation, migration, source) VALUES (1, $1, $2, $3)");
    transaction.execute(&row, &[&source.installation, &migration, &source.shown()])?;
    Ok(transaction.commit()?)
}

/// What began.
pub(super) fn read(client: &mut Client) -> Result<Marker, StoreError> {
    let sql = format!("SELECT installation, migration, source, is_emptied FROM {MOVING}");
    let row = client.query_one(&sql, &[])?;
    Ok(Marker {
        installation: row.try_get(0)?,
        migration: row.try_get(1)?,
        source: row.try_get(2)?,
        is_emptied: row.try_get(3)?,
    })
}

/// Only what is copied from now on is in the tables.
pub(super) fn note_emptied(client: &mut impl GenericClient) -> Result<(), StoreError> {
    client.execute(&format!("UPDATE {MOVING} SET is_emptied = true"), &[])?;
    Ok(())
}

/// A chunk is there, if the transaction is committed.
pub(super) fn note_chunk(
    client: &mut impl GenericClient,
    table: &Table,
    chunk: &Chunk,
) -> Result<(), StoreError> {
    let sql = format!(
        "INSERT INTO {MOVED} (table_name, number, rows, octets, last_key, digest)
         SELECT $1, count(*) + 1, $2, $3, $4, $5 FROM {MOVED} WHERE table_name = $1"
    );
    let (rows, octets) = (chunk.rows.cast_signed(), chunk.octets().cast_signed());
    client.execute(&sql, &[&table.name, &rows, &octets, &chunk.last.0, &chunk.digest().as_slice()])?;
    Ok(())
}

/// The tables of which there are any.
pub(super) fn tables(client: &mut Client) -> Result<Vec<String>, StoreError> {
    let rows = client.query(&format!("SELECT DISTINCT table_name FROM {MOVED}"), &[])?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// The chunks of a table that are there, in order.
pub(super) fn chunks(client: &mut Client, table: &Table) -> Result<Vec<MovedChunk>, StoreError> {
    let sql =
        format!("SELECT rows, octets, last_key, digest FROM {MOVED} WHERE table_name = $1 ORDER BY number");
    let strange = |_| StoreError::Corrupt("what was remembered of a move makes no sense".to_owned());
    let chunk = |row: &postgres::Row| {
        Ok(MovedChunk {
            rows: row.try_get::<_, i64>(0)?.cast_unsigned(),
            octets: row.try_get::<_, i64>(1)?.cast_unsigned(),
            last: Key(row.try_get(2)?),
            digest: row.try_get::<_, Vec<u8>>(3)?.try_into().map_err(strange)?,
        })
    };
    client.query(&sql, &[&table.name])?.iter().map(chunk).collect()
}

/// Nothing tells of the move any more: whoever looks finds an installation.
pub(super) fn end(client: &mut Client) -> Result<(), MoveError> {
    Ok(client.batch_execute(&format!("DROP TABLE {MOVED}, {MOVING}"))?)
}
