//! Asking whoever sits at the terminal whether something shall be done.

use std::io::IsTerminal;

use crate::failure::Failure;
use crate::output::Terminal;

/// Whether there is somebody to ask; a script has nobody.
pub(crate) fn can_be_asked() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Whether the answer is yes. `nothing` says what was not done, should the answer not be readable.
///
/// # Errors
/// The answer cannot be read.
pub(crate) fn says_yes(terminal: &Terminal, question: &str, nothing: &str) -> Result<bool, Failure> {
    terminal.remark(&format!("{question} Type yes:"));
    let mut answer = String::new();
    let read = std::io::stdin().read_line(&mut answer);
    read.map_err(|error| Failure::said(format!("{nothing}: the answer cannot be read: {error}")))?;
    Ok(["y", "yes"].contains(&answer.trim().to_ascii_lowercase().as_str()))
}
