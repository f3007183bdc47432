//! Memory of the daemon's parts in a process of their own: ten routers polled at once.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use operations::{PasswordPlace, Vault};
use routeros_sim::server::TimeMode;
use routeros_sim::world::Device;
use secrecy::SecretString;
use store::NewNas;

use crate::arguments::DAEMON;
use crate::daemon::{KEY, Memory};
use crate::figure::{Figure, Result, Section, Target};
use crate::place::Folder;
use crate::plant::database;
use crate::plant::routers::Routers;
use crate::plant::totals::Totals;
use crate::scale::Scale;
use crate::timing::ROUNDS;

/// Routers, each with a plain connection for polling (and one to listen on).
const ROUTERS: u32 = 10;

/// Measures it.
pub(crate) fn run(scale: &Scale) -> Result<Section> {
    let folder = Folder::new("memory")?;
    let each = scale.sessions / ROUTERS;
    let routers = Routers::start(ROUTERS, each, TimeMode::Wall)?;
    let path = folder.file("daemon.db");
    make(&path, &routers, each)?;
    let totals = Totals::open(&path)?;
    let first = routers.sums().octets;
    let mut daemon = Daemon::start(&path)?;
    let mut memory = daemon.round()?;
    for _ in 0..=ROUNDS {
        routers.transfer();
        memory = daemon.round()?;
        let shown = routers.sums().octets;
        totals.check("memory", shown, shown.saturating_sub(first))?;
    }
    daemon.stop()?;
    Ok(section(scale, memory))
}

fn section(scale: &Scale, memory: Memory) -> Section {
    let sessions = scale.sessions;
    let figure = |what: &str, kib: u32| Figure {
        what: format!("daemon: {what}, {sessions} sessions on {ROUTERS} routers"),
        ours: format!("{kib} KiB"),
        bound: String::new(),
        value: f64::from(kib) / 1024.0,
        unit: " MiB",
        target: Some(Target::AtMost(100.0)),
    };
    let note = format!(
        "daemon: supervisor with pollers, control connections, actors and the SQLite store in a child process, without \
         the HTTP server; all routers are read in the same moment, {} times, all counters moved. VmRSS and VmHWM of \
         /proc/self/status.",
        ROUNDS + 2
    );
    let figures = vec![figure("VmRSS after the last round", memory.resident), figure("VmHWM", memory.peak)];
    Section { figures, notes: vec![note] }
}

fn make(path: &Path, routers: &Routers, each: u32) -> Result<()> {
    let vault = Vault::new(KEY);
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let entries = (0..).zip(routers.addrs()).map(|(number, addr): (u32, _)| {
        let mut entry: NewNas = database::router(&format!("bench-{number}"), addr);
        let password = SecretString::from(Device::DEFAULT_PASSWORD);
        entry.password = vault.seal(&password, PasswordPlace::of(&entry));
        entry
    });
    runtime.block_on(database::make(path, entries.collect(), each))?;
    Ok(())
}

/// The child: told what to do line by line, and ended when its input ends.
struct Daemon {
    child: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Daemon {
    fn start(path: &Path) -> Result<Self> {
        let program = std::env::current_exe()?;
        let mut child = Command::new(program)
            .arg(DAEMON)
            .arg(path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let answers = BufReader::new(child.stdout.take().ok_or("the child has no output")?);
        Ok(Daemon { orders: child.stdin.take(), child, answers })
    }

    /// One committed round of every router.
    fn round(&mut self) -> Result<Memory> {
        writeln!(self.orders.as_ref().ok_or("the child has no input")?)?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        Memory::parse(&answer).ok_or_else(|| "the child process broke off; its own words stand above".into())
    }

    fn stop(mut self) -> Result<()> {
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
