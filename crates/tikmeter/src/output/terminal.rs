//! Writing to standard output and error without ever panicking: `println!` dies of a closed pipe.

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};

use super::printable::{PrintableLines, printable_json};

/// Where a command's answer goes. Answers go to standard output, remarks to standard error.
#[derive(Debug)]
pub(crate) struct Terminal {
    json: bool,
}

impl Terminal {
    /// `json`: the caller wants JSON and nothing else on standard output.
    pub(crate) fn new(json: bool) -> Self {
        Terminal { json }
    }

    /// Whether JSON was asked for.
    pub(crate) fn json(&self) -> bool {
        self.json
    }

    /// Writes a line (or several) of the answer; of JSON, which may name anybody's device, in a form that moves no cursor.
    ///
    /// # Errors
    /// When it cannot be written, a closed pipe among other reasons.
    pub(crate) fn line(&self, text: &str) -> io::Result<()> {
        let harmless = if self.json { Cow::Owned(printable_json(text)) } else { Cow::Borrowed(text) };
        let mut out = io::stdout().lock();
        out.write_all(harmless.as_bytes())?;
        if !text.ends_with('\n') {
            out.write_all(b"\n")?;
        }
        out.flush()
    }

    /// Writes a remark beside the answer. Nobody is told when even that fails: there is no place left to say it.
    pub(crate) fn remark(&self, text: &str) {
        let written = writeln!(io::stderr().lock(), "{text}");
        drop(written);
    }
}

/// Standard output for a file that was asked for: byte for byte into files and pipes, harmless on a terminal.
#[derive(Debug)]
pub(crate) struct Exported {
    shown: Option<PrintableLines>,
}

impl Exported {
    /// To standard output, whatever that is.
    pub(crate) fn new() -> Self {
        Exported { shown: io::stdout().is_terminal().then(PrintableLines::default) }
    }

    /// Writes the next part.
    ///
    /// # Errors
    /// When it cannot be written, a closed pipe among other reasons.
    pub(crate) fn write(&mut self, part: &[u8]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        match &mut self.shown {
            Some(lines) => out.write_all(lines.push(part).as_bytes()),
            None => out.write_all(part),
        }
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// As [`Exported::write`].
    pub(crate) fn end(self) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(self.shown.map(PrintableLines::rest).unwrap_or_default().as_bytes())?;
        out.flush()
    }
}
