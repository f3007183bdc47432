//! The daemon as a child process of the bench, seen from outside.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use crate::daemon::{DAEMON, Memory, Taken, WHERE};
use crate::figure::Result;

/// The child: told what to do line by line, and ended when its input ends.
pub(crate) struct Daemon {
    child: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Daemon {
    /// Starts it on the routers of that file, which are all its own.
    pub(crate) fn start(path: &Path) -> Result<Self> {
        Daemon::on(path.as_os_str(), "alone")
    }

    /// Starts one of that name on that database, a file or the URL of one on a server. It may share the routers with others.
    pub(crate) fn on(database: impl AsRef<OsStr>, node: &str) -> Result<Self> {
        let program = std::env::current_exe()?;
        let mut child = Command::new(program)
            .arg(DAEMON)
            .args([database.as_ref(), node.as_ref()])
            // As `tikmeter serve` starts itself.
            .env(collector::memory::VARIABLE, collector::memory::SETTINGS)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let answers = BufReader::new(child.stdout.take().ok_or("the child has no output")?);
        Ok(Daemon { orders: child.stdin.take(), child, answers })
    }

    /// Where its API listens.
    pub(crate) fn address(&mut self) -> Result<SocketAddr> {
        writeln!(self.orders.as_ref().ok_or("the child has no input")?, "{WHERE}")?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        Ok(answer.trim().parse()?)
    }

    /// What it holds now.
    pub(crate) fn memory(&self) -> Result<Memory> {
        Memory::of_process(&self.child.id().to_string())
    }

    /// One committed round of every router, after that time has passed.
    pub(crate) fn round(&mut self, later: Duration) -> Result<Taken> {
        self.order(later)?;
        self.taken()
    }

    /// Begins a round.
    pub(crate) fn order(&self, later: Duration) -> Result<()> {
        Ok(writeln!(self.orders.as_ref().ok_or("the child has no input")?, "{}", later.as_secs())?)
    }

    /// Waits for its end.
    pub(crate) fn taken(&mut self) -> Result<Taken> {
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        Taken::parse(&answer).ok_or_else(|| "the child process broke off; its own words stand above".into())
    }

    /// Ends it as a power cut would.
    pub(crate) fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Ends it; how it ended is the answer.
    pub(crate) fn stop(mut self) -> Result<()> {
        self.orders = None;
        let status = self.child.wait()?;
        if status.success() { Ok(()) } else { Err(format!("the child process ended with {status}").into()) }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.orders = None;
        if let Err(error) = self.child.wait() {
            eprintln!("bench: the child process could not be waited for: {error}");
        }
    }
}
