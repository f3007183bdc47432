//! A counter as the store keeps it.

use crate::ledger::EntryRef;
use crate::octets::Octets;
use crate::time::{RoundTimes, StartInterval};

/// Whether the router still shows a counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CounterState {
    /// In the last committed round; its last reading is that round's.
    Live,
    /// Not in the last round(s).
    Missing {
        /// Clocks of the round that read it last.
        last_read: RoundTimes,
        /// Clocks of the first complete round without it.
        since: RoundTimes,
        /// Complete rounds without it.
        rounds: u32,
        /// How long it may have gone on.
        tail: Tail,
    },
    /// Believed gone; a row that returns resumes from its baseline.
    Gone {
        /// Clocks of the round that read it last.
        last_read: RoundTimes,
    },
    /// Nobody's any more, whatever its row shows; kept for its name only.
    Released,
}

/// How long a counter may have gone on after its last reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tail {
    /// Until now, for all we know.
    Open,
    /// At most so many seconds; `None` where no clock spans them.
    Closed(Option<u64>),
}

/// A counter and its baseline (rule 1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CounterRecord {
    /// Number within the router.
    pub no: u64,
    /// Boot it belongs to.
    pub boot: u32,
    /// Its table and the router's id for it in this boot.
    pub handle: u64,
    /// Its name, raw bytes.
    pub name: Box<[u8]>,
    /// It outlives sessions (static binding, enrolled counter).
    pub permanent: bool,
    /// Start of its session (part of its identity unless permanent).
    pub start: Option<StartInterval>,
    /// The baseline: last values counted.
    pub octets: Octets,
    /// The entry that its growth extends: from then on the baseline is where that entry leaves it. What the store gives back
    /// has none: it has the baseline, and growth after a restart begins an entry.
    pub open: Option<EntryRef>,
    /// Octets posted to nobody since its first sight.
    pub unattributed: Octets,
    /// Where the baseline was before it was moved by entries that are held, if the last one was. The store need not keep
    /// it: the held entries tell.
    pub before_held: Option<Octets>,
    /// Whether it is there.
    pub state: CounterState,
    /// At its last reading some of what it should count may have passed it by.
    pub passed_by: bool,
    /// The session it belongs to now.
    pub session: Option<CounterSession>,
}

impl CounterRecord {
    /// Notes where the counter was before the held jumps, given as values before and after, that lead to its baseline.
    pub fn note_held(&mut self, newest_first: impl IntoIterator<Item = (Octets, Octets)>) {
        let mut stands = self.octets;
        for (before, after) in newest_first {
            if after == stands {
                stands = before;
                self.before_held = Some(before);
            }
        }
    }
}

/// The session a counter belongs to, as far as accounting must remember it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CounterSession {
    /// Number within the router.
    pub no: u64,
    /// The login's name, raw bytes.
    pub login_name: Box<[u8]>,
    /// Acct-Session-Id, if the router gave one.
    pub acct_session_id: Option<u64>,
    /// When it began, on the router's axis.
    pub start: Option<StartInterval>,
}
