//! Verify: the books recomputed.

use serde::Serialize;
use utoipa::ToSchema;

/// What recomputing every total from its entries found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Verification {
    /// Sessions whose entries were added up.
    pub sessions_checked: u64,
    /// Cycles whose entries were added up.
    pub cycles_checked: u64,
    /// Entries looked at.
    pub entries_checked: u64,
    /// Counters whose entries were followed from value to value.
    pub counters_checked: u64,
    /// Audit rows whose chain was recomputed.
    pub audit_checked: u64,
    /// What does not agree, a sentence each; at most the first ones.
    pub mismatches: Vec<String>,
    /// How many there are in all. 0: every total is the sum of its entries.
    pub mismatches_total: u64,
}
