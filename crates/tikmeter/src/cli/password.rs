//! A router's password, without ever showing it.

use std::path::{Path, PathBuf};

use secrecy::SecretString;

use crate::failure::Failure;

const VARIABLE: &str = "TIKMETER_ROUTER_PASSWORD";

/// Where the password comes from. A file or the variable keep it out of the list of processes.
#[derive(Debug, clap::Args)]
pub(crate) struct PasswordArgs {
    /// The user's password on the router (better: --password-file, which other users of this host cannot see)
    #[arg(long, value_name = "PASSWORD", conflicts_with = "password_file")]
    password: Option<SecretString>,
    /// A file whose first line is the password
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

impl PasswordArgs {
    /// The password, if one was given: by flag, file or `TIKMETER_ROUTER_PASSWORD`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn given(&self) -> Result<Option<SecretString>, Failure> {
        match (&self.password, &self.password_file) {
            (Some(password), _) => Ok(Some(password.clone())),
            (None, Some(file)) => first_line(file).map(Some),
            (None, None) => Ok(std::env::var(VARIABLE).ok().map(SecretString::from)),
        }
    }

    /// The password.
    ///
    /// # Errors
    /// When there is none or it cannot be read.
    pub(crate) fn required(&self) -> Result<SecretString, Failure> {
        self.given()?.ok_or_else(|| {
            Failure::usage(format!(
                "the router's password is needed: --password-file FILE, --password, or {VARIABLE}"
            ))
        })
    }
}

fn first_line(file: &Path) -> Result<SecretString, Failure> {
    crate::password_file::first_line(file).map(SecretString::from).map_err(Failure::said)
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn the_first_line_of_the_file_counts_and_spaces_belong_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        std::fs::write(&file, " with spaces \r\nmore\n").unwrap();
        let args = PasswordArgs { password: None, password_file: Some(file) };
        assert_eq!(args.required().unwrap().expose_secret(), " with spaces ");
    }

    #[test]
    fn a_missing_file_is_named() {
        let args = PasswordArgs { password: None, password_file: Some("/nowhere/password".into()) };
        assert!(args.given().unwrap_err().to_string().contains("/nowhere/password"));
    }

    #[test]
    fn it_is_never_shown() {
        let args = PasswordArgs { password: Some("geheim".to_owned().into()), password_file: None };
        assert!(!format!("{args:?}").contains("geheim"));
    }
}
