//! Files that people bring: whatever is in them, what is wrong is said.

use operations::{csv_cell, parse_profiles, text_of_cell};

pub(crate) fn config(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    tikmeter::fuzzed::config(text);
}

/// Subscribers, and a file of profiles; both say in which line something is wrong.
pub(crate) fn csv(data: &[u8]) {
    let lines = operations::line_ends(data) + 1;
    let (rows, faults) = operations::fuzzed::subscribers(data);
    assert!(rows as u64 <= lines, "{rows} rows in {lines} lines");
    for fault in faults {
        assert!(fault.row <= lines + 1, "line {} of {lines}: {}", fault.row, fault.said);
    }
    if let Err(fault) = parse_profiles(data) {
        assert!(fault.line as u64 <= lines, "line {} of {lines}: {}", fault.line, fault.said);
    }
    if let Ok(text) = std::str::from_utf8(data) {
        assert_eq!(text_of_cell(&csv_cell(text)), text, "a cell is not what it was made from");
    }
}

pub(crate) fn dump(data: &[u8]) {
    if let Some(rows) = tikmeter::fuzzed::dump(data) {
        assert!(rows <= data.len(), "a row has more than no bytes");
    }
}
