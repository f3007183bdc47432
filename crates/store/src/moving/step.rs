//! What whoever watches a move is shown.

use std::ops::ControlFlow;

use super::error::MoveError;

/// What a step of a move did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Read rows again that were copied before the move was cut off.
    Rereading,
    /// Copied rows.
    Copying,
    /// Read rows back from PostgreSQL and compared them.
    Comparing,
    /// Is about to recompute the totals.
    Verifying,
}

/// A step that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoveStep {
    /// What it did.
    pub doing: Doing,
    /// Of which table; empty for what is done with all of them.
    pub table: String,
    /// Rows of the table so far, those of before the move was cut off included.
    pub rows: u64,
    /// All rows of the table.
    pub of_rows: u64,
    /// Octets of the rows so far, as they are compared.
    pub octets: u64,
}

/// Is shown each step, and says whether the move goes on.
pub type MoveWatch<'w> = &'w mut (dyn FnMut(MoveStep) -> ControlFlow<()> + Send);

/// A table that was moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovedTable {
    /// Its name.
    pub name: String,
    /// Its rows.
    pub rows: u64,
    /// Octets of them, as they were compared.
    pub octets: u64,
}

/// Shows a step.
///
/// # Errors
/// `Stopped` when whoever watches wants no more.
pub(super) fn told(
    watch: MoveWatch<'_>,
    doing: Doing,
    table: &str,
    figures: [u64; 3],
) -> Result<(), MoveError> {
    let [rows, of_rows, octets] = figures;
    let table = table.to_owned();
    match watch(MoveStep { doing, table, rows, of_rows, octets }) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(MoveError::Stopped),
    }
}
