//! The program of a Redis server for tests, which start servers of their own: some of them kill theirs. Servers that run on the
//! machine are not looked at.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::apt;
use crate::program;
use crate::repo;

/// Where tests find the program. Without our prefix, for a `tikmeter` that tests start refuses variables of ours that it does
/// not know.
pub(crate) const VARIABLE: &str = "TEST_REDIS_SERVER";

/// What the program is called.
const NAMES: [&str; 2] = ["redis-server", "valkey-server"];
/// The same program in Debian's package of tools, which brings no service that would be started.
const TOOL: &str = "/usr/bin/redis-check-rdb";

/// The program, installed when there is none.
///
/// # Errors
/// A sentence with what a person can do.
pub(crate) fn server() -> Result<PathBuf, String> {
    static READY: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    READY.get_or_init(found_or_installed).clone()
}

fn found_or_installed() -> Result<PathBuf, String> {
    if let Some(found) = NAMES.iter().find_map(|name| in_path(name)) {
        return Ok(found);
    }
    if !Path::new(TOOL).exists() {
        apt::install("Redis server", &["redis-tools"])?;
    }
    under_its_name(Path::new(TOOL), &repo::root().join("target/xtask"))
}

fn in_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// The program is a server when it is called by that name.
fn under_its_name(tool: &Path, folder: &Path) -> Result<PathBuf, String> {
    let link = folder.join(NAMES[0]);
    let told =
        |what: &str| format!("{what}; install a Redis server by hand (Debian: apt-get install redis-server)");
    std::fs::create_dir_all(folder).map_err(|error| told(&format!("{}: {error}", folder.display())))?;
    drop(std::fs::remove_file(&link));
    std::os::unix::fs::symlink(tool, &link)
        .map_err(|error| told(&format!("{} cannot be made ({error})", link.display())))?;
    let version = program::capture(std::process::Command::new(&link).arg("--version"))
        .map_err(|error| told(&format!("{} is no Redis server ({error})", tool.display())))?;
    if version.starts_with("Redis server") { Ok(link) } else { Err(told("redis-tools has no Redis server")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_server_and_a_program_of_another_kind_is_none() {
        let server = server().unwrap();
        let version = program::capture(std::process::Command::new(&server).arg("--version")).unwrap();
        assert!(version.to_lowercase().contains("server"), "{version}");
        let folder = std::env::temp_dir().join(format!("xtask-redis-{}", std::process::id()));
        let other = under_its_name(Path::new("/bin/echo"), &folder);
        std::fs::remove_dir_all(&folder).unwrap();
        assert!(other.unwrap_err().contains("apt-get install redis-server"));
    }
}
