//! The programs of a PostgreSQL server, installed when there are none, and who may run them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::program;
use crate::stages::apt;

/// Where Debian puts each major version.
const VERSIONS: &str = "/usr/lib/postgresql";
/// While this is there, Debian's package makes no cluster and starts no server.
const NO_CLUSTER: &str = "/etc/postgresql-common/createcluster.d/tikmeter-tests.conf";

/// Whom the server runs as: its user and group, unless that is who we are.
pub(super) type Account = Option<(u32, u32)>;

/// The folder with a version's programs.
#[derive(Clone)]
pub(crate) struct Programs(PathBuf);

impl Programs {
    /// Those of a version that was put elsewhere, whose libraries and texts lie beside the folder.
    pub(crate) fn at(bin: PathBuf) -> Programs {
        Programs(bin)
    }

    /// The newest that are there, or were installed for it.
    ///
    /// # Errors
    /// A sentence with what a person can do.
    pub(crate) fn ready() -> Result<Programs, String> {
        static READY: OnceLock<Result<Programs, String>> = OnceLock::new();
        READY.get_or_init(found_or_installed).clone()
    }

    /// The same where whoever may look into `folder` can run them; those of the machine anybody can.
    pub(super) fn reachable_in(&self, folder: &Path) -> Result<Programs, String> {
        let Some(all) = self.0.parent().filter(|_| !self.0.starts_with(VERSIONS)) else {
            return Ok(self.clone());
        };
        let copy = folder.join("programs");
        program::capture(Command::new("cp").arg("-R").arg(all).arg(&copy))?;
        Ok(Programs(copy.join("bin")))
    }

    pub(super) fn initdb(&self) -> PathBuf {
        self.0.join("initdb")
    }

    pub(super) fn postgres(&self) -> PathBuf {
        self.0.join("postgres")
    }
}

fn found_or_installed() -> Result<Programs, String> {
    if let Some(programs) = found(Path::new(VERSIONS)) {
        return Ok(programs);
    }
    install()?;
    found(Path::new(VERSIONS)).ok_or_else(|| format!("PostgreSQL is installed, but {VERSIONS} has no server"))
}

/// The newest version below a folder that has a server, not only the client.
fn found(versions: &Path) -> Option<Programs> {
    let version = |folder: &PathBuf| folder.file_name()?.to_str()?.parse::<u32>().ok();
    let folders = std::fs::read_dir(versions).ok()?.filter_map(Result::ok).map(|entry| entry.path());
    let newest = folders
        .filter(|folder| folder.join("bin/postgres").exists() && folder.join("bin/initdb").exists())
        .filter_map(|folder| version(&folder).map(|version| (version, folder)))
        .max();
    newest.map(|(_, folder)| Programs(folder.join("bin")))
}

/// Debian's package would make a cluster and start it: nobody asked for that, and our rule for it is gone afterwards.
fn install() -> Result<(), String> {
    let make = "mkdir -p \"$(dirname \"$1\")\" && echo 'create_main_cluster = false' > \"$1\"";
    let forget = "rm -f \"$1\" && rmdir --ignore-fail-on-non-empty \"$(dirname \"$1\")\"";
    apt::as_root(&["sh", "-c", make, "sh", NO_CLUSTER])?;
    let installed = apt::install("PostgreSQL server", &["postgresql"]);
    apt::as_root(&["sh", "-c", forget, "sh", NO_CLUSTER])?;
    installed
}

/// PostgreSQL refuses to be run by root, so that root lends it the user that Debian made for it.
///
/// # Errors
/// When there is no such user.
pub(super) fn account() -> Result<Account, String> {
    let id = |words: &[&str]| -> Result<u32, String> {
        let told = program::capture(Command::new("id").args(words))?;
        told.trim().parse().map_err(|_| format!("`id {}` answered {told:?}", words.join(" ")))
    };
    if id(&["-u"])? != 0 {
        return Ok(None);
    }
    let of_postgres = || Ok((id(&["-u", "postgres"])?, id(&["-g", "postgres"])?));
    of_postgres().map(Some).map_err(|why: String| {
        format!("root cannot run PostgreSQL, and the user postgres cannot be had ({why})")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_with_a_server_is_taken() {
        let top = std::env::temp_dir().join(format!("xtask-postgres-{}", std::process::id()));
        for (version, programs) in [("9", 2), ("15", 2), ("14", 2), ("17", 1), ("none", 2)] {
            let bin = top.join(version).join("bin");
            std::fs::create_dir_all(&bin).unwrap();
            for name in ["initdb", "postgres"].iter().take(programs) {
                std::fs::write(bin.join(name), "").unwrap();
            }
        }
        let newest = found(&top).map(|programs| programs.postgres());
        std::fs::remove_dir_all(&top).unwrap();
        assert_eq!(newest, Some(top.join("15/bin/postgres")));
        assert!(found(&top).is_none());
    }

    #[test]
    fn programs_from_elsewhere_are_copied_to_where_the_server_may_look() {
        let top = std::env::temp_dir().join(format!("xtask-programs-{}", std::process::id()));
        let (bin, folder) = (top.join("native/bin"), top.join("folder"));
        std::fs::create_dir_all(&bin).unwrap();
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(bin.join("initdb"), "").unwrap();
        let copied = Programs::at(bin).reachable_in(&folder).unwrap().initdb();
        let is_there = copied.exists();
        std::fs::remove_dir_all(&top).unwrap();
        assert!(is_there && copied == folder.join("programs/bin/initdb"), "{}", copied.display());
        let of_debian = Programs::at(Path::new(VERSIONS).join("15/bin"));
        assert_eq!(of_debian.reachable_in(&folder).unwrap().initdb(), of_debian.initdb());
    }
}
