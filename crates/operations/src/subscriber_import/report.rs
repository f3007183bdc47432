//! What an import came to.

use super::faults::ImportFault;

/// What an import came to, or would come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Rows without those that are empty.
    pub rows: u64,
    /// Subscribers added.
    pub new: u64,
    /// Subscribers changed.
    pub changed: u64,
    /// Subscribers that were as the file has them.
    pub same: u64,
    /// What is wrong, by row; [`TOLD_FAULTS`](super::TOLD_FAULTS) at most. With a single fault nothing is imported.
    pub faults: Vec<ImportFault>,
    /// All that is wrong.
    pub faults_total: u64,
    /// What could not be looked at and is imported all the same, by row; [`TOLD_FAULTS`](super::TOLD_FAULTS) at most.
    pub unchecked: Vec<ImportFault>,
    /// All that could not be.
    pub unchecked_total: u64,
}
