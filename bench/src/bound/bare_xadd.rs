//! A client that sends commands made beforehand and reads what they answer, and does nothing else.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};

use redis::Cmd;

use crate::figure::Result;

/// Commands that are sent at once.
pub(crate) struct Batch {
    bytes: Vec<u8>,
    commands: usize,
}

impl Batch {
    /// These.
    pub(crate) fn of(commands: &[Cmd]) -> Self {
        let bytes = commands.iter().flat_map(Cmd::get_packed_command).collect();
        Batch { bytes, commands: commands.len() }
    }

    /// How many bytes they are.
    pub(crate) fn octets(&self) -> usize {
        self.bytes.len()
    }

    /// How many they are.
    pub(crate) fn commands(&self) -> usize {
        self.commands
    }
}

/// A connection.
pub(crate) struct BareXadd {
    answers: BufReader<TcpStream>,
    line: String,
}

impl BareXadd {
    /// To the server there.
    pub(crate) fn open(addr: SocketAddr, password: &str) -> Result<Self> {
        let stream = TcpStream::connect(addr)?;
        stream.set_nodelay(true)?;
        let mut bare = BareXadd { answers: BufReader::new(stream), line: String::new() };
        let mut login = redis::cmd("AUTH");
        login.arg(password);
        bare.answers.get_mut().write_all(&login.get_packed_command())?;
        bare.line("+OK")?;
        Ok(bare)
    }

    /// Sends one batch after the other; each when the one before was answered.
    pub(crate) fn send(&mut self, batches: &[Batch]) -> Result<()> {
        for batch in batches {
            self.answers.get_mut().write_all(&batch.bytes)?;
            for _ in 0..batch.commands {
                // The id: its length, and itself.
                self.line("$")?;
                self.line("")?;
            }
        }
        Ok(())
    }

    fn line(&mut self, begins: &str) -> Result<()> {
        self.line.clear();
        self.answers.read_line(&mut self.line)?;
        if self.line.starts_with(begins) {
            return Ok(());
        }
        Err(format!("Redis answered {:?}", self.line).into())
    }
}
