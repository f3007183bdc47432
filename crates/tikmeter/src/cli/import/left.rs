//! What of another program is not taken as it is there, and why.

use serde::Serialize;

use crate::output::{Table, grouped};

/// Told one by one at the most; the rest is counted.
const TOLD: usize = 100;

/// See the module.
#[derive(Debug, Default, Serialize)]
#[serde(transparent)]
pub(super) struct Left(Vec<One>);

#[derive(Debug, Serialize)]
struct One {
    what: String,
    why: String,
}

impl Left {
    /// That is not taken as it is there.
    pub(super) fn note(&mut self, what: String, why: String) {
        self.0.push(One { what, why });
    }

    /// As a table; empty where all is taken.
    pub(super) fn table(&self) -> String {
        if self.0.is_empty() {
            return String::new();
        }
        let mut table = Table::new(&["what", "what is not taken as it is there"]);
        for one in self.0.iter().take(TOLD) {
            table.row([&one.what, &one.why]);
        }
        match self.0.len().saturating_sub(TOLD) as u64 {
            0 => format!("\n\n{table}"),
            more => format!("\n\n{table}and {} more\n", grouped(more)),
        }
    }
}
