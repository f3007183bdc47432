//! Whether the open database is still the file at its path. A file that is removed or replaced stays open, and whatever
//! is written into it is gone when the process ends.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::error::StoreError;

/// How the file ends that a backup is being put back into, until it has the database's own name.
pub(crate) const RESTORING: &str = ".restoring";

/// A backup that is half put back is no database, and an empty one in its place would be taken for what it is not.
///
/// # Errors
/// `Unavailable` where one is beside the database.
pub(super) fn refuse_half_restored(path: &Path) -> Result<(), StoreError> {
    let mut half = path.as_os_str().to_owned();
    half.push(RESTORING);
    let half = PathBuf::from(half);
    if !half.exists() {
        return Ok(());
    }
    Err(StoreError::Unavailable(format!(
        "a backup was being put back into it and is not there whole ({}). Nothing was touched. Run `tikmeter backup restore` \
         again; to do without, remove that file",
        half.display()
    )))
}

/// The database and its log, as they were opened.
#[derive(Debug)]
pub(super) struct Place {
    path: PathBuf,
    files: Vec<(PathBuf, Identity)>,
}

/// Device and inode: what a file is, whatever its name.
type Identity = (u64, u64);

impl Place {
    /// The files of a database that was just opened; its log is there since something was read.
    pub(super) fn of(path: &Path) -> Result<Place, StoreError> {
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        let files = [path.to_owned(), PathBuf::from(log)];
        let files = files.into_iter().map(|file| Ok((file.clone(), identity(&file)?)));
        let files = files.collect::<std::io::Result<Vec<_>>>();
        files.map(|files| Place { path: path.to_owned(), files }).map_err(|_| misplaced(path))
    }

    /// # Errors
    /// `Misplaced` when one of them is gone from its path or another file is there.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        let there = |(path, opened): &(PathBuf, Identity)| identity(path).is_ok_and(|found| found == *opened);
        if self.files.iter().all(there) { Ok(()) } else { Err(misplaced(&self.path)) }
    }
}

fn misplaced(path: &Path) -> StoreError {
    StoreError::Misplaced { path: path.to_owned() }
}

fn identity(path: &Path) -> std::io::Result<Identity> {
    std::fs::metadata(path).map(|found| (found.dev(), found.ino()))
}
