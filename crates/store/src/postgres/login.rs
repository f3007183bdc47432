//! Opening a connection and setting it up.

use postgres::Client;
use postgres::error::SqlState;

use crate::error::StoreError;

use super::errors::chain;
use super::tls;
use super::url::Place;

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To look things up.
    Reading,
    /// To write, under the process' name.
    Writing,
    /// To say that the process is alive and which routers it polls, however long others write.
    Leases,
    /// To fold a month, which takes as long as it takes.
    Folding,
    /// To read another program's tables, once.
    Foreign,
}

/// The schema that all our tables are in, so that another program's tables in the same database are no matter.
pub(crate) const SCHEMA: &str = "tikmeter";

/// Set on every connection. A lock that a person holds makes a statement fail after a while, as a busy file does. The server
/// is to notice within a minute that we are gone, for until then our lock is held. What is committed must be on disk before
/// anybody hears of it, whatever the database's default. What a server may be too old to know is asked for by name.
const SET_UP: &str = "
    SET search_path = tikmeter;
    SET lock_timeout = '10s';
    SET tcp_keepalives_idle = 30;
    SET tcp_keepalives_interval = 10;
    SET tcp_keepalives_count = 3;
    SET client_min_messages = warning;
    SELECT set_config(name, value, false)
    FROM (VALUES ('tcp_user_timeout', '60000'), ('jit', 'off')) AS wanted (name, value) JOIN pg_settings USING (name);
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

/// A process that stands still in the middle of a transaction must not hold its locks for long: others wait for them. A
/// statement for many rows is planned for as many: kept ready it would soon have one plan for all times, for ten rows, which
/// looks each of a hundred thousand up by itself. The rows of a round stay in memory meanwhile.
const WRITER_SET_UP: &str = "
    SET idle_in_transaction_session_timeout = '10s';
    SET plan_cache_mode = force_custom_plan;
    SET work_mem = '32MB'";
/// The same for who says who polls what, which all do every few seconds.
const LEASES_SET_UP: &str = "SET idle_in_transaction_session_timeout = '2s'; SET lock_timeout = '2s'";

/// Instead of all of that: the schema that is searched is theirs, and nothing is written whatever is asked.
const FOREIGN_SET_UP: &str = "SET default_transaction_read_only = on; SET lock_timeout = '10s'";

/// Connects to the server.
///
/// # Errors
/// `Unavailable` with what a person can do.
pub(crate) fn connect(place: &Place, purpose: Purpose) -> Result<Client, StoreError> {
    let connector = tls::connector(&place.trust)?;
    let mut client = place.config.connect(connector).map_err(|error| cannot(place, purpose, &error))?;
    client.batch_execute(if purpose == Purpose::Foreign { FOREIGN_SET_UP } else { SET_UP })?;
    match purpose {
        Purpose::Reading | Purpose::Foreign => {}
        Purpose::Writing | Purpose::Folding => client.batch_execute(WRITER_SET_UP)?,
        Purpose::Leases => client.batch_execute(LEASES_SET_UP)?,
    }
    let longest = if purpose == Purpose::Folding { 0 } else { place.statement_timeout.as_millis() };
    client.batch_execute(&format!("SET statement_timeout = {longest}"))?;
    Ok(client)
}

fn cannot(place: &Place, purpose: Purpose, error: &postgres::Error) -> StoreError {
    let words = error.as_db_error().map_or_else(|| chain(error), |told| told.message().to_owned());
    StoreError::Unavailable(format!(
        "{} cannot be reached ({words}); {}",
        place.shown(),
        what_mends(purpose, error.code(), &words)
    ))
}

fn what_mends(purpose: Purpose, code: Option<&SqlState>, words: &str) -> String {
    let is_foreign = purpose == Purpose::Foreign;
    let again = if is_foreign { "run the command again" } else { "it is tried again by itself" };
    let what = match code {
        Some(&SqlState::UNDEFINED_DATABASE) if is_foreign => "look at its name in the URL",
        Some(&SqlState::UNDEFINED_DATABASE) => {
            "create it: createdb --encoding=UTF8 --template=template0 NAME"
        }
        Some(code) if code.code().starts_with("28") => {
            "look at the user, the password and the server's pg_hba.conf"
        }
        Some(_) => again,
        None if words.contains("does not support TLS") => {
            "where nobody can listen in, say so: ?sslmode=disable at the end of the URL. Else give the server a certificate"
        }
        None if words.contains("certificate") => {
            "give the file of the authority that signed it (?sslrootcert=FILE), or take any certificate (?sslmode=require)"
        }
        None => return format!("see whether the server runs and listens there; {again}"),
    };
    what.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_is_the_one_that_is_searched() {
        assert!(SET_UP.contains(&format!("search_path = {SCHEMA};")));
    }

    #[test]
    fn what_mends_depends_on_what_is_wrong() {
        let mends = |code, words| what_mends(Purpose::Reading, code, words);
        assert!(mends(Some(&SqlState::UNDEFINED_DATABASE), "").contains("createdb"));
        assert!(mends(Some(&SqlState::INVALID_PASSWORD), "").contains("password"));
        assert!(mends(Some(&SqlState::CANNOT_CONNECT_NOW), "starting up").contains("tried again"));
        assert!(mends(None, "error: server does not support TLS").contains("sslmode=disable"));
        assert!(mends(None, "invalid peer certificate: UnknownIssuer").contains("sslrootcert"));
        assert!(mends(None, "connection refused").contains("listens"));
    }

    #[test]
    fn nobody_tries_again_for_a_person_who_reads_another_programs_table() {
        for code in [None, Some(&SqlState::CANNOT_CONNECT_NOW), Some(&SqlState::UNDEFINED_DATABASE)] {
            let told = what_mends(Purpose::Foreign, code, "");
            assert!(!told.contains("by itself") && !told.contains("createdb"), "{told}");
        }
    }
}
