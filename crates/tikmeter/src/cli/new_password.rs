//! A password that somebody is to have: typed twice where nobody sees it, or from a file or a pipe. No flag: a list of processes
//! would show it.

use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
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
    let line = line();
    drop(silence);
    error.write_all(b"\n").map_err(cannot)?;
    line
}

fn line() -> Result<SecretString, Failure> {
    let mut line = String::new();
    if std::io::stdin().lock().read_line(&mut line).map_err(cannot)? == 0 {
        return Err(Failure::usage(
            "a password is needed: type it, pipe it in, or give --password-file FILE",
        ));
    }
    let end = line.trim_end_matches(['\r', '\n']).len();
    line.truncate(end);
    Ok(line.into())
}

/// The terminal shows nothing of what is typed until this is dropped.
struct Silence {
    before: Termios,
}

impl Silence {
    fn begin() -> Result<Self, Failure> {
        let before = tcgetattr(std::io::stdin()).map_err(cannot)?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        tcsetattr(std::io::stdin(), OptionalActions::Drain, &silent).map_err(cannot)?;
        Ok(Silence { before })
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        // Nothing is left to do where even that fails.
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, &self.before);
    }
}

fn cannot(error: impl std::fmt::Display) -> Failure {
    Failure::said(format!("the password cannot be read: {error}"))
}
