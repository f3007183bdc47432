//! What a configuration is read from besides its flags: given, so that tests have their own.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Where the host keeps it, when the folder we are in has none.
const FILE_OF_THE_HOST: &str = "/etc/tikmeter/tikmeter.toml";

/// systemd's variable for the folder of `LoadCredential=`.
const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";

/// Environment and folders.
#[derive(Clone, Default)]
pub(crate) struct Surroundings {
    /// The process's variables that are UTF-8. Holds passwords.
    pub(crate) variables: BTreeMap<String, String>,
    /// The folder whose `.env` and `tikmeter.toml` count.
    pub(crate) folder: PathBuf,
    /// The file that counts when that folder has none.
    pub(crate) file_of_the_host: PathBuf,
}

/// Never the values.
impl std::fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&String> = self.variables.keys().collect();
        f.debug_tuple("Surroundings").field(&names).field(&self.folder).finish()
    }
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

    /// The folder in which the service manager hands over what is secret, if it does.
    pub(crate) fn credentials(&self) -> Option<&Path> {
        self.variables.get(CREDENTIALS).filter(|folder| !folder.is_empty()).map(Path::new)
    }

    /// The configuration file: the given one, which must then exist, else the first of the usual ones that does.
    pub(crate) fn file(&self, given: Option<&Path>) -> Option<PathBuf> {
        let usual = || [self.folder.join("tikmeter.toml"), self.file_of_the_host.clone()];
        given.map(Path::to_owned).or_else(|| usual().into_iter().find(|file| file.exists()))
    }
}
