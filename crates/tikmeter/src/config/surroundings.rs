//! What a configuration is read from besides its flags: given, so that tests have their own.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Where the host keeps it, when the folder we are in has none.
const FILE_OF_THE_HOST: &str = "/etc/tikmeter/tikmeter.toml";

/// Environment and folders.
#[derive(Clone, Debug, Default)]
pub(crate) struct Surroundings {
    /// The process's variables that are UTF-8. Holds passwords.
    pub(crate) variables: BTreeMap<String, String>,
    /// The folder whose `.env` and `tikmeter.toml` count.
    pub(crate) folder: PathBuf,
    /// The file that counts when that folder has none.
    pub(crate) file_of_the_host: PathBuf,
}

impl Surroundings {
    /// Those of this process.
    pub(crate) fn of_process() -> Self {
        let utf8 =
            |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value.into_string().ok()?));
        Surroundings {
            variables: std::env::vars_os().filter_map(utf8).collect(),
            folder: PathBuf::from("."),
            file_of_the_host: PathBuf::from(FILE_OF_THE_HOST),
        }
    }

    /// The configuration file: the given one, which must then exist, else the first of the usual ones that does.
    pub(crate) fn file(&self, given: Option<&Path>) -> Option<PathBuf> {
        let usual = || [self.folder.join("tikmeter.toml"), self.file_of_the_host.clone()];
        given.map(Path::to_owned).or_else(|| usual().into_iter().find(|file| file.exists()))
    }
}
