//! What operators run today: a script that prints by librouteros and writes by sqlite3, on the same simulated router.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use accounting::Octets;
use routeros_sim::world::Device;

use super::socket_to_commit::{Ours, Plant};
use crate::figure::{Figure, Result, Section, Target};
use crate::place::Folder;
use crate::scale::Scale;
use crate::sums::exact;
use crate::timing::{Medians, alternate};

/// Where the Python is that has librouteros; `./x bench` installs it and says so here.
const PYTHON: &str = "TIKMETER_BENCH_PYTHON";

/// The script, as a file of its own so that anybody can run it.
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/usual_script.py");

/// Measures both ways on one router: a fifth of the sessions, for the script's patience.
pub(crate) fn run(scale: &Scale) -> Result<Section> {
    let sessions = scale.sessions / 5;
    let folder = Folder::new("usual-script")?;
    let plant = Plant::start(sessions)?;
    let mut ours: Ours = Ours::begin(&plant, &folder, sessions)?;
    let mut script = Script::start(&plant, &folder.file("script.db"))?;
    let poll = alternate(|| ours.read(&plant), || script.round(&plant, "poll"))?;
    let grows = alternate(|| ours.round(&plant), || script.round(&plant, "whole"))?;
    let opens = alternate(|| ours.round_of_new_entries(&plant), || script.round(&plant, "whole"))?;
    let usual = usual(grows, opens);
    Ok(Section {
        figures: vec![
            polling(sessions, poll),
            end_to_end("to the entries that are open", grows, Some(Target::AtLeast(8.0))),
            end_to_end("to new entries, as every 15 minutes", opens, None),
            end_to_end("on average at an interval of 5 minutes", usual, None),
        ],
        notes: vec![note(sessions, &folder)],
    })
}

fn polling(sessions: u32, medians: Medians) -> Figure {
    let rows = |took: Duration| format!("{:.0} rows/s", f64::from(sessions) / took.as_secs_f64());
    Figure {
        what: "poll, against librouteros".to_owned(),
        ours: rows(medians.ours),
        bound: rows(medians.bound),
        value: medians.speed(),
        unit: "x",
        target: Some(Target::AtLeast(60.0)),
    }
}

/// A round on average: at the usual interval of five minutes every third one is the first in its quarter of an hour.
fn usual(grows: Medians, opens: Medians) -> Medians {
    let average = |grows: Duration, opens: Duration| (2 * grows + opens) / 3;
    Medians { ours: average(grows.ours, opens.ours), bound: average(grows.bound, opens.bound) }
}

fn end_to_end(how: &str, medians: Medians, target: Option<Target>) -> Figure {
    let millis = |took: Duration| format!("{:.0} ms", took.as_secs_f64() * 1e3);
    Figure {
        what: format!("poll and write {how}, against librouteros and sqlite3"),
        ours: millis(medians.ours),
        bound: millis(medians.bound),
        value: medians.speed(),
        unit: "x",
        target,
    }
}

fn note(sessions: u32, folder: &Folder) -> String {
    format!(
        "usual script: `bench/scripts/usual_script.py` on one router with {sessions} sessions, taking turns with the \
         collector on the same simulated router, which sends from this process on a thread of its own; ours reads the \
         uptime twice and writes ledger entries and cycles, and where an entry is new the counter and the session. At an \
         interval of five minutes every third round begins new entries, at one of a minute every fifteenth. Both commit one transaction with synchronous FULL on {}.",
        folder.file_system()
    )
}

/// The script as a process that does a round for each line.
struct Script {
    process: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Script {
    fn start(plant: &Plant, database: &Path) -> Result<Script> {
        let python = std::env::var(PYTHON).map_err(|_| {
            format!("{PYTHON} names no Python with librouteros; ./x bench installs one and sets it")
        })?;
        let addr = plant.addr()?;
        let mut process = Command::new(python)
            .arg(SCRIPT)
            .args([&addr.ip().to_string(), &addr.port().to_string()])
            .args([Device::DEFAULT_USER, Device::DEFAULT_PASSWORD])
            .arg(database)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let orders = process.stdin.take();
        let answers = BufReader::new(process.stdout.take().ok_or("the script has no output")?);
        Ok(Script { process, orders, answers })
    }

    /// One round after time has passed; what it added up must be what the router shows.
    fn round(&mut self, plant: &Plant, kind: &str) -> Result<Duration> {
        plant.pass()?;
        writeln!(self.orders.as_ref().ok_or("the script takes no orders")?, "{kind}")?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        let figures: Vec<u64> =
            line.split_whitespace().map(str::parse).collect::<std::result::Result<_, _>>()?;
        let [rows, received, sent, micros] = figures[..] else {
            return Err(format!("the script answered {line:?}").into());
        };
        let shown = plant.shown();
        exact("usual script, rows", rows, shown.rows)?;
        exact("usual script, octets", Octets::new(received, sent), shown.octets)?;
        Ok(Duration::from_micros(micros))
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        // The end of its input ends it.
        self.orders = None;
        if let Err(error) = self.process.wait() {
            eprintln!("bench: the script was not waited for: {error}");
        }
    }
}
