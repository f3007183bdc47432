//! A PostgreSQL server of our own, for tests and figures: in a folder for temporary files, on a free port of 127.0.0.1, as a user that is
//! not root, ended with its guard. Servers that run on the machine are not looked at.

mod programs;

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use self::programs::Account;
pub(crate) use self::programs::Programs;
use super::tools;
use crate::program;

/// Where tests find the URL of a database whose user may create databases. Without our prefix, for a `tikmeter` that tests
/// start refuses variables of ours that it does not know.
pub(crate) const VARIABLE: &str = "TEST_POSTGRES_URL";

/// What the server says once it can be asked.
const READY: &str = "ready to accept connections";
const USER: &str = "tests";

/// What a server is for.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    /// One that nobody needs after a crash need not survive one.
    Tests,
    /// One that is measured keeps what it says it wrote. It has some memory, and no checkpoint in the middle of it all.
    Figures,
}

impl Purpose {
    fn settings(self) -> &'static [&'static str] {
        match self {
            Purpose::Tests => &[
                "fsync=off",
                "synchronous_commit=off",
                "full_page_writes=off",
                "max_connections=200",
                "lc_messages=C",
            ],
            Purpose::Figures => &[
                "fsync=on",
                "synchronous_commit=on",
                "full_page_writes=on",
                "shared_buffers=512MB",
                "max_wal_size=8GB",
                "checkpoint_timeout=1h",
                "lc_messages=C",
            ],
        }
    }
}

/// The running server; ended and removed when dropped.
pub(crate) struct Server {
    child: Child,
    folder: PathBuf,
    url: String,
}

impl Server {
    /// Installs what is missing, makes an empty cluster and waits until it can be asked.
    ///
    /// # Errors
    /// A sentence that says what failed and where the whole output is.
    pub(crate) fn start(purpose: Purpose) -> Result<Server, String> {
        Self::start_of(&Programs::ready()?, purpose)
    }

    /// The same with these programs. As root they are copied first, for nobody else may be able to look into the checkout.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub(crate) fn start_of(programs: &Programs, purpose: Purpose) -> Result<Server, String> {
        let account = programs::account()?;
        let folder = folder(account)?;
        let reachable = if account.is_some() { programs.reachable_in(&folder) } else { Ok(programs.clone()) };
        let started = reachable.and_then(|programs| Self::start_in(&folder, &programs, account, purpose));
        if started.is_err() {
            remove(&folder);
        }
        started
    }

    fn start_in(
        folder: &Path,
        programs: &Programs,
        account: Account,
        purpose: Purpose,
    ) -> Result<Server, String> {
        let password = password()?;
        initdb(folder, programs, account, &password)?;
        let port = free_port()?;
        let mut postgres = command(&programs.postgres(), account);
        postgres.arg("-D").arg(folder.join("data")).arg("-k").arg(folder);
        postgres.args(["-h", "127.0.0.1", "-p", &port.to_string()]);
        postgres.args(purpose.settings().iter().flat_map(|setting| ["-c", setting]));
        // Its lines are read through a pipe, and the collector of a changed default would take them away.
        postgres.args(["-c", "logging_collector=off"]).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = postgres.spawn().map_err(|error| format!("postgres cannot be started: {error}"))?;
        let said = child.stderr.take().ok_or("postgres has no output")?;
        let url = format!("postgres://{USER}:{password}@127.0.0.1:{port}/postgres");
        let server = Server { child, folder: folder.to_owned(), url };
        until_ready(said)?;
        Ok(server)
    }

    /// The URL for [`VARIABLE`].
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGQUIT: at once and with all its processes. Whatever becomes of it, it is gone after the wait.
        let asked = program::capture(Command::new("sh").args([
            "-c",
            "kill -QUIT \"$1\"",
            "sh",
            &self.child.id().to_string(),
        ]));
        if asked.is_err() {
            drop(self.child.kill());
        }
        drop(self.child.wait());
        remove(&self.folder);
    }
}

/// A new folder that only the server's user can look into.
/// One for each server of this process.
fn folder(account: Account) -> Result<PathBuf, String> {
    static SERVERS: AtomicU32 = AtomicU32::new(0);
    let name =
        format!("tikmeter-postgres-{}-{}", std::process::id(), SERVERS.fetch_add(1, Ordering::Relaxed));
    let folder = std::env::temp_dir().join(name);
    let made = std::fs::DirBuilder::new().mode(0o700).create(&folder);
    let owned = made.and_then(|()| give(&folder, account));
    owned.map_err(|error| format!("the folder {} cannot be made: {error}", folder.display()))?;
    Ok(folder)
}

fn give(path: &Path, account: Account) -> std::io::Result<()> {
    account.map_or(Ok(()), |(user, group)| std::os::unix::fs::chown(path, Some(user), Some(group)))
}

