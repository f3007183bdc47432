//! The passphrase of a backup: from a file, standard input or the environment. No flag: a list of processes would show it.

use std::path::{Path, PathBuf};

use secrecy::SecretString;

use crate::failure::Failure;
use crate::password_file;

/// The variable with the passphrase.
const VARIABLE: &str = "TIKMETER_BACKUP_PASSPHRASE";
/// Standard input, as a file.
const INPUT: &str = "/dev/stdin";

/// Where the passphrase comes from.
#[derive(Debug, clap::Args)]
pub(crate) struct PassphraseArgs {
    /// A file whose first line is the passphrase; - for standard input [env: TIKMETER_BACKUP_PASSPHRASE is the passphrase
    /// itself]
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

impl PassphraseArgs {
    /// The passphrase, if one was given anywhere; `configured` is the file of the configuration.
    ///
    /// # Errors
    /// When the file cannot be read, or holds none.
    pub(super) fn read(&self, configured: Option<&Path>) -> Result<Option<SecretString>, Failure> {
        let of_file = |file: &Path| {
            let file = if file == Path::new("-") { Path::new(INPUT) } else { file };
            let line = password_file::first_line(file).map_err(Failure::said)?;
            if line.is_empty() { Err(lacks()) } else { Ok(Some(line.into())) }
        };
        let of_variable = std::env::var(VARIABLE).ok().filter(|passphrase| !passphrase.is_empty());
        match (&self.passphrase_file, of_variable, configured) {
            (Some(file), _, _) => of_file(file),
            (None, Some(passphrase), _) => Ok(Some(passphrase.into())),
            (None, None, Some(file)) => of_file(file),
            (None, None, None) => Ok(None),
        }
    }
}

/// One is needed and none was given.
pub(super) fn lacks() -> Failure {
    Failure::usage(format!(
        "there is no passphrase; nothing was done. Give --passphrase-file FILE (- for standard input) or {VARIABLE}"
    ))
}
