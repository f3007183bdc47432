//! Writing to standard output and error without ever panicking: `println!` dies of a closed pipe.

use std::io::{self, Write};

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

    /// Writes a line (or several) of the answer.
    ///
    /// # Errors
    /// When it cannot be written, a closed pipe among other reasons.
    pub(crate) fn line(&self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
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
