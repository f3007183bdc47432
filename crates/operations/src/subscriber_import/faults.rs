//! What is wrong with a file, place by place.

/// Faults told in full; more are only counted.
pub const TOLD_FAULTS: usize = 100;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportFault {
    /// The line of the file, the headings being in line 1.
    pub row: u64,
    /// The column's name; `None` for what is wrong with the whole row or file.
    pub column: Option<String>,
    /// What is wrong and what would be right, as one sentence.
    pub said: String,
}

/// The faults found so far.
#[derive(Debug, Default)]
pub(super) struct Faults {
    told: Vec<ImportFault>,
    total: u64,
}

impl Faults {
    /// Notes a fault.
    pub(super) fn note(&mut self, row: u64, column: Option<&str>, said: impl Into<String>) {
        self.total += 1;
        if self.told.len() < TOLD_FAULTS {
            self.told.push(ImportFault { row, column: column.map(str::to_owned), said: said.into() });
        }
    }

    /// How many there are.
    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// Those told, by row.
    pub(super) fn told(mut self) -> Vec<ImportFault> {
        self.told.sort_by_key(|fault| fault.row);
        self.told
    }
}
