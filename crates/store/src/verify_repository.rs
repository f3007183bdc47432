//! Recomputing every total from the ledger (rule 12).

use async_trait::async_trait;

use crate::error::StoreError;

/// Mismatches told in full; more are only counted.
const TOLD_MISMATCHES: usize = 100;

/// What recomputing found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerifyReport {
    /// Sessions whose total was compared with their entries.
    pub sessions_checked: u64,
    /// Cycles whose totals were compared with their entries, router by router.
    pub cycles_checked: u64,
    /// Entries read.
    pub entries_checked: u64,
    /// Counters whose entries were followed from value to value.
    pub counters_checked: u64,
    /// Acts of the journal whose hash was computed anew.
    pub audit_checked: u64,
    /// The first mismatches, as sentences.
    pub mismatches: Vec<String>,
    /// All mismatches.
    pub mismatches_total: u64,
}

impl VerifyReport {
    /// True when everything agrees.
    pub fn is_clean(&self) -> bool {
        self.mismatches_total == 0
    }

    /// Notes a mismatch.
    pub(crate) fn note(&mut self, mismatch: impl FnOnce() -> String) {
        self.mismatches_total += 1;
        if self.mismatches.len() < TOLD_MISMATCHES {
            self.mismatches.push(mismatch());
        }
    }
}

/// Checking the books.
#[async_trait]
pub trait VerifyRepository: Send + Sync {
    /// Recomputes session totals, what each cycle moved on each router, the chain of each counter's values, what it moved as
    /// nobody's and the journal's hashes, and looks whether each entry is kept in the quarter of an hour it ended in and is of
    /// its session's login. Each router, each hundred cycles and the journal are read in one moment of their own, so that a running
    /// meter neither waits nor looks wrong. Acts cut off the end of the journal cannot be noticed, nor an entry moved to
    /// another row of the same login, whose binding may have been narrower once, or to another user of the hotspot.
    async fn verify(&self) -> Result<VerifyReport, StoreError>;
}
