//! Cursors over ledger lines.

use store::{EntryKey, NasId};

use crate::api::paging;
use crate::problem::Problem;

/// Names the line.
pub(super) fn write(key: EntryKey) -> String {
    format!("{}.{}.{}", key.bucket, key.nas, key.no)
}

/// The line that a cursor names.
pub(super) fn read(cursor: &str) -> Result<EntryKey, Problem> {
    let [bucket, nas, no] = paging::numbers(cursor)?;
    Ok(EntryKey { bucket, nas: NasId(nas), no: paging::unsigned(no)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_finds_its_line_again() {
        assert_eq!(read("9.3.7"), Ok(EntryKey { bucket: 9, nas: NasId(3), no: 7 }));
        assert!(read("9.3.-1").is_err());
    }
}
