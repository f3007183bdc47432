//! The built program, run beside a stage: simulated routers, a server. Whatever is started ends with its guard.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use super::tools;
use crate::{program, repo};

/// The user and password of simulated routers.
pub(crate) const USER: (&str, &str) = ("meter", "simulated");

/// Builds the program exactly as the stage `tests` does, so that after that stage nothing is left to build.
///
/// # Errors
/// The compiler's words.
pub(crate) fn build() -> Result<(), String> {
    let mut cargo = repo::cargo();
    cargo.args(["test", "--workspace", "--no-run"]);
    let done = program::run_logged(&mut cargo, &tools::log_path("build"))?;
    if done.success { Ok(()) } else { Err(program::tail(&done.output, 40)) }
}

/// Where the built program is.
pub(crate) fn path() -> PathBuf {
    repo::target().join("debug/tikmeter")
}

/// The program with these words, at the top of the checkout, in an environment without any of its variables.
pub(crate) fn tikmeter(words: &[&str]) -> Command {
    let mut command = Command::new(path());
    command.args(words).current_dir(repo::root()).stdin(Stdio::null());
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("TIKMETER_")) {
        command.env_remove(name);
    }
    command
}

/// A running program of ours; killed when dropped.
pub(crate) struct Running(Child);

impl Running {
    /// Starts it.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(crate) fn start(command: &mut Command) -> Result<Self, String> {
        let child = command.spawn().map_err(|e| format!("cannot start {:?}: {e}", command.get_program()))?;
        Ok(Self(child))
    }

    /// Whether it has not ended by itself.
    pub(crate) fn lives(&mut self) -> bool {
        matches!(self.0.try_wait(), Ok(None))
    }
}

impl Running {
    /// By which signals find it.
    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    /// Waits until it has ended.
    ///
    /// # Errors
    /// How it ended, where that was not well.
    pub(crate) fn ends_well(&mut self) -> Result<String, String> {
        let ended = self.0.wait().map_err(|error| error.to_string())?;
        if ended.success() { Ok(String::new()) } else { Err(format!("it ended with {ended}")) }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is gone afterwards.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Simulated routers that run until this is dropped.
pub(crate) struct Simulated {
    _running: Running,
    pub(crate) ports: Vec<u16>,
}

impl Simulated {
    /// Starts `tikmeter simulate` with these words besides and waits until its routers answer.
    ///
    /// # Errors
    /// When it cannot be started or tells no port.
    pub(crate) fn start(words: &[&str]) -> Result<Self, String> {
        let mut command = tikmeter(&["simulate", "--json", "--user", USER.0, "--password", USER.1]);
        let mut running = Running::start(command.args(words).stdout(Stdio::piped()))?;
        let mut told = String::new();
        let out = running.0.stdout.take().ok_or("tikmeter simulate has no output")?;
        BufReader::new(out).read_line(&mut told).map_err(|e| format!("tikmeter simulate: {e}"))?;
        let ports = ports(&told);
        if ports.is_empty() {
            return Err(format!("tikmeter simulate {words:?} told no port but {told:?}"));
        }
        Ok(Self { _running: running, ports })
    }
}

/// Every `"port":N` of a line of JSON.
fn ports(json: &str) -> Vec<u16> {
    let number = |rest: &str| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok();
    json.split("\"port\":").skip(1).filter_map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::ports;

    #[test]
    fn ports_are_read_from_what_simulate_tells() {
        let told = r#"{"routers":[{"name":"sim1","port":40001,"x":1},{"port":9}]}"#;
        assert_eq!(ports(told), [40_001, 9]);
        assert!(ports("error: nothing").is_empty());
    }
}
