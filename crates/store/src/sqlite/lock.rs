//! One process per database file: an advisory lock on a file beside it, which also says who holds it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::error::StoreError;
use crate::what_mends::what_mends;

/// The right to use a database file; given back when dropped, also by the kernel when the process dies.
#[derive(Debug)]
pub(crate) struct FileLock {
    file: File,
}

impl FileLock {
    /// Takes the lock for `database`; `InUse` names the process that has it.
    pub(crate) fn take(database: &Path) -> Result<FileLock, StoreError> {
        let path = lock_path(database);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(|error| unavailable(&path, &error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(StoreError::InUse { path: database.to_owned(), pid: holder(&mut file) });
            }
            Err(TryLockError::Error(error)) => return Err(unavailable(&path, &error)),
        }
        sign(&mut file).map_err(|error| unavailable(&path, &error))?;
        Ok(FileLock { file })
    }
}

/// Closing the file would not do while a child that was just forked has not yet become another program: it holds the same
/// lock until then.
impl Drop for FileLock {
    fn drop(&mut self) {
        // Where that fails the lock goes with the file, as it does when the process dies.
        drop(self.file.unlock());
    }
}

fn lock_path(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

fn holder(file: &mut File) -> String {
    let mut text = String::new();
    match file.read_to_string(&mut text) {
        Ok(_) if !text.trim().is_empty() => text.trim().to_owned(),
        _ => "unknown".to_owned(),
    }
}

fn sign(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}

fn unavailable(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Unavailable(format!(
        "the lock file {} cannot be used ({error}); {}",
        path.display(),
        what_mends(error)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_given_back_though_a_child_has_the_file_open_still() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("meter.db");
        let lock = FileLock::take(&database).unwrap();
        assert!(matches!(FileLock::take(&database), Err(StoreError::InUse { .. })));
        let of_child = lock.file.try_clone().unwrap();
        drop(lock);
        let again = FileLock::take(&database).unwrap();
        drop(of_child);
        assert!(matches!(FileLock::take(&database), Err(StoreError::InUse { .. })));
        drop(again);
    }
}
