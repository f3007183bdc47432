//! The one path of a database, whatever path leads to it. SQLite keeps its log beside the file that a symbolic link points
//! to, so lock, log, copies and the look whether the file is still there must speak of that file too.

use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::error::StoreError;
use crate::what_mends::what_mends;

/// The path of the file itself; `path` as it is where nothing is there yet.
///
/// # Errors
/// A link that leads nowhere, and a file with more than one name: under another one it would have another lock and
/// another log.
pub(crate) fn real_path(path: &Path) -> Result<PathBuf, StoreError> {
    let real = match path.canonicalize() {
        Ok(real) => real,
        Err(error) if error.kind() == ErrorKind::NotFound => return not_there(path),
        Err(error) => {
            return Err(StoreError::Unavailable(format!(
                "the path {} leads to no file ({error}); {}",
                path.display(),
                what_mends(&error)
            )));
        }
    };
    match real.metadata() {
        Ok(file) if file.is_file() && file.nlink() > 1 => Err(several_names(&real, file.nlink())),
        _ => Ok(real),
    }
}

fn not_there(path: &Path) -> Result<PathBuf, StoreError> {
    match path.read_link() {
        Ok(target) => Err(StoreError::Unavailable(format!(
            "{} is a symbolic link to {}, where no file is; nothing was made. Put the database there, or take the link away",
            path.display(),
            target.display()
        ))),
        Err(_) => Ok(path.to_owned()),
    }
}

fn several_names(path: &Path, names: u64) -> StoreError {
    StoreError::Unavailable(format!(
        "{0} is a file with {names} names (hard links), and under each of them it would get a log of its own, which damages \
         it; nothing was touched. Keep one name and remove the others: `find / -samefile {0}` shows them",
        path.display()
    ))
}
