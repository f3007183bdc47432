//! Why a move did not come to its end.

use crate::error::StoreError;
use crate::postgres::errors::chain;

/// Why a move did not come to its end. The file is as it was in any case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoveError {
    /// The file cannot be moved.
    #[error("the SQLite file cannot be moved, and nothing was: {0}")]
    Source(StoreError),
    /// The PostgreSQL side cannot be moved to.
    #[error("nothing was moved, and the SQLite file is as it was: {0}")]
    Target(StoreError),
    /// Going on would mix what does not belong together, or is in vain; the sentence says what to do.
    #[error("{0}")]
    Refused(String),
    /// Something broke half-way.
    #[error(
        "the move was cut off: {0}. What was copied stays and the SQLite file is as it was: run the same command again, which \
         goes on where this one stopped"
    )]
    CutOff(String),
    /// Whoever watched wanted no more.
    #[error(
        "the move was stopped. What was copied stays and the SQLite file is as it was: run the same command again, which goes \
         on where this one stopped"
    )]
    Stopped,
    /// What is there is not what was read.
    #[error(
        "what PostgreSQL gave back is not what was read of the SQLite file, which is as it was: {}. The database stays marked \
         as half moved and no server takes it. Drop the schema tikmeter there and begin anew; please report it",
        .0.join("; ")
    )]
    Differs(Vec<String>),
    /// Every row is there, and the totals are not the sums of their entries.
    #[error(
        "every row was moved, but the books do not agree in themselves, so they did not in the SQLite file, which is as it was: \
         {}. The database stays marked as half moved and no server takes it. Go on with the file, where `tikmeter verify` \
         tells the same; please report it",
        .0.join("; ")
    )]
    Unsound(Vec<String>),
}

impl From<StoreError> for MoveError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Constraint(why) => MoveError::Refused(format!(
                "{why}. The SQLite file is as it was. Serve with it and change that; then drop the schema tikmeter of the \
                 PostgreSQL database (DROP SCHEMA tikmeter CASCADE) and run the same command again"
            )),
            other => MoveError::CutOff(other.to_string()),
        }
    }
}

impl From<postgres::Error> for MoveError {
    fn from(error: postgres::Error) -> Self {
        match error.as_db_error() {
            Some(_) => StoreError::from(error).into(),
            None => MoveError::CutOff(format!("the connection to the server failed ({})", chain(&error))),
        }
    }
}
