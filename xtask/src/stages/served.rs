//! A server of the built program, with simulated routers that it has read, and things to ask about.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use crate::program;
use crate::repo;
use crate::report::Verdict;
use crate::stages::product::{Running, Simulated, USER, tikmeter};

/// Accepted as an admin's for the life of the process; it opens nothing else.
pub(super) const TOKEN: &str = "only-for-the-test-run-0123456789abcdef";
const ROUTERS: &str = "3";
const GLANCE: Duration = Duration::from_millis(100);
/// How often it is looked for totals; a server that has none by then never will.
const GLANCES: u32 = 1_200;

pub(super) struct Served {
    pub(super) url: String,
    /// A login that some router shows.
    login: String,
    folder: PathBuf,
    running: Running,
    simulated: Option<Simulated>,
}

impl Served {
    /// Starts everything on free ports, in a folder of that name, and waits until there are totals. `more` begins the configuration.
    pub(super) fn start(name: &str, more: &str) -> Result<Self, String> {
        let folder = repo::root().join("target/xtask").join(name);
        drop(std::fs::remove_dir_all(&folder));
        std::fs::create_dir_all(&folder).map_err(|e| format!("cannot make {}: {e}", folder.display()))?;
        let simulated = Simulated::start(&["--routers", ROUTERS, "--sessions", "20"])?;
        let config = written(&folder.join("tikmeter.toml"), &format!("{more}{}", config(&simulated.ports)))?;
        let mut command = tikmeter(&["serve", "--listen", "127.0.0.1:0", "--config"]);
        command.arg(config).arg("--data").arg(folder.join("data")).env("TIKMETER_ADMIN_TOKEN", TOKEN);
        let log =
            std::fs::File::create(log(&folder)).map_err(|e| format!("cannot write the server's log: {e}"))?;
        let mut running = Running::start(command.stdout(Stdio::null()).stderr(log))?;
        let (url, login) = totals(&mut running, &folder)?;
        let served = Self { url, login, folder, running, simulated: Some(simulated) };
        served.tell(&["plan", "add", "home"])?;
        served.tell(&["subscriber", "add", "ana", "--router", "sim1", "--login", &served.login])?;
        Ok(served)
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes which names are known, for schemathesis.
    pub(super) fn known(&self) -> Result<PathBuf, String> {
        let text = format!(
            "[parameters]\n\"path.name\" = \"sim1\"\n\"path.router\" = \"sim1\"\n\"path.subscriber\" = \"ana\"\n\
             \"query.router\" = [\"sim1\", \"sim2\"]\n\"query.username\" = \"{}\"\n\"query.subscriber\" = \"ana\"\n",
            self.login
        );
        written(&self.folder.join("known.toml"), &text)
    }

    /// After all that was asked: it lives, its log has no error, and its totals still are the sums of their entries.
    pub(super) fn judge(&mut self) -> Verdict {
        let lives = self.running.lives();
        let verified = self.tell(&["verify"]);
        let text = std::fs::read_to_string(log(&self.folder)).unwrap_or_default();
        let errors: Vec<&str> =
            text.lines().filter(|line| line.contains(" ERROR ") || line.contains("panicked")).collect();
        let mut verdict = verdict(lives, || "the server ended while it was asked".to_owned());
        verdict.add(&self::verdict(errors.is_empty(), || {
            format!("the server logged errors:\n{}", errors.join("\n"))
        }));
        verdict.add(&verified.map_or_else(Verdict::fail, |_| Verdict::pass()));
        verdict
    }

    /// Ends the routers: no total changes any more.
    pub(super) fn end_routers(&mut self) {
        self.simulated = None;
    }

    /// Runs a command against it.
    pub(super) fn tell(&self, words: &[&str]) -> Result<String, String> {
        tell(&self.folder, words)
    }
}

fn verdict(good: bool, why: impl FnOnce() -> String) -> Verdict {
    if good { Verdict::pass() } else { Verdict::fail(why()) }
}

/// Routers of the configuration, which the API cannot remove.
fn config(ports: &[u16]) -> String {
    let router = |(number, port): (usize, &u16)| {
        format!(
            "[[routers]]\nname = \"sim{}\"\nhost = \"127.0.0.1\"\nport = {port}\nusername = \"{}\"\n\
             password = \"{}\"\ninterval = \"1s\"\n",
            number + 1,
            USER.0,
            USER.1
        )
    };
    ports.iter().enumerate().map(router).collect()
}

fn log(folder: &Path) -> PathBuf {
    folder.join("server.log")
}

fn written(path: &Path, text: &str) -> Result<PathBuf, String> {
    std::fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    Ok(path.to_owned())
}

fn tell(folder: &Path, words: &[&str]) -> Result<String, String> {
    program::capture(tikmeter(words).arg("--data").arg(folder.join("data")))
}

/// Waits for the server's address and for a login of the first router that has octets.
fn totals(running: &mut Running, folder: &Path) -> Result<(String, String), String> {
    for _ in 0..GLANCES {
        if !running.lives() {
            return Err(format!("tikmeter serve ended: {}", tail_of_log(folder)));
        }
        let url = std::fs::read_to_string(folder.join("data/url")).unwrap_or_default();
        let usage = tell(folder, &["usage", "--json", "--router", "sim1"]).unwrap_or_default();
        if let (false, Some(login)) = (url.is_empty(), a_login(&usage)) {
            return Ok((url.trim().to_owned(), login));
        }
        std::thread::sleep(GLANCE);
    }
    Err(format!("tikmeter serve runs, but router sim1 has no totals: {}", tail_of_log(folder)))
}

fn tail_of_log(folder: &Path) -> String {
    program::tail(&std::fs::read_to_string(log(folder)).unwrap_or_default(), 20)
}

/// The first name that needs no quoting anywhere.
fn a_login(usage: &str) -> Option<String> {
    let names = usage.split("\"username\":\"").skip(1).filter_map(|rest| rest.split('"').next());
    let plain = |name: &&str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '.');
    names.into_iter().find(plain).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_that_needs_no_quoting_is_taken_from_the_totals() {
        let usage = r#"{"items":[{"username":"hex:ff"},{"username":null},{"username":"ana.b7"}]}"#;
        assert_eq!(a_login(usage).as_deref(), Some("ana.b7"));
        assert_eq!(a_login(r#"{"items":[]}"#), None);
    }

    #[test]
    fn every_simulated_router_is_configured() {
        let text = config(&[9, 10]);
        assert!(text.contains("name = \"sim2\"\nhost = \"127.0.0.1\"\nport = 10\n"), "{text}");
    }
}
