//! Parsers of files that strangers write, for fuzzers.

use crate::subscriber_import::{ImportFault, read_alone};

/// A CSV file of subscribers; how many of its rows can be read, and what is wrong with it.
pub fn subscribers(file: &[u8]) -> (usize, Vec<ImportFault>) {
    read_alone(file)
}
