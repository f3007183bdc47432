//! Where the data of another program are: in a file, or in its database.

use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};

use crate::failure::Failure;
use crate::password_file;

/// No flag: a list of processes would show the password in it.
pub(super) const VARIABLE: &str = "TIKMETER_IMPORT_FROM";

/// See the module.
pub(super) enum From {
    /// A file, or `-`.
    File(PathBuf),
    /// A URL with `://`.
    Url(SecretString),
}

/// As it is said: by a file, by `--from`, by `--from-file`, or else by the variable.
///
/// # Errors
/// One sentence; `nowhere` where nothing is said.
pub(super) fn said(
    file: Option<&PathBuf>,
    from: Option<&SecretString>,
    from_file: Option<&PathBuf>,
    nowhere: impl FnOnce() -> Failure,
) -> Result<From, Failure> {
    let named: SecretString = match (file, from, from_file) {
        (Some(file), ..) => return Ok(From::File(file.clone())),
        (_, Some(from), _) => from.clone(),
        (.., Some(file)) => password_file::first_line(file).map_err(Failure::said)?.into(),
        (None, None, None) => std::env::var(VARIABLE).map_err(|_| nowhere())?.into(),
    };
    let named = named.expose_secret().trim();
    match named.contains("://") {
        true => Ok(From::Url(named.to_owned().into())),
        false => Ok(From::File(named.into())),
    }
}
