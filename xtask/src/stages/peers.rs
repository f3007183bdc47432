//! Stage `peers`: clients that others wrote log in to simulated routers and use them. What each one proves is the
//! table in docs/reference/simulator.md; every `yes` in it is one check. And the program of docs/how-to/redis.md adds up what it
//! is told, and its second one loses no sample.

mod events;
mod table;
mod traffic;

use std::process::Command;

use self::table::{Proven, Table};
use super::installed::{self, Installed};
use super::product::{self, Simulated};
use super::tools;
use crate::report::Verdict;
use crate::{program, repo};

/// A client of the router API and its script in `xtask/peers`.
struct Peer {
    name: &'static str,
    script: &'static str,
    command: fn(&Installed) -> Command,
}

const PEERS: [Peer; 3] = [
    Peer { name: "librouteros", script: "librouteros_peer.py", command: Installed::python },
    Peer { name: "routeros-api", script: "routeros_api_peer.py", command: Installed::python },
    Peer { name: "node-routeros", script: "node_routeros_peer.js", command: Installed::node },
];

/// The routers they meet: the variable with its port, and how it is simulated.
const ROUTERS: [(&str, &[&str]); 4] = [
    ("CHALLENGE_PORT", &["--version", "6.42", "--write"]),
    ("PLAIN_PORT", &["--version", "6.49", "--write"]),
    ("READER_PORT", &["--version", "7.12"]),
    ("EMPTY_PORT", &["--version", "7.20", "--write"]),
];

/// The measurement that takes librouteros for its bound, and the variable that names the Python which has it.
pub(crate) const USUAL_SCRIPT: &str = "usual-script";
pub(crate) const BENCH_PYTHON: &str = "TIKMETER_BENCH_PYTHON";

pub(crate) fn run() -> Verdict {
    match proven() {
        Ok(verdict) => verdict,
        Err(sentence) => Verdict::fail(sentence),
    }
}

fn proven() -> Result<Verdict, String> {
    let table = Table::read(&repo::root())?;
    product::build()?;
    let installed = installed::ready()?;
    let routers = ROUTERS.iter().map(|(_, words)| simulated(words)).collect::<Result<Vec<_>, _>>()?;
    let mut verdict = table.pinned(&PEERS.map(|peer| peer.name));
    for peer in &PEERS {
        verdict.add(&table.judge(peer.name, &talk(peer, installed, &routers)?));
    }
    verdict.add(&measured(installed)?);
    verdict.add(&events::added_up(installed)?);
    verdict.add(&traffic::taken_over(installed)?);
    Ok(verdict)
}

/// The measurement beside librouteros runs, on few rows: its sums are exact.
fn measured(installed: &Installed) -> Result<Verdict, String> {
    let mut bench = repo::cargo();
    bench.args(["run", "--quiet", "-p", "bench", "--", "--quick", "--only", USUAL_SCRIPT]);
    bench.env(BENCH_PYTHON, installed.python_path());
    let log = tools::log_path("bench-usual-script");
    let done = program::run_logged(&mut bench, &log)?;
    let told = || {
        format!(
            "bench --only {USUAL_SCRIPT} failed; {} has it all:\n{}",
            log.display(),
            program::tail(&done.output, 20)
        )
    };
    Ok(if done.success { Verdict::pass() } else { Verdict::fail(told()) })
}

fn simulated(words: &[&str]) -> Result<Simulated, String> {
    let mut all = vec!["--routers", "1", "--sessions", "20"];
    all.extend(words);
    Simulated::start(&all)
}

/// Lets one client talk to the routers; gives what it proved.
fn talk(peer: &Peer, installed: &Installed, routers: &[Simulated]) -> Result<Proven, String> {
    let mut command = (peer.command)(installed);
    command.arg(repo::root().join("xtask/peers").join(peer.script));
    for ((variable, _), router) in ROUTERS.iter().zip(routers) {
        command.env(variable, router.ports[0].to_string());
    }
    let log = tools::log_path(peer.name);
    let done = program::run_logged(&mut command, &log)?;
    Ok(Proven::read(&done.output, &log))
}
