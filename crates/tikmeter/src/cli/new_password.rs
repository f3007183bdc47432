//! A password that somebody is to have: typed twice where nobody sees it, or from a file or a pipe. No flag: a list of processes
//! would show it.

use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;

use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};
use secrecy::{ExposeSecret, SecretString};

use crate::failure::Failure;
use crate::password_file;

/// Where the password comes from.
#[derive(Debug, clap::Args)]
pub(crate) struct NewPasswordArgs {
    /// A file whose first line is the password [default: asked for on a terminal, else the first line of standard input]
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

impl NewPasswordArgs {
    /// The password.
    ///
    /// # Errors
    /// When it cannot be read, or the second one that was typed is another.
    pub(crate) fn read(&self) -> Result<SecretString, Failure> {
        match &self.password_file {
            Some(file) => password_file::first_line(file).map(SecretString::from).map_err(Failure::said),
            None if std::io::stdin().is_terminal() => typed(),
            None => line(),
        }
    }
}

fn typed() -> Result<SecretString, Failure> {
    let (first, again) = (unseen("New password: ")?, unseen("Once more: ")?);
    if first.expose_secret() != again.expose_secret() {
        return Err(Failure::usage(
            "the two passwords that were typed are not the same; nothing was changed",
        ));
    }
    Ok(first)
}

fn unseen(prompt: &str) -> Result<SecretString, Failure> {
    let mut error = std::io::stderr().lock();
    error.write_all(prompt.as_bytes()).and_then(|()| error.flush()).map_err(cannot)?;
    let silence = Silence::begin()?;
    let line = typed_line(silence.interrupts);
    drop(silence);
    error.write_all(b"\n").map_err(cannot)?;
    line
}

/// What is typed up to the end of the line, or to the sign that interrupts.
fn typed_line(interrupts: u8) -> Result<SecretString, Failure> {
    let (mut input, mut line) = (std::io::stdin().lock(), Vec::new());
    loop {
        let typed = input.fill_buf().map_err(cannot)?;
        if typed.is_empty() && line.is_empty() {
            return Err(needed());
        }
        let end = typed.iter().position(|sign| *sign == b'\n' || *sign == interrupts);
        let is_over = end.is_some() || typed.is_empty();
        let is_interrupted = end.is_some_and(|at| typed[at] == interrupts);
        line.extend_from_slice(&typed[..end.unwrap_or(typed.len())]);
        let taken = end.map_or(typed.len(), |at| at + 1);
        input.consume(taken);
        match (is_interrupted, is_over) {
            (true, _) => return Err(Failure::said("it was interrupted; nothing was changed")),
            (false, true) => return String::from_utf8(line).map(SecretString::from).map_err(cannot),
            (false, false) => {}
        }
    }
}

fn line() -> Result<SecretString, Failure> {
    let mut line = String::new();
    if std::io::stdin().lock().read_line(&mut line).map_err(cannot)? == 0 {
        return Err(needed());
    }
    let end = line.trim_end_matches(['\r', '\n']).len();
    line.truncate(end);
    Ok(line.into())
}

/// The terminal shows nothing of what is typed until this is dropped. Ctrl-C comes as a sign that ends the line: a signal would end the
/// program before it could put the terminal back.
struct Silence {
    before: Termios,
    /// The sign that interrupts.
    interrupts: u8,
}

impl Silence {
    fn begin() -> Result<Self, Failure> {
        let before = tcgetattr(std::io::stdin()).map_err(cannot)?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO | LocalModes::ISIG);
        let interrupts = before.special_codes[SpecialCodeIndex::VINTR];
        silent.special_codes[SpecialCodeIndex::VEOL] = interrupts;
        tcsetattr(std::io::stdin(), OptionalActions::Drain, &silent).map_err(cannot)?;
        Ok(Silence { before, interrupts })
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        // Nothing is left to do where even that fails.
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, &self.before);
    }
}

fn needed() -> Failure {
    Failure::usage("a password is needed: type it, pipe it in, or give --password-file FILE")
}

fn cannot(error: impl std::fmt::Display) -> Failure {
    Failure::said(format!("the password cannot be read: {error}"))
}
