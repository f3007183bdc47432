//! What a driver's connection must be able to do.

use crate::error::StoreError;

use super::connection::Connection;

/// How a transaction did not succeed.
#[derive(Debug)]
pub(crate) enum Failed {
    /// Nothing of it was written.
    Undone(StoreError),
    /// It ended, and nobody knows whether it was written.
    Doubtful(StoreError),
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Failed::Undone(error)
    }
}

impl From<Failed> for StoreError {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Undone(error) | Failed::Doubtful(error) => error,
        }
    }
}

/// What a transaction writes, and with it who of other processes may write meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Anything: nobody else writes.
    Books,
    /// What routers showed: others write what other routers showed.
    Rounds,
    /// Who polls which router, and what was told; whatever else is written.
    Leases,
}

/// A connection that its thread owns.
pub(crate) trait Session: Send + 'static {
    /// Runs `job` in a transaction, which is committed if it succeeds.
    fn write<T>(
        &mut self,
        reach: Reach,
        job: impl FnOnce(&Connection<'_>) -> Result<T, StoreError>,
    ) -> Result<T, Failed>;

    /// Runs `job` in a transaction that sees one moment.
    fn read<T>(
        &mut self,
        job: impl FnOnce(&Connection<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError>;

    /// A job panicked: its transaction must not be left to the next one.
    fn leave_no_transaction(&mut self);

    /// Snapshots with very many rows are about to be written.
    fn make_room(&mut self) {}
}
