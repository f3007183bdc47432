//! Why an operation came to nothing, by what the asker can do about it.

use store::{Named, StoreError};

use crate::router_commands::RouterCommandError;
use crate::vault_error::VaultError;

/// Nothing was changed, whatever the variant, but where a router's answer was lost ([`RouterCommandError::Unknown`]) or says what
/// it did do.
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
    /// Whoever asks may not do it to that.
    #[error("{0}")]
    Forbidden(String),
    /// What it is about may be there; something else that was named is not.
    #[error("there is no {0}; nothing was changed{hint}", hint = where_listed(.0))]
    NoSuch(Named),
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
            StoreError::NoSuch(named) => OperationError::NoSuch(named),
            other => OperationError::Store(other),
        }
    }
}

fn where_listed(named: &Named) -> &'static str {
    match named {
        Named::Plan(_) => ". List them with: tikmeter plan list",
        Named::Router(_) => ". List them with: tikmeter router list",
        Named::Login => ". List theirs with: tikmeter subscriber show",
        Named::Group(_) => "",
    }
}
