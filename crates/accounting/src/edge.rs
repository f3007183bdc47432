//! The edge between two cycles that no reading marked (rule 11).

use crate::table::Table;
use crate::time::Micros;

/// A renewal at which a router could not be read. It is settled once every counter of the login was read, or ended, by a
/// round that began after it and looked where the login's counters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Row of the login whose subscriber renewed.
    pub login: i64,
    /// The cycle that closed.
    pub cycle: i64,
    /// When it closed (our clock).
    pub at: Micros,
    /// Where the login's counters are ([`crate::source::source_of_login`]).
    pub table: Table,
    /// The version of the bindings that it came with: what was read under an earlier one may be of before it.
    pub since: u64,
}
