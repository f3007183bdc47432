//! `tikmeter subscriber import`: a file of subscribers, all of it or nothing.

use std::path::PathBuf;

use crate::cli::caller::Caller;
use crate::cli::upload::{self, Imported, Refused};
use crate::client::Upload;
use crate::failure::Failure;

/// A file to import.
#[derive(Debug, clap::Args)]
pub(crate) struct ImportArgs {
    /// A CSV file, or `-` for standard input. Its first row names the columns, in any order: username, and of id, name,
    /// login, scope (all, router:NAME, group:NAME), service, plan, status, expiry_at, zone, note what is wanted
    file: PathBuf,
    /// Only tell what would happen
    #[arg(long)]
    dry_run: bool,
}

impl ImportArgs {
    /// Sends the file and shows what it came to.
    ///
    /// # Errors
    /// One sentence; nothing of the file was imported then.
    pub(crate) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        let file = upload::read(&self.file)?;
        let name = self.file.to_string_lossy();
        match upload::send(caller, file, self.dry_run).await? {
            Upload::Taken(answer) => {
                caller.show(&answer, |imported: &Imported| imported.told(&name, self.dry_run))
            }
            Upload::Refused(answer) => {
                caller.note_simulated(answer.simulated);
                let refused: Refused = answer.read()?;
                let text = if caller.terminal.json() { answer.text } else { refused.table() };
                if !refused.faults.is_empty() {
                    caller.terminal.line(&text)?;
                }
                Err(Failure::said(refused.sentence(&name)))
            }
        }
    }
}
