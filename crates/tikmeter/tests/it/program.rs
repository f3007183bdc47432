//! Running the built program.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use rustix::process::{Pid, Signal};
use serde_json::Value;

/// How long anything may take before a test gives up on it.
const PATIENCE: Duration = Duration::from_secs(20);

/// The program with these words, in an environment without any of our variables.
pub(crate) fn tikmeter(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tikmeter"));
    command.args(words);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("TIKMETER_") {
            command.env_remove(name);
        }
    }
    // Servers of many tests would all want its usual place.
    if words.first() == Some(&"serve") {
        command.env("TIKMETER_PORTAL_LISTEN", "off");
    }
    command
}

/// Runs it to its end.
pub(crate) fn run(words: &[&str]) -> Output {
    tikmeter(words).output().unwrap()
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A running program whose lines are read as they come. Killed when dropped.
pub(crate) struct Running {
    child: Child,
    lines: Receiver<String>,
    errors: Receiver<String>,
}

impl Running {
    pub(crate) fn start(words: &[&str], folder: &Path) -> Running {
        Self::spawn(tikmeter(words), folder)
    }

    pub(crate) fn spawn(mut command: Command, folder: &Path) -> Running {
        command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let lines = by_line(child.stdout.take().unwrap());
        let errors = by_line(child.stderr.take().unwrap());
        Running { child, lines, errors }
    }

    /// The next line of standard output.
    pub(crate) fn line(&self) -> String {
        self.lines
            .recv_timeout(PATIENCE)
            .unwrap_or_else(|_| panic!("no line came; errors: {:?}", self.errors_so_far()))
    }

    /// The next line of standard output, as JSON.
    pub(crate) fn json_line(&self) -> Value {
        serde_json::from_str(&self.line()).unwrap()
    }

    /// The first line of standard error that contains `part`.
    pub(crate) fn error_line(&self, part: &str) -> String {
        let mut seen = Vec::new();
        loop {
            let Ok(line) = self.errors.recv_timeout(PATIENCE) else { panic!("no {part:?} among {seen:?}") };
            if line.contains(part) {
                return line;
            }
            seen.push(line);
        }
    }

    /// What is left of standard error, to its end.
    pub(crate) fn rest_of_errors(&self) -> Vec<String> {
        let mut rest = Vec::new();
        while let Ok(line) = self.errors.recv_timeout(PATIENCE) {
            rest.push(line);
        }
        rest
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn signal(&self, name: &str) {
        // A minimal Debian has no program `kill`.
        let signal = match name {
            "CONT" => Signal::CONT,
            "HUP" => Signal::HUP,
            "INT" => Signal::INT,
            "KILL" => Signal::KILL,
            "STOP" => Signal::STOP,
            "TERM" => Signal::TERM,
            "USR1" => Signal::USR1,
            other => panic!("no test sends {other}"),
        };
        rustix::process::kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits for its end.
    pub(crate) fn end(mut self) -> ExitStatus {
        for _ in 0..PATIENCE.as_millis() / 20 {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("it does not end; errors: {:?}", self.errors_so_far());
    }

    /// Fails the test if it has ended by itself, with what it said.
    pub(crate) fn assert_runs(&mut self) {
        let ended = self.child.try_wait().unwrap();
        assert!(ended.is_none(), "it ended ({ended:?}) too early: {:?}", self.errors_so_far());
    }

    fn errors_so_far(&self) -> Vec<String> {
        self.errors.try_iter().collect()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended by itself when the test went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn by_line(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (send, receive) = sync_channel(10_000);
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            if send.send(line).is_err() {
                return;
            }
        }
    });
    receive
}

/// Closes the reading end of the program's standard output at once and waits for its end.
pub(crate) fn with_closed_pipe(words: &[&str]) -> Output {
    let mut child = tikmeter(words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop::<Option<ChildStdout>>(child.stdout.take());
    child.wait_with_output().unwrap()
}
