//! Values between Rust and SQL: octets are checked into SQL's signed integers, never wrapped; identifiers keep
//! their bits.

use accounting::Octets;
use accounting::login::{LoginKind, LoginName};
use accounting::source::source_of_login;
use accounting::table::Table;
use accounting::time::StartInterval;

use crate::error::StoreError;

use super::row::Row;

/// A count of octets (or another amount) for SQL; `Constraint` above 2^63 - 1.
pub(super) fn amount(value: u64) -> Result<i64, StoreError> {
    i64::try_from(value).map_err(|_| {
        StoreError::Constraint(format!("{value} is more than the database can count; nothing was written"))
    })
}

/// An amount read back; `Corrupt` when negative.
pub(super) fn from_amount(value: i64) -> Result<u64, StoreError> {
    u64::try_from(value).map_err(|_| StoreError::Corrupt(format!("a stored amount is negative: {value}")))
}

/// The columns `input, output` of a row as octets, `input` being column `at`.
pub(super) fn octets(row: &Row<'_>, at: usize) -> Result<Octets, StoreError> {
    Ok(Octets::new(from_amount(row.get(at)?)?, from_amount(row.get(at + 1)?)?))
}

/// The columns `earliest, latest` of a row as a start, `earliest` being column `at`; `None` when NULL.
pub(super) fn start(row: &Row<'_>, at: usize) -> Result<Option<StartInterval>, StoreError> {
    let (earliest, latest): (Option<i64>, Option<i64>) = (row.get(at)?, row.get(at + 1)?);
    Ok(earliest.zip(latest).map(|(earliest, latest)| StartInterval { earliest, latest }))
}

/// Column `at` of a row as the kind of a login, `None` when NULL; `Corrupt` for a kind nobody knows.
pub(super) fn login_kind(row: &Row<'_>, at: usize) -> Result<Option<LoginKind>, StoreError> {
    let Some(kind) = row.get::<Option<String>>(at)? else { return Ok(None) };
    let known = LoginKind::from_name(&kind);
    known.map(Some).ok_or_else(|| StoreError::Corrupt(format!("there is no kind of login {kind}")))
}

/// The table that shows the sessions of a login, its kind being column `at` of a row and its name the next.
pub(super) fn source(row: &Row<'_>, at: usize) -> Result<Table, StoreError> {
    let kind = login_kind(row, at)?.ok_or_else(|| StoreError::Corrupt("a login has no kind".to_owned()))?;
    if kind == LoginKind::Ppp {
        return Ok(Table::Interface);
    }
    Ok(source_of_login(&LoginName { kind, name: row.get(at + 1)? }))
}

/// Exactly one row must have been written; anything else means that memory and database disagree about `what`.
pub(super) fn exactly_one(written: usize, what: &str, no: u64) -> Result<(), StoreError> {
    if written == 1 {
        return Ok(());
    }
    Err(StoreError::Constraint(format!(
        "{what} {no} is not in the database as remembered; nothing was written"
    )))
}
