//! A day's worth of polls, one after the other, while things go wrong: what the daemon holds must not grow.

use std::path::{Path, PathBuf};
use std::time::Duration;

use accounting::Octets;
use routeros_sim::world::Mark;

use crate::child::Daemon;
use crate::daemon::Memory;
use crate::figure::{Figure, Result, Section, Target};
use crate::place::Folder;
use crate::plant::database;
use crate::plant::routers::Routers;
use crate::plant::totals::Totals;
use crate::scale::Scale;

/// Between two polls, by the routers' clocks and the daemon's, as people have it.
const INTERVAL: Duration = Duration::from_secs(30);
const ROUTERS: u32 = 10;
/// Of all routers.
const SESSIONS: u32 = 2_000;
/// In each round so many of the sessions are new: each lasts some hours.
const CHURN: f64 = 0.005;
const FIRST_OCTETS: Octets = Octets::new(5_003, 70_001);
/// Something goes wrong in every so many-th round.
const TROUBLE_EVERY: usize = 36;

/// Measures it.
pub(crate) fn run(scale: &Scale) -> Result<Section> {
    let polls = if scale.quick { 8 } else { 24 * 3_600 / 30 };
    let folder = Folder::new("day")?;
    let routers = Routers::start(ROUTERS, SESSIONS / ROUTERS)?;
    let path = folder.file("daemon.db");
    database::make_of(&path, &routers.addrs(), SESSIONS / ROUTERS)?;
    let marks = routers.mark();
    let (totals, daemon) = (Totals::open(&path)?, Daemon::start(&path)?);
    let mut day = Day { routers, daemon, totals, marks, log: log_of(&path), most_log: 0 };
    day.daemon.round(INTERVAL)?;
    // A session that begins right after the first reading may have been there before it.
    for _ in 0..3 {
        day.routers.pass(INTERVAL);
        day.daemon.round(INTERVAL)?;
    }
    let mut held = Vec::new();
    for quarter in 0..4 {
        held.push(day.polls(quarter * polls / 4, polls / 4)?);
    }
    let file = std::fs::metadata(&path)?.len();
    day.daemon.stop()?;
    Ok(section(polls, &held, (day.most_log, file)))
}

/// What SQLite writes first.
fn log_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

struct Day {
    routers: Routers,
    daemon: Daemon,
    totals: Totals,
    marks: Vec<Mark>,
    log: PathBuf,
    /// Octets.
    most_log: u64,
}

impl Day {
    /// So many polls from the nth on; what is held after the last, all sums being exact.
    fn polls(&mut self, from: usize, count: usize) -> Result<Memory> {
        let mut memory = None;
        for poll in from..from + count {
            // Before anything is transferred: what a session does after its last reading, nobody sees.
            self.routers.reconnect(CHURN, FIRST_OCTETS);
            self.routers.pass(INTERVAL);
            if poll % TROUBLE_EVERY == TROUBLE_EVERY / 2 {
                self.routers.go_wrong(poll / TROUBLE_EVERY);
            }
            memory = Some(self.daemon.round(INTERVAL)?.memory);
            self.most_log = self.most_log.max(std::fs::metadata(&self.log)?.len());
        }
        self.totals.check("day", self.routers.sums().octets, self.routers.truth_since(&self.marks))?;
        memory.ok_or_else(|| "no poll was asked for".into())
    }
}

fn section(polls: usize, held: &[Memory], (log, file): (u64, u64)) -> Section {
    let who = format!("day: {polls} polls of {ROUTERS} routers with {SESSIONS} sessions");
    let resident: Vec<String> =
        held.iter().map(|memory| format!("{:.1}", mib(memory.resident.into()))).collect();
    let grown = match held {
        [first, .., last] => f64::from(last.resident) / f64::from(first.resident),
        _ => f64::NAN,
    };
    let mut figures = vec![Figure {
        what: format!("{who}: VmRSS at its end against a quarter of it"),
        ours: format!("{} MiB", resident.join(", ")),
        bound: String::new(),
        value: grown,
        unit: "x",
        target: Some(Target::AtMost(1.1)),
    }];
    for (what, octets, most) in
        [("the write-ahead log at most", log, Some(64.0)), ("the database at the end", file, None)]
    {
        figures.push(Figure {
            what: format!("day: the same, {what}"),
            ours: format!("{} kB", octets / 1_000),
            bound: String::new(),
            value: mib(octets / 1_024),
            unit: " MiB",
            target: most.map(Target::AtMost),
        });
    }
    let note = format!(
        "day: the daemon of `memory` in a child process; {} s pass between polls on clocks set by hand, all counters move, {} of 1,000 \
         sessions are new in each. In every {TROUBLE_EVERY}th poll a router loses its connections, or breaks its answer in the middle of \
         a sentence, by a trap, or by octets that are none; it is asked again at once. All sums are compared with what passed after each quarter.",
        INTERVAL.as_secs(),
        CHURN * 1_000.0,
    );
    Section { figures, notes: vec![note] }
}

#[expect(clippy::cast_precision_loss, reason = "memory is far below 2^52 KiB")]
fn mib(kib: u64) -> f64 {
    kib as f64 / 1_024.0
}
