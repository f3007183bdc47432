//! Where a server keeps its database, its key and the token of local commands.

use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};

/// The place for a service that is installed on a host.
const OF_THE_HOST: &str = "/var/lib/tikmeter";
/// The place for somebody who tries it out.
const OF_THE_CALLER: &str = "./data";
/// The file with the local admin token, within the folder.
const TOKEN_FILE: &str = "token";

/// The folder a server uses: the given one, else the host's when this user may write there, else `./data`.
pub(crate) fn for_serving(given: Option<&Path>) -> PathBuf {
    let writable = || access(OF_THE_HOST, Access::WRITE_OK | Access::EXEC_OK).is_ok();
    match given {
        Some(given) => given.to_owned(),
        None if writable() => OF_THE_HOST.into(),
        None => OF_THE_CALLER.into(),
    }
}

/// The token files a local command may look into, the likeliest first.
pub(crate) fn token_files(given: Option<&Path>) -> Vec<PathBuf> {
    match given {
        Some(given) => vec![given.join(TOKEN_FILE)],
        None => [OF_THE_HOST, OF_THE_CALLER].map(|folder| Path::new(folder).join(TOKEN_FILE)).to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_given_folder_is_the_only_one() {
        let given = Path::new("/srv/meter");
        assert_eq!(for_serving(Some(given)), given);
        assert_eq!(token_files(Some(given)), [given.join("token")]);
    }

    #[test]
    fn a_host_wide_token_is_looked_for_before_a_local_one() {
        assert_eq!(token_files(None), [Path::new("/var/lib/tikmeter/token"), Path::new("./data/token")]);
    }
}