fn initdb(folder: &Path, programs: &Programs, account: Account, password: &str) -> Result<(), String> {
    let secret = folder.join("password");
    let written = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&secret);
    written
        .and_then(|mut file| std::io::Write::write_all(&mut file, password.as_bytes()))
        .and_then(|()| give(&secret, account))
        .map_err(|error| format!("{} cannot be written: {error}", secret.display()))?;
    let mut initdb = command(&programs.initdb(), account);
    initdb
        .arg("-D")
        .arg(folder.join("data"))
        .args(["-U", USER, "-A", "scram-sha-256", "--pwfile"])
        .arg(&secret);
    initdb.args(["-E", "UTF8", "--locale=C", "--no-sync"]);
    let log = tools::log_path("initdb");
    let done = program::run_logged(&mut initdb, &log)?;
    let told =
        || format!("initdb failed; {} has it all:\n{}", log.display(), program::tail(&done.output, 20));
    if done.success { Ok(()) } else { Err(told()) }
}

/// The program as the server's user, in a folder that user can be in.
fn command(program: &Path, account: Account) -> Command {
    let mut command = Command::new(program);
    command.current_dir("/").env("LC_ALL", "C").stdin(Stdio::null());
    if let Some((user, group)) = account {
        command.uid(user).gid(group);
    }
    command
}

/// Anybody on the machine can reach the port, so that its user needs a password nobody can guess.
fn password() -> Result<String, String> {
    let mut bytes = [0; 16];
    let source = std::fs::File::open("/dev/urandom").and_then(|mut source| source.read_exact(&mut bytes));
    source.map_err(|error| format!("/dev/urandom cannot be read: {error}"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    listener.map(|address| address.port()).map_err(|error| format!("there is no free port: {error}"))
}

/// Reads what the server says until it is ready, and lets it say the rest to its log.
fn until_ready(said: ChildStderr) -> Result<(), String> {
    let (mut lines, mut before) = (BufReader::new(said).lines(), String::new());
    for line in &mut lines {
        let line = line.map_err(|error| format!("postgres cannot be heard: {error}"))?;
        if line.contains(READY) {
            std::thread::spawn(move || keep(lines));
            return Ok(());
        }
        before.push_str(&line);
        before.push('\n');
    }
    Err(format!("postgres ended at once:\n{}", program::tail(&before, 20)))
}

/// A log that cannot be written must not stop the server by a full pipe.
fn keep(lines: impl Iterator<Item = std::io::Result<String>>) {
    let mut log = std::fs::File::create(tools::log_path("postgres")).ok();
    for line in lines.map_while(Result::ok) {
        if let Some(log) = &mut log {
            drop(std::io::Write::write_all(log, format!("{line}\n").as_bytes()));
        }
    }
}

fn remove(folder: &Path) {
    if let Err(error) = std::fs::remove_dir_all(folder) {
        println!("postgres  the folder {} is left over: {error}", folder.display());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_answers_while_its_guard_lives_and_leaves_nothing() {
        let server = Server::start(Purpose::Tests).unwrap();
        let address = server.url().rsplit_once('@').unwrap().1.trim_end_matches("/postgres").to_owned();
        let (folder, process) = (server.folder.clone(), server.child.id());
        assert!(std::net::TcpStream::connect(&address).is_ok(), "{address}");
        drop(server);
        assert!(std::net::TcpStream::connect(&address).is_err());
        assert!(!folder.exists() && !Path::new(&format!("/proc/{process}")).exists());
    }

    impl Server {
        /// Process, folder, start and port: the lines of `postmaster.pid` that no state of the
        /// server changes. It says that it is ready there after it has said so in its log.
        fn identity(&self) -> Vec<String> {
            let file = std::fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap();
            file.lines().take(4).map(str::to_owned).collect()
        }
    }

    /// One that runs on the machine, as far as another is concerned.
    #[test]
    fn a_running_server_stays_as_it_is() {
        let running = Server::start(Purpose::Tests).unwrap();
        let address = |server: &Server| server.url().rsplit_once('@').unwrap().1.to_owned();
        let before = running.identity();
        let other = Server::start(Purpose::Tests).unwrap();
        assert!(other.folder != running.folder && address(&other) != address(&running));
        drop(other);
        assert_eq!(running.identity(), before);
        let answers = address(&running).trim_end_matches("/postgres").to_owned();
        assert!(std::net::TcpStream::connect(&answers).is_ok(), "{answers}");
    }

    #[test]
    fn a_server_that_ends_at_once_is_told_in_its_own_words() {
        let mut child =
            Command::new("sh").args(["-c", "echo no room >&2"]).stderr(Stdio::piped()).spawn().unwrap();
        let told = until_ready(child.stderr.take().unwrap()).unwrap_err();
        child.wait().unwrap();
        assert!(told.contains("no room"), "{told}");
    }
}
