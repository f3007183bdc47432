//! Where files may go: the folder cargo builds into, which is a real disk wherever the checkout is.

use std::path::{Path, PathBuf};

use crate::figure::Result;

/// Cargo's target folder, which holds this program.
pub(crate) fn target() -> Result<PathBuf> {
    let program =
        std::env::current_exe().map_err(|error| format!("this program cannot be found: {error}"))?;
    let profile = program.parent().ok_or("this program lies in no folder")?;
    Ok(profile.parent().unwrap_or(profile).to_owned())
}

/// The page of the documentation that a whole run may write.
pub(crate) fn documentation() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/performance.md")
}

/// A folder of its own, gone when dropped.
#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// Makes an empty folder.
    pub(crate) fn new(name: &str) -> Result<Self> {
        let path = target()?.join("bench").join(format!("{name}-{}", std::process::id()));
        if path.exists() {
            std::fs::remove_dir_all(&path)?;
        }
        std::fs::create_dir_all(&path)
            .map_err(|error| format!("{} cannot be made: {error}", path.display()))?;
        Ok(Folder(path))
    }

    /// The path of a file in it.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The kind of file system it lies on: figures of a memory file system are no figures of a disk.
    pub(crate) fn file_system(&self) -> String {
        file_system(&self.0)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            eprintln!("bench: {} stays behind: {error}", self.0.display());
        }
    }
}

/// The kind of file system that a path lies on.
pub(crate) fn file_system(path: &Path) -> String {
    let mounts = std::fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    kind_of(&mounts, path).unwrap_or("unknown").to_owned()
}

/// The type of the innermost mount that holds `path`; of mounts on one place the last is the one seen.
fn kind_of<'m>(mounts: &'m str, path: &Path) -> Option<&'m str> {
    let mounts = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ').skip(1);
        Some((words.next()?, words.next()?))
    });
    let holding = mounts.filter(|(at, _)| path.starts_with(at));
    holding.max_by_key(|(at, _)| at.len()).map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_mount_counts() {
        let mounts = "a / ext4 rw 0 0\nb /tmp tmpfs rw 0 0\nc /tmp/x xfs rw 0 0\n";
        assert_eq!(kind_of(mounts, Path::new("/tmp/x/y")), Some("xfs"));
        assert_eq!(kind_of(mounts, Path::new("/tmpfile")), Some("ext4"));
        assert_eq!(kind_of("", Path::new("/")), None);
    }
}
