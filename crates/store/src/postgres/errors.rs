//! The driver's errors in our words.

use std::error::Error as _;

use postgres::error::{DbError, SqlState};

use crate::error::StoreError;

impl From<postgres::Error> for StoreError {
    fn from(error: postgres::Error) -> Self {
        match error.as_db_error() {
            Some(told) => of_server(told),
            None => StoreError::Unavailable(format!(
                "its connection to the server failed ({}); it is opened again with the next question",
                chain(&error)
            )),
        }
    }
}

/// True when nobody knows whether what was being committed is written: the server did not say.
pub(super) fn is_unanswered(error: &postgres::Error) -> bool {
    let ends = [SqlState::ADMIN_SHUTDOWN, SqlState::CRASH_SHUTDOWN, SqlState::QUERY_CANCELED];
    error.code().is_none_or(|code| ends.contains(code))
}

/// An error with what caused it.
pub(crate) fn chain(error: &postgres::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

fn of_server(told: &DbError) -> StoreError {
    let words = told.message().to_owned();
    let code = told.code();
    if is_busy(code) {
        return StoreError::Busy;
    }
    if *code == SqlState::QUERY_CANCELED && words.contains("statement timeout") {
        return StoreError::Unavailable(
            "a statement took longer than database.statement_timeout allows and was stopped; nothing was written".to_owned(),
        );
    }
    if *code == SqlState::DISK_FULL {
        return StoreError::DiskFull;
    }
    if *code == SqlState::READ_ONLY_SQL_TRANSACTION {
        return StoreError::Unavailable(format!(
            "its server only lets it read ({words}); nothing was written. Give the address of the primary, or look at \
             default_transaction_read_only"
        ));
    }
    if *code == SqlState::INSUFFICIENT_PRIVILEGE {
        return StoreError::Unavailable(format!(
            "its user lacks a right ({words}); nothing was written. Grant it, or give another user"
        ));
    }
    match code.code().get(..2) {
        // Data, and rules of the tables.
        Some("22" | "23") => StoreError::Constraint(words),
        // A table or column that lacks, and broken pages.
        Some("42" | "XX") => StoreError::Corrupt(words),
        _ => StoreError::Unavailable(format!("its server refuses: {words} ({})", code.code())),
    }
}

fn is_busy(code: &SqlState) -> bool {
    [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED, SqlState::LOCK_NOT_AVAILABLE]
        .contains(code)
}
