//! Parsers of files that strangers write, for fuzzers.

use crate::cli::import::phpnuxbill;
use crate::config;

/// A text as the configuration; whether it can be run with.
pub fn config(text: &str) -> bool {
    config::of_text("tikmeter.toml", text).is_ok_and(|loaded| loaded.settings().is_ok())
}

/// A dump of MySQL's; how many rows were found in tables that PHPNuxBill has.
pub fn dump(bytes: &[u8]) -> Option<usize> {
    phpnuxbill::rows_of_dump(bytes)
}
