//! Secret files that are there whole or not at all: on a disk that is full, and after a kill half-way.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Result, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Writes `path` with `.new` behind its name, readable by its owner only and flushed, for the caller to put into place.
/// What an earlier attempt left there goes; this one leaves nothing when it fails.
pub(crate) fn write_beside(path: &Path, content: &[u8]) -> Result<PathBuf> {
    let new = path.with_extension("new");
    remove_left(&new)?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
    let written = file.write_all(content).and_then(|()| file.sync_all());
    whole_or_none(&new, written)?;
    Ok(new)
}

/// Removes what could not be written to its end.
fn whole_or_none(new: &Path, written: Result<()>) -> Result<()> {
    if written.is_err() {
        remove_left(new)?;
    }
    written
}

/// Makes names that were put into the file's folder survive a power cut.
pub(crate) fn sync_folder(path: &Path) -> Result<()> {
    match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => File::open(folder)?.sync_all(),
        None => File::open(".")?.sync_all(),
    }
}

fn remove_left(new: &Path) -> Result<()> {
    match std::fs::remove_file(new) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_full_disk_cut_short_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let half = folder.path().join("key.new");
        std::fs::write(&half, "ha").unwrap();
        let told = whole_or_none(&half, Err(ErrorKind::StorageFull.into())).unwrap_err();
        assert!(told.kind() == ErrorKind::StorageFull && !half.exists());
    }
}
