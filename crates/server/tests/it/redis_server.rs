//! Redis servers of a test's own: in a folder for temporary files, on a free port of 127.0.0.1, with a password, ended with
//! their guard.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use redis::{Connection, FromRedisValue};
use rustix::process::{Pid, Signal};
use tempfile::TempDir;

/// Where `./x test` and `./x servers` tell the program.
const VARIABLE: &str = "TEST_REDIS_SERVER";
const PASSWORD: &str = "not-a-secret";
/// How often, and how long between, a test asks for what must come to be.
const ASKS: (u32, Duration) = (400, Duration::from_millis(50));

/// A server that can be killed and started again on what it kept.
pub(crate) struct Redis {
    folder: TempDir,
    port: u16,
    options: Vec<String>,
    child: Child,
}

impl Redis {
    /// One that keeps every entry on its disk before it says that it has it.
    pub(crate) fn start() -> Redis {
        Redis::with(&["--appendonly", "yes", "--appendfsync", "always"])
    }

    /// One with these options.
    pub(crate) fn with(options: &[&str]) -> Redis {
        let folder = tempfile::tempdir().unwrap();
        let options: Vec<String> = options.iter().map(|option| (*option).to_owned()).collect();
        let (port, child) = started(&folder, None, &options);
        Redis { folder, port, options, child }
    }

    /// For `redis.url`.
    pub(crate) fn url(&self) -> String {
        format!("redis://:{PASSWORD}@127.0.0.1:{}", self.port)
    }

    /// Ends it as a power cut would.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts it again where it was.
    pub(crate) fn start_again(&mut self) {
        (self.port, self.child) = started(&self.folder, Some(self.port), &self.options);
    }

    /// Lets it stand still, or go on.
    pub(crate) fn stand_still(&self, yes: bool) {
        let signal = if yes { Signal::STOP } else { Signal::CONT };
        rustix::process::kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Runs a command.
    pub(crate) fn run<T: FromRedisValue>(&self, words: &[&str]) -> T {
        let (name, arguments) = words.split_first().unwrap();
        redis::cmd(name).arg(arguments).query(&mut self.connection()).unwrap()
    }

    fn connection(&self) -> Connection {
        redis::Client::open(self.url()).unwrap().get_connection().unwrap()
    }

    /// The entries of the stream that are not read yet, after the entry of that id.
    pub(crate) fn entries_after(&self, id: &str) -> Vec<Entry> {
        // Before 6.2 a range has its first one in it.
        let range: Vec<(String, Vec<String>)> = self.run(&["XRANGE", STREAM, id, "+"]);
        range.into_iter().filter(|(of, _)| of != id).map(|(id, fields)| Entry { id, fields }).collect()
    }

    /// All entries of the stream.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        self.entries_after("0-0")
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The stream of events.
pub(crate) const STREAM: &str = "tikmeter:events";

/// An entry of the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) id: String,
    fields: Vec<String>,
}

impl Entry {
    /// A field of it.
    pub(crate) fn field(&self, name: &str) -> &str {
        let mut fields = self.fields.chunks(2);
        &fields.find(|field| field[0] == name).unwrap_or_else(|| panic!("no {name} in {self:?}"))[1]
    }

    /// Its place among those of its router.
    pub(crate) fn seq(&self) -> u64 {
        self.field("seq").parse().unwrap()
    }

    /// What it says.
    pub(crate) fn data(&self) -> serde_json::Value {
        serde_json::from_str(self.field("data")).unwrap()
    }
}

/// Asks until there is an answer.
pub(crate) fn until<T>(what: &dyn Fn() -> String, mut ask: impl FnMut() -> Option<T>) -> T {
    for _ in 0..ASKS.0 {
        if let Some(answer) = ask() {
            return answer;
        }
        std::thread::sleep(ASKS.1);
    }
    panic!("it never came to be: {}", what());
}

/// A free port may be taken by another test before the server has it, so that another one is tried then.
fn started(folder: &TempDir, port: Option<u16>, options: &[String]) -> (u16, Child) {
    for _ in 0..20 {
        let port = port.unwrap_or_else(free_port);
        let mut child = spawn(folder, port, options);
        if until(&|| "Redis answers or ends".to_owned(), || answers(port, &mut child)) {
            return (port, child);
        }
    }
    panic!("Redis does not start");
}

/// A port that nobody has at the moment.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

fn spawn(folder: &TempDir, port: u16, options: &[String]) -> Child {
    let program = std::env::var_os(VARIABLE).unwrap_or_else(|| {
        panic!(
            "this test needs a Redis server and {VARIABLE} names none: run `./x test`, or `./x servers cargo test -p server`"
        )
    });
    let mut redis = Command::new(program);
    redis.args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--requirepass", PASSWORD]);
    redis.args(["--save", "", "--dir"]).arg(folder.path()).args(options);
    redis.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn answers(port: u16, child: &mut Child) -> Option<bool> {
    if child.try_wait().unwrap().is_some() {
        return Some(false);
    }
    let url = format!("redis://:{PASSWORD}@127.0.0.1:{port}");
    let mut connection = redis::Client::open(url).unwrap().get_connection().ok()?;
    let told: String = redis::cmd("INFO").arg("server").query(&mut connection).ok()?;
    // Another test's server may have been quicker.
    told.contains(&format!("process_id:{}\r", child.id())).then_some(true)
}
