//! The program of a MariaDB server for tests, which start servers of their own. Servers that run on the machine are not looked at.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::apt;

/// Where tests find the program.
pub(crate) const VARIABLE: &str = "TEST_MARIADB_SERVER";

/// Where Debian puts it, outside what a user's PATH has.
const PROGRAM: &str = "/usr/sbin/mariadbd";
/// What makes its first tables, and what runs statements.
const TOOLS: [&str; 3] = ["/usr/bin/mariadb-install-db", "/usr/bin/mariadb", "/usr/bin/my_print_defaults"];
/// They bring no service that would be started.
const PACKAGES: [&str; 2] = ["mariadb-server-core", "mariadb-client-core"];

/// The program, installed when there is none.
///
/// # Errors
/// A sentence with what a person can do.
pub(crate) fn server() -> Result<PathBuf, String> {
    static READY: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    READY.get_or_init(|| found_or_installed(Path::new(PROGRAM), apt::install)).clone()
}

fn found_or_installed(
    program: &Path,
    install: impl FnOnce(&str, &[&str]) -> Result<(), String>,
) -> Result<PathBuf, String> {
    let is_there = || program.is_file() && TOOLS.iter().all(|tool| Path::new(tool).is_file());
    if !is_there() {
        install("MariaDB server", &PACKAGES)?;
    }
    match is_there() {
        true => Ok(program.to_owned()),
        false => Err(format!(
            "{} have no {}; install a MariaDB server by hand",
            PACKAGES.join(" and "),
            program.display()
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_installed_where_there_is_none_and_said_where_that_brings_none() {
        let missing = Path::new("/nowhere/mariadbd");
        assert_eq!(
            found_or_installed(missing, |_, _| Err("no apt-get".to_owned())),
            Err("no apt-get".to_owned())
        );
        let told = found_or_installed(missing, |_, packages| {
            assert_eq!(packages, PACKAGES);
            Ok(())
        });
        assert!(told.unwrap_err().contains("by hand"));
        assert!(server().unwrap().is_file());
    }
}
