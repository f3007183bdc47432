//! How a process uses a database.

use std::time::Duration;

/// How a database is used.
#[derive(Clone, Debug)]
pub struct PostgresOptions {
    /// The name this process writes under; no two have the same.
    pub node: String,
    /// Connections that only read.
    pub readers: usize,
    /// How long a statement may take; nothing of what it was to write is written when it takes longer. Zero: for ever.
    pub statement_timeout: Duration,
}

impl Default for PostgresOptions {
    fn default() -> Self {
        PostgresOptions { node: "alone".to_owned(), readers: 3, statement_timeout: Duration::from_secs(60) }
    }
}
