//! Why an operation came to nothing, by what the asker can do about it.

use store::StoreError;

use crate::router_commands::RouterCommandError;
use crate::vault::VaultError;

/// Nothing was changed, whatever the variant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OperationError {
    /// What was asked makes no sense; the sentence says what would.
    #[error("{0}")]
    Invalid(String),
    /// It does not fit what is there (a name is taken, a thing is read-only).
    #[error("{0}")]
    Conflict(String),
    /// What it is about is not there.
    #[error("{0}")]
    NotFound(String),
    /// The router did not do it.
    #[error(transparent)]
    Router(#[from] RouterCommandError),
    /// Sealing or opening a password failed.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The database did not do it.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for OperationError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Constraint(text) => OperationError::Conflict(text),
            StoreError::NotFound(what) => {
                OperationError::NotFound(format!("{what} is not there; nothing was changed"))
            }
            other => OperationError::Store(other),
        }
    }
}
