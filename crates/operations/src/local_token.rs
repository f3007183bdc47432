//! The admin token for commands on the same machine: in a file that only the server's user can read.

use std::io::ErrorKind;
use std::path::Path;

use store::{NewToken, Role, what_mends};

use crate::error::OperationError;
use crate::operations::Operations;
use crate::process_token::hash;
use crate::tokens::{new_token, works};
use crate::whole_file::write_beside;

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
        // The file first: a token that is stored and in no file would open the door to nobody, and stay.
        let token = new_token();
        write(path, &token).map_err(|error| cannot(path, "written", &error))?;
        let id = self.store_token("system", of_this_machine(&token)).await?;
        self.local_token.note(id);
        Ok(())
    }
}

fn of_this_machine(token: &str) -> NewToken {
    NewToken {
        name: NAME.to_owned(),
        sha256: hash(token),
        role: Role::Admin,
        expires_at: None,
        groups: Vec::new(),
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
    let new = write_beside(path, format!("{token}\n").as_bytes())?;
    std::fs::rename(&new, path)
}

fn cannot(path: &Path, what: &str, error: &std::io::Error) -> OperationError {
    OperationError::Invalid(format!(
        "the token file {} cannot be {what} ({error}); {}",
        path.display(),
        what_mends(error)
    ))
}
