//! Where a server keeps its database, its key and the token of local commands.

use std::fs::DirBuilder;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};
use store::{FREE_SPACE, what_mends};

use crate::failure::Failure;

/// The place for a service that is installed on a host.
const OF_THE_HOST: &str = "/var/lib/tikmeter";
/// The place for somebody who tries it out.
const OF_THE_CALLER: &str = "./data";
/// The file with the local admin token, within the folder.
const TOKEN_FILE: &str = "token";
/// The file with the server's address while it runs, within the folder.
const URL_FILE: &str = "url";
/// The file with the key to the routers' passwords, within the folder.
const KEY_FILE: &str = "key";
/// The file with the database, within the folder, where nothing else is configured.
const DATABASE_FILE: &str = "tikmeter.db";
/// The folder with the backups, within the folder.
const BACKUPS: &str = "backups";
/// Write bits of the group and of everybody else.
const OTHERS_MAY_WRITE: u32 = 0o022;

/// The folder a server uses: the given one, else the host's when this user may write there, else `./data`.
pub(crate) fn for_serving(given: Option<&Path>) -> PathBuf {
    let writable = || access(OF_THE_HOST, Access::WRITE_OK | Access::EXEC_OK).is_ok();
    match given {
        Some(given) => given.to_owned(),
        None if writable() => OF_THE_HOST.into(),
        None => OF_THE_CALLER.into(),
    }
}

/// The file with the local admin token, in that folder.
pub(crate) fn token_file(folder: &Path) -> PathBuf {
    folder.join(TOKEN_FILE)
}

/// The file with the server's address while it runs, in that folder.
pub(crate) fn url_file(folder: &Path) -> PathBuf {
    folder.join(URL_FILE)
}

/// The file with the key to the routers' passwords, in that folder.
pub(crate) fn key_file(folder: &Path) -> PathBuf {
    folder.join(KEY_FILE)
}

/// The database's file, in that folder.
pub(crate) fn database_file(folder: &Path) -> PathBuf {
    folder.join(DATABASE_FILE)
}

/// The folder with the backups, in that folder, where nothing else is configured.
pub(crate) fn backups(folder: &Path) -> PathBuf {
    folder.join(BACKUPS)
}

/// The log that SQLite keeps beside a database file.
pub(crate) fn log_of(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}

/// The folders a local command may look into for a server's token and address, the likeliest first.
pub(crate) fn for_commands(given: Option<&Path>) -> Vec<PathBuf> {
    match given {
        Some(given) => vec![given.to_owned()],
        None => [OF_THE_HOST, OF_THE_CALLER].map(PathBuf::from).to_vec(),
    }
}

/// Makes the folder when lacking, closed to everybody but its owner: it holds the key to the routers' passwords.
/// One that exists stays as it is, for it may hold other things too; the files in it are closed by themselves.
///
/// # Errors
/// When it cannot be made or used.
pub(crate) fn prepare(folder: &Path) -> Result<(), Failure> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    let mode = made.and_then(|()| std::fs::metadata(folder)).map(|metadata| metadata.permissions().mode());
    let usable = mode.and_then(|mode| {
        access(folder, Access::WRITE_OK | Access::EXEC_OK)?;
        Ok(mode)
    });
    let mode = usable.map_err(|error| Failure::said(unusable(folder, &error)))?;
    if mode & OTHERS_MAY_WRITE != 0 {
        tracing::warn!(
            folder = %folder.display(),
            "other users may write into the data folder and so replace its files; close it by chmod 700"
        );
    }
    Ok(())
}

/// What stands in the way of a server of this user that keeps its files there, without making anything.
pub(crate) fn hindrance(folder: &Path) -> Option<String> {
    let there = folder.ancestors().find(|folder| folder.as_os_str().is_empty() || folder.exists());
    let there = there.filter(|there| !there.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // The slash asks for a folder.
    let usable = access(there.join(""), Access::WRITE_OK | Access::EXEC_OK);
    usable.err().map(|error| unusable(folder, &error.into()))
}

fn unusable(folder: &Path, error: &std::io::Error) -> String {
    let mend = match what_mends(error) {
        FREE_SPACE => FREE_SPACE,
        _ => "name another one by --data or TIKMETER_DATA, or make this user its owner",
    };
    format!("the data folder {} cannot be used ({error}); {mend}", folder.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_yet_to_be_made_is_hindered_by_the_one_it_is_made_in() {
        let place = tempfile::tempdir().unwrap();
        assert_eq!(hindrance(&place.path().join("a/b")), None);
        assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 0);
        std::fs::write(place.path().join("file"), "").unwrap();
        for within in ["file", "file/data"] {
            let told = hindrance(&place.path().join(within)).unwrap();
            assert!(told.contains("Not a directory") && told.contains("--data"), "{told}");
        }
        assert_eq!(hindrance(Path::new("data-of-nobody")), None);
    }

    #[test]
    fn a_prepared_folder_is_its_owners_alone() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("a/b");
        prepare(&folder).unwrap();
        assert_eq!(std::fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
        let file = place.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert!(prepare(&file).unwrap_err().to_string().contains("--data"));
    }

    #[test]
    fn a_given_folder_is_the_only_one() {
        let given = Path::new("/srv/meter");
        assert_eq!(for_serving(Some(given)), given);
        assert_eq!(for_commands(Some(given)), [given]);
    }

    #[test]
    fn a_host_wide_server_is_looked_for_before_a_local_one() {
        assert_eq!(for_commands(None), [Path::new("/var/lib/tikmeter"), Path::new("./data")]);
    }
}
