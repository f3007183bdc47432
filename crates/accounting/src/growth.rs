//! What one snapshot says of how fast sessions move: what each gained between the two latest readings of its router. It is
//! read off what the snapshot changes, and is for showing: nothing here counts.
//!
//! A rate needs a gain and the time it took. So nothing is said of a session that was seen for the first time (its value was
//! gained in a shorter time that nobody knows), whose counter went back, that was missing at the reading before, or whose
//! gain is doubted or split between cycles.

use rustc_hash::FxHashSet;

use crate::changes::Changes;
use crate::ledger::{GrownEntry, LedgerEntry, Reason};
use crate::octets::Octets;
use crate::time::{Micros, RoundTimes};

/// Between which readings of a router.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// When the counters were read before, on our wall clock.
    pub from: Micros,
    /// When they were read now, on our wall clock.
    pub to: Micros,
    /// How long that took, microseconds, whatever was done to the wall clock meanwhile; never 0.
    pub micros: u64,
}

/// What the sessions of a router gained between two readings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gains {
    /// Those that gained something, each once.
    pub sessions: Vec<Growth>,
    /// Sessions that moved, or may have, and of which it is not known how much in that time.
    pub unknown: usize,
}

/// What a session gained between two readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Growth {
    /// The session: its number within the router.
    pub session: u64,
    /// What its counter gained: input is what the subscriber sent (upload), output what was sent to it (download).
    pub octets: Octets,
    /// Something more may have passed that the counter did not count.
    pub at_least: bool,
}

impl Window {
    /// From one reading to a later one; `None` where no clock spans the two.
    pub fn between(earlier: &RoundTimes, later: &RoundTimes) -> Option<Window> {
        let micros = later.micros_since(earlier).filter(|micros| *micros > 0)?;
        Some(Window { from: earlier.at, to: later.at, micros })
    }

    /// So many octets within this time, in bits per second, cut off and not rounded.
    pub fn bps(&self, octets: u64) -> u64 {
        let bps = u128::from(octets) * 8_000_000 / u128::from(self.micros.max(1));
        u64::try_from(bps).unwrap_or(u64::MAX)
    }
}

impl Changes {
    /// What sessions gained since the reading at `since`, which must be the one committed before.
    pub fn gains(&self, since: Micros) -> Gains {
        let others = self.new_entries.iter().filter(|entry| !is_gain(entry, since));
        let doubted: FxHashSet<u64> = others.filter_map(|entry| entry.session).collect();
        let opened = self.new_entries.iter().filter(|entry| is_gain(entry, since)).filter_map(opened);
        let grown = self.grown_entries.iter().filter(|entry| entry.from == since).filter_map(grown);
        let told = |gain: &Growth| !gain.octets.is_zero() && !doubted.contains(&gain.session);
        let mut sessions: Vec<Growth> = opened.chain(grown).filter(told).collect();
        // They are kept until the next reading.
        sessions.shrink_to_fit();
        Gains { sessions, unknown: doubted.len() }
    }
}

/// True of an entry that says no more than by how much a counter went on since that reading.
fn is_gain(entry: &LedgerEntry, since: Micros) -> bool {
    let went_on = matches!(entry.reason, Reason::Grew | Reason::Undercounted | Reason::Resumed);
    went_on && entry.from == since
}

fn opened(entry: &LedgerEntry) -> Option<Growth> {
    Some(Growth { session: entry.session?, octets: entry.delta, at_least: entry.unseen.is_some() })
}

fn grown(entry: &GrownEntry) -> Option<Growth> {
    let at_least = entry.reason == Reason::Undercounted;
    Some(Growth { session: entry.session?, octets: entry.added, at_least })
}
