//! Files that hold a secret and that others than their owner can read.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Read bits of the group and of everybody else.
const OTHERS_MAY_READ: u32 = 0o044;

/// What to say, and the cure, when others can read the file in which `what` lies. One that is not there is told by reading it.
pub(crate) fn exposure(file: &Path, what: &str) -> Option<String> {
    let mode = std::fs::metadata(file).ok()?.permissions().mode();
    (mode & OTHERS_MAY_READ != 0).then(|| {
        let file = file.display();
        format!("other users can read {what} {file}; close it with: chmod 600 {file}")
    })
}
