//! What a person can do about a file that cannot be made or written.

use std::io::{Error, ErrorKind};

/// What mends a full disk.
pub const FREE_SPACE: &str = "free some space and start again";

/// The end of a sentence that names the file and the error.
pub fn what_mends(error: &Error) -> &'static str {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => FREE_SPACE,
        ErrorKind::ReadOnlyFilesystem => "that file system is mounted read-only; give another place",
        ErrorKind::NotFound => "check the path",
        _ => "check the owner and mode of its folder",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_not_mended_by_chmod() {
        for (kind, told) in [
            (ErrorKind::StorageFull, "space"),
            (ErrorKind::QuotaExceeded, "space"),
            (ErrorKind::FileTooLarge, "space"),
            (ErrorKind::ReadOnlyFilesystem, "mounted"),
            (ErrorKind::PermissionDenied, "owner"),
        ] {
            assert!(what_mends(&Error::from(kind)).contains(told), "{kind:?}");
        }
    }
}
