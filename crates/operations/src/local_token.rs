//! The admin token for commands on the same machine: in a file that only the server's user can read.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use secrecy::ExposeSecret;
use store::Role;

use crate::error::OperationError;
use crate::operations::Operations;
use crate::process_token::hash;
use crate::tokens::works;

/// What the token is called.
const NAME: &str = "local";

impl Operations {
    /// Makes sure that the file holds a token that works; a new one is made when it does not.
    pub async fn ensure_local_token(&self, path: &Path) -> Result<(), OperationError> {
        if let Some(token) = read(path)? {
            let stored = self.store.token_by_hash(hash(&token)).await?;
            if let Some(works) = stored.filter(|stored| works(stored, self.now())) {
                self.local_token.note(works.id);
                return Ok(());
            }
        }
        let issued = self.create_token("system", NAME, Role::Admin, None).await?;
        self.local_token.note(issued.id);
        write(path, issued.token.expose_secret()).map_err(|error| cannot(path, "written", &error))
    }
}

fn read(path: &Path) -> Result<Option<String>, OperationError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text.trim().to_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(cannot(path, "read", &error)),
    }
}

/// A new file takes the old one's place, so that nobody reads half a token and an old file's mode does not stay.
fn write(path: &Path, token: &str) -> std::io::Result<()> {
    let new = path.with_extension("new");
    match std::fs::remove_file(&new) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
    writeln!(file, "{token}")?;
    file.sync_all()?;
    std::fs::rename(&new, path)
}

fn cannot(path: &Path, what: &str, error: &std::io::Error) -> OperationError {
    OperationError::Invalid(format!(
        "the token file {} cannot be {what} ({error}); check the owner and mode of its folder",
        path.display()
    ))
}
