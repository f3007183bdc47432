//! Why a backup was not made, is not good, or was not put back.

use std::path::Path;

use crate::error::StoreError;
use crate::moving::MoveError;
use crate::what_mends::what_mends;

/// Why a backup was not made, is not good, or was not put back. The sentence says what is still as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BackupError {
    /// The database that was to be copied, or written, cannot be used.
    #[error("{0}")]
    Database(StoreError),
    /// The file cannot be read or written.
    #[error("{0}")]
    File(String),
    /// The file is not what was written, or no backup.
    #[error(
        "the backup is damaged or was changed since it was made ({0}); nothing was written. Take another one"
    )]
    Damaged(String),
    /// The passphrase is missing or another one.
    #[error("{0}")]
    Passphrase(String),
    /// A newer program made it.
    #[error(
        "the backup was made by a newer program (version {found} of {what}; this one knows up to {known}); nothing was \
         written. Use the newer program"
    )]
    TooNew {
        /// Of what: the file's format, or the tables.
        what: &'static str,
        /// The version in the file.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// It was not put back, on purpose; the sentence says why and what to do.
    #[error("{0}")]
    Refused(String),
    /// PostgreSQL did not take it to the end.
    #[error("the backup is good, and its way into PostgreSQL by a SQLite file did not end: {0}")]
    Moving(MoveError),
}

impl From<StoreError> for BackupError {
    fn from(error: StoreError) -> Self {
        BackupError::Database(error)
    }
}

impl From<rusqlite::Error> for BackupError {
    fn from(error: rusqlite::Error) -> Self {
        BackupError::Database(error.into())
    }
}

impl From<postgres::Error> for BackupError {
    fn from(error: postgres::Error) -> Self {
        BackupError::Database(error.into())
    }
}

/// A file that cannot be used, with what mends it. `what`: read, written.
pub(super) fn cannot(path: &Path, what: &str, error: &std::io::Error) -> BackupError {
    BackupError::File(format!(
        "the file {} cannot be {what} ({error}); {}",
        path.display(),
        what_mends(error)
    ))
}

/// Damage, in a word.
pub(super) fn damaged(why: &str) -> BackupError {
    BackupError::Damaged(why.to_owned())
}
