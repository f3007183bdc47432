//! The command line told to others: what completes its words in a shell, and its manual.

use std::path::PathBuf;

use clap_complete::Shell;

use crate::failure::Failure;
use crate::output::Terminal;

const NAME: &str = "tikmeter";

/// For which shell.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

impl CompletionsArgs {
    /// Prints a script that completes the words of `command`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn run(&self, terminal: &Terminal, mut command: clap::Command) -> Result<(), Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command, NAME, &mut script);
        Ok(terminal.line(&String::from_utf8_lossy(&script))?)
    }
}

/// Where the pages go.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct ManualArgs {
    /// A folder that is there
    folder: PathBuf,
}

impl ManualArgs {
    /// Writes a page of the manual for `command` and for each command of it.
    ///
    /// # Errors
    /// When one cannot be written.
    pub(crate) fn run(&self, command: clap::Command) -> Result<(), Failure> {
        clap_mangen::generate_to(command, &self.folder).map_err(|error| {
            Failure::said(format!(
                "the manual cannot be written into {}: {error}. Name a folder that is there and that you may write in",
                self.folder.display()
            ))
        })
    }
}
