//! Asking whoever sits at the terminal, and doing what they chose.

use std::io::BufRead;
use std::pin::Pin;

use crate::cli::caller::Caller;
use crate::failure::Failure;
use crate::output::{printable, printable_lines, shell_word};

/// Runs a command of ours by its words.
pub(crate) type Run<'r> = &'r dyn Fn(Vec<String>) -> Pin<Box<dyn Future<Output = Result<(), Failure>> + 'r>>;

/// The terminal, the server, and who runs commands.
pub(super) struct Desk<'r> {
    pub(super) caller: &'r Caller,
    pub(super) run: Run<'r>,
}

impl Desk<'_> {
    /// Shows the choices; what was typed, `None` where nothing more comes (Ctrl-D).
    pub(super) fn choose(&self, choices: &str) -> Result<Option<String>, Failure> {
        self.ask(&format!("{choices}\nChoose:"))
    }

    /// What was typed, without blanks around it; `None` where nothing more comes.
    pub(super) fn ask(&self, question: &str) -> Result<Option<String>, Failure> {
        self.caller.terminal.line(question)?;
        let mut typed = Vec::new();
        let read = std::io::stdin().lock().read_until(b'\n', &mut typed);
        let read = read.map_err(|error| Failure::said(format!("what is typed cannot be read: {error}")))?;
        // A key of another keyboard may be no UTF-8; it is a wrong one like any other.
        Ok((read > 0).then(|| String::from_utf8_lossy(&typed).trim().to_owned()))
    }

    /// Something that was typed; `None` for an empty line, which leads back.
    pub(super) fn need(&self, question: &str) -> Result<Option<String>, Failure> {
        Ok(self.ask(&format!("{question} (nothing: back)"))?.filter(|typed| !typed.is_empty()))
    }

    /// Whether they say yes.
    pub(super) fn says_yes(&self, question: &str) -> Result<bool, Failure> {
        let typed = self.ask(&format!("{question} Type yes:"))?.unwrap_or_default();
        Ok(["y", "yes"].contains(&typed.to_ascii_lowercase().as_str()))
    }

    /// One of these by its number, from 1 on; `None` leads back.
    pub(super) fn pick(&self, question: &str, named: &[String]) -> Result<Option<usize>, Failure> {
        let lines: Vec<String> =
            (1..).zip(named).map(|(number, name)| format!(" {number}  {}", printable(name))).collect();
        let Some(typed) = self.need(&format!("{}\n{question}", lines.join("\n")))? else { return Ok(None) };
        let number = typed.parse::<usize>().ok().filter(|number| (1..=named.len()).contains(number));
        if number.is_none() {
            self.no_choice(&typed);
        }
        Ok(number.map(|number| number - 1))
    }

    /// That is none of the numbers.
    pub(super) fn no_choice(&self, typed: &str) {
        self.caller.terminal.remark(&format!("`{}` is none of the choices", printable(typed)));
    }

    /// Shows a command and runs it. One that fails says why, and the menu goes on.
    pub(super) async fn carry_out(&self, words: &[&str]) -> Result<(), Failure> {
        let shown: Vec<String> = words.iter().map(|word| shell_word(word)).collect();
        self.caller.terminal.line(&format!("$ tikmeter {}", shown.join(" ")))?;
        match (self.run)(words.iter().map(|word| (*word).to_owned()).collect()).await {
            Err(Failure::ClosedPipe) => Err(Failure::ClosedPipe),
            Err(failure) => {
                self.caller.terminal.remark(&printable_lines(&failure.to_string()));
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }
}
