//! Bytes on the wire per session and poll, over TCP, as the collector's rounds count them.

use std::time::Duration;

use collector::link::{Link, Traffic};
use collector::round::{Identify, Round, RoundReport, Table, Wanted};
use operations::SystemClock;
use tokio::runtime::Runtime;

use crate::figure::{Figure, Result, Section, Target};
use crate::plant::numbers;
use crate::plant::routers::Routers;
use crate::scale::Scale;
use crate::sums::exact;
use crate::timing::{ROUNDS, median};

/// Shares of sessions that are new in a round: none; one in 2,000 (looked up one by one); one in 100 (with five
/// minutes between polls, sessions of eight hours on average).
const SHARES: [f64; 3] = [0.0, 0.0005, 0.01];

const INTERVAL: Duration = Duration::from_secs(300);

/// Measures it on a router of a tenth of the sessions: a big installation has several.
pub(crate) fn run(scale: &Scale) -> Result<Section> {
    let mut polls = Polls::begin(scale.few_sessions())?;
    let quiet = polls.rounds(0.0)?;
    let mut figures = vec![counter_row(&quiet)];
    for share in SHARES {
        let cost = if share == 0.0 { quiet } else { polls.rounds(share)? };
        figures.push(all_tables(share, &cost));
    }
    let note = format!(
        "wire: bytes of the protocol in both directions, requests included, divided by sessions; one router of {} \
         sessions, counters of eleven digits. Names are {} bytes long. In rounds with new sessions the other tables \
         are those that name owners and the second look at the counters; `{}` and `{}` are how the last two shares \
         were found out.",
        scale.few_sessions(),
        numbers::interface(0).len(),
        polls.how.get(1).map_or("", String::as_str),
        polls.how.get(2).map_or("", String::as_str),
    );
    Ok(Section { figures, notes: vec![note] })
}

/// Median bytes per session and poll.
#[derive(Clone, Copy, Debug)]
struct Cost {
    counters: f64,
    all: f64,
}

fn counter_row(quiet: &Cost) -> Figure {
    let name = f64::from(u32::try_from(numbers::interface(0).len()).unwrap_or(0));
    Figure {
        what: "wire: counter row beside its name, no id changed".to_owned(),
        ours: format!("{:.2} bytes a session-poll, {name} of them the name", quiet.counters),
        bound: String::new(),
        value: quiet.counters - name,
        unit: " bytes",
        target: Some(Target::AtMost(70.0)),
    }
}

fn all_tables(share: f64, cost: &Cost) -> Figure {
    Figure {
        what: format!("wire: all tables, {} % of sessions new in each round", share * 100.0),
        ours: format!("{:.2} bytes a session-poll for other tables", cost.all - cost.counters),
        bound: String::new(),
        value: cost.all,
        unit: " bytes",
        target: None,
    }
}

/// A connection and the router it polls.
struct Polls {
    runtime: Runtime,
    routers: Routers,
    link: Link,
    round: Round,
    how: Vec<String>,
}

impl Polls {
    fn begin(sessions: u32) -> Result<Self> {
        let routers = Routers::start(1, sessions)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let link = runtime.block_on(Link::open(&routers.target(0)?))?;
        let mut polls = Polls { runtime, routers, link, round: Round::new(), how: Vec::new() };
        let first = polls.read()?;
        exact("wire, first round", first.identify, Identify::Full)?;
        Ok(polls)
    }

    fn rounds(&mut self, share: f64) -> Result<Cost> {
        let (mut counters, mut all) = (Vec::new(), Vec::new());
        for turn in 0..ROUNDS {
            self.routers.pass(INTERVAL);
            self.routers.reconnect(share, numbers::octets(0, 0));
            let report = self.read()?;
            if turn == 0 {
                self.how.push(format!("{:?}", report.identify));
            }
            let of_counters = report.tables.iter().find(|table| table.table == Table::Counters);
            counters.push(bytes(of_counters.ok_or("no counters were read")?.traffic));
            all.push((bytes(report.traffic), report.rows));
        }
        let (all, rows) = median(all);
        let per_row = |bytes: u64| precise(bytes) / precise(rows);
        Ok(Cost { counters: per_row(median(counters)), all: per_row(all) })
    }

    fn read(&mut self) -> Result<RoundReport> {
        let clock = SystemClock::new();
        let clean = self.runtime.block_on(self.round.run(&mut self.link, &clock, &Wanted::default(), &[]))?;
        let shown = self.routers.sums();
        let rows = &clean.snapshot.counters;
        exact("wire", (rows.len() as u64, rows.sum()), (shown.rows, shown.octets))?;
        Ok(clean.report)
    }
}

fn bytes(traffic: Traffic) -> u64 {
    traffic.bytes_in + traffic.bytes_out
}

#[expect(clippy::cast_precision_loss, reason = "a round is far below 2^52 bytes")]
fn precise(number: u64) -> f64 {
    number as f64
}
