//! Whether a server and a database on it can be used, before anything is written.

use postgres::{Client, Row};

use crate::error::StoreError;

use super::login::SCHEMA;

const OLDEST: i32 = 120_000;
/// The table that tells which migrations ran, by which a schema is known to be ours.
pub(crate) const MIGRATIONS_RUN: &str = "migration";
/// The table that tells that an installation is being moved into the schema and is not there whole yet.
pub(crate) const MOVING: &str = "moving";
/// What of it is there already.
pub(crate) const MOVED: &str = "moving_chunk";

const STATE: &str = "
    SELECT current_setting('server_version_num')::integer, current_setting('server_version'),
           pg_is_in_recovery(), current_setting('default_transaction_read_only') = 'on',
           current_setting('server_encoding'), current_database()::text, current_user::text,
           coalesce(has_schema_privilege(to_regnamespace($1)::oid, 'USAGE, CREATE'),
                    has_database_privilege(current_database(), 'CREATE')),
           to_regclass($1 || '.' || $2) IS NOT NULL, to_regclass($1 || '.' || $3) IS NOT NULL,
           (SELECT count(*) FROM pg_class
            WHERE relnamespace = to_regnamespace($1)::oid AND relkind IN ('r', 'p', 'v', 'm', 'f'))";

/// What a server says of itself.
struct State {
    version_number: i32,
    version: String,
    is_standby: bool,
    only_reads: bool,
    encoding: String,
    database: String,
    user: String,
    may_create: bool,
    is_ours: bool,
    is_moving: bool,
    tables: i64,
}

/// What is in the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// Our tables.
    pub(crate) tables: bool,
    /// The marker of a move that has not ended.
    pub(crate) moving: bool,
}

/// Looks; true when our tables are there.
///
/// # Errors
/// A sentence that says what to do.
pub(crate) fn check(client: &mut Client) -> Result<bool, StoreError> {
    let found = look(client)?;
    if found.moving {
        let source: String = client.query_one(&format!("SELECT source FROM {MOVING}"), &[])?.try_get(0)?;
        return Err(StoreError::Unavailable(format!(
            "an installation is being moved into it from {source} and is not there whole. Nothing was touched. Run `tikmeter \
             migrate sqlite-to-postgres` again, or `tikmeter backup restore` if it was that, which goes on where it stopped; to \
             give the move up, serve with the file as before and drop the schema {SCHEMA}"
        )));
    }
    Ok(found.tables)
}

/// Looks, for whoever may go on with a move.
///
/// # Errors
/// As [`check`].
pub(crate) fn look(client: &mut Client) -> Result<Found, StoreError> {
    let state = State::read(&client.query_one(STATE, &[&SCHEMA, &MIGRATIONS_RUN, &MOVING])?)?;
    match state.complaint() {
        Some(why) => Err(StoreError::Unavailable(format!("{why} Nothing was touched"))),
        None => Ok(Found { tables: state.is_ours, moving: state.is_moving }),
    }
}

impl State {
    fn read(row: &Row) -> Result<State, StoreError> {
        Ok(State {
            version_number: row.try_get(0)?,
            version: row.try_get(1)?,
            is_standby: row.try_get(2)?,
            only_reads: row.try_get(3)?,
            encoding: row.try_get(4)?,
            database: row.try_get(5)?,
            user: row.try_get(6)?,
            may_create: row.try_get(7)?,
            is_ours: row.try_get(8)?,
            is_moving: row.try_get(9)?,
            tables: row.try_get(10)?,
        })
    }

    fn complaint(&self) -> Option<String> {
        let State { version, database, user, encoding, .. } = self;
        if self.version_number < OLDEST {
            return Some(format!("its server is PostgreSQL {version}, and 12 is the oldest that will do."));
        }
        if self.is_standby {
            return Some(
                "its server is a standby, which only reads; give the address of the primary.".to_owned(),
            );
        }
        if self.only_reads {
            return Some(format!(
                "default_transaction_read_only is on for {user} in the database {database}; switch it off, or give another \
                 user."
            ));
        }
        if encoding != "UTF8" {
            return Some(format!(
                "the database {database} has the encoding {encoding} and cannot hold every name; make one with createdb \
                 --encoding=UTF8 --template=template0 NAME."
            ));
        }
        if !self.may_create {
            return Some(format!(
                "the user {user} may not create tables: in the database {database}, run CREATE SCHEMA {SCHEMA} AUTHORIZATION \
                 \"{user}\", or give the schema to that user if it is there."
            ));
        }
        if !self.is_ours && !self.is_moving && self.tables > 0 {
            return Some(format!(
                "the schema {SCHEMA} of the database {database} holds {} tables of another program; give another database.",
                self.tables
            ));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> State {
        State {
            version_number: OLDEST,
            version: "12.0".to_owned(),
            is_standby: false,
            only_reads: false,
            encoding: "UTF8".to_owned(),
            database: "meter".to_owned(),
            user: "tik".to_owned(),
            may_create: true,
            is_ours: false,
            is_moving: false,
            tables: 0,
        }
    }

    #[test]
    fn what_cannot_be_had_here_is_told_from_what_a_server_would_say() {
        assert_eq!(good().complaint(), None);
        assert_eq!(State { is_ours: true, tables: 30, ..good() }.complaint(), None);
        let told = |state: State| state.complaint().unwrap();
        assert!(
            told(State { version_number: 110_022, version: "11.22".to_owned(), ..good() }).contains("11.22")
        );
        assert!(told(State { is_standby: true, ..good() }).contains("primary"));
    }
}
