//! The driver's errors in our words.

use rusqlite::{ErrorCode, ffi};

use crate::error::StoreError;

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let extended = error.sqlite_error().map(|error| error.extended_code);
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy,
            // The index of the log could not grow: SQLite's own words are "disk I/O error".
            Some(ErrorCode::SystemIoFailure) if extended == Some(ffi::SQLITE_IOERR_SHMSIZE) => {
                StoreError::DiskFull
            }
            Some(ErrorCode::SystemIoFailure) => StoreError::Unavailable(format!(
                "its disk could not be read or written ({error}), so it is full or broken; look at its free space and at the \
                 system's log"
            )),
            Some(ErrorCode::DiskFull) => StoreError::DiskFull,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
                StoreError::ReadOnly
            }
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                StoreError::Corrupt(error.to_string())
            }
            Some(ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch) => {
                StoreError::Constraint(error.to_string())
            }
            _ => StoreError::Unavailable(error.to_string()),
        }
    }
}

/// True when a failed `COMMIT` may yet turn out to have been written: the log could not be read, written or
/// flushed, so a recovery after a crash may still find its last page.
pub(super) fn leaves_commit_in_doubt(error: &rusqlite::Error) -> bool {
    !matches!(
        error.sqlite_error_code(),
        Some(
            ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::DiskFull
                | ErrorCode::ReadOnly
                | ErrorCode::ConstraintViolation
        )
    )
}
