//! Memory of the daemon's parts in a process of their own: ten routers polled at once.

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
use crate::timing::ROUNDS;

/// Between two rounds, by the routers' clocks and the daemon's.
const INTERVAL: Duration = Duration::from_secs(300);

/// Rounds until every session is new.
const CHURN: usize = 10;

/// What a new session transfers at once.
const FIRST_OCTETS: Octets = Octets::new(5_003, 70_001);

/// Routers, each with a plain connection for polling (and one to listen on).
const ROUTERS: u32 = 10;

/// Measures it: quiet rounds first, then rounds in which sessions dial anew until none is left that was there before.
pub(crate) fn run(scale: &Scale) -> Result<Section> {
    let folder = Folder::new("memory")?;
    let each = scale.sessions / ROUTERS;
    let routers = Routers::start(ROUTERS, each)?;
    let path = folder.file("daemon.db");
    database::make_of(&path, &routers.addrs(), each)?;
    let mut polled = Polled {
        totals: Totals::open(&path)?,
        marks: routers.mark(),
        daemon: Daemon::start(&path)?,
        routers,
    };
    polled.daemon.round(INTERVAL)?;
    let quiet = polled.rounds(ROUNDS + 1, 0.0)?;
    let renewed = polled.rounds(CHURN, 1.0 / f64::from(u32::try_from(CHURN)?))?;
    polled.daemon.stop()?;
    Ok(section(scale, quiet, renewed))
}

fn section(scale: &Scale, quiet: Memory, renewed: Memory) -> Section {
    let figures = vec![
        figure(scale, "VmRSS after quiet rounds", quiet.resident),
        figure(scale, "VmHWM after quiet rounds", quiet.peak),
        figure(scale, "VmRSS after every session dialled anew", renewed.resident),
        figure(scale, "VmHWM after every session dialled anew", renewed.peak),
    ];
    let note = format!(
        "daemon: supervisor with pollers, control connections, actors, the SQLite store and the HTTP server, asked for \
         a page of usage after each round, in a child process; all routers are read in the same moment, {} rounds {} s apart on a clock set by hand, all \
         counters moved; then {CHURN} rounds with a {CHURN}th of the sessions new in each. VmRSS and VmHWM of \
         /proc/self/status.",
        ROUNDS + 2,
        INTERVAL.as_secs(),
    );
    Section { figures, notes: vec![note] }
}

fn figure(scale: &Scale, what: &str, kib: u32) -> Figure {
    Figure {
        what: format!("daemon, {} sessions on {ROUTERS} routers: {what}", scale.sessions),
        ours: format!("{kib} KiB"),
        bound: String::new(),
        value: f64::from(kib) / 1024.0,
        unit: " MiB",
        target: Some(Target::AtMost(100.0)),
    }
}

/// The daemon, what it polls, and what it must have counted.
struct Polled {
    routers: Routers,
    daemon: Daemon,
    totals: Totals,
    marks: Vec<Mark>,
}

impl Polled {
    /// Rounds in each of which `share` of the sessions are new; what is held after the last.
    fn rounds(&mut self, count: usize, share: f64) -> Result<Memory> {
        let mut memory = None;
        for _ in 0..count {
            // Before anything is transferred: what a session does after its last reading, nobody sees.
            self.routers.reconnect(share, FIRST_OCTETS);
            self.routers.pass(INTERVAL);
            memory = Some(self.daemon.round(INTERVAL)?.memory);
            self.totals.check("memory", self.routers.sums().octets, self.routers.truth_since(&self.marks))?;
        }
        memory.ok_or_else(|| "no round was asked for".into())
    }
}
