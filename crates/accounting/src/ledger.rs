//! The ledger: every octet in a total has an entry that says which counter moved from where to where, and why;
//! every stretch that could not be seen has an entry with an upper bound.

use crate::octets::Octets;
use crate::time::Micros;

/// Why an entry exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// First sight of a counter whose session began under observation: its whole value counts (rule 2).
    SessionStart,
    /// The counter went on within one session.
    Grew,
    /// The counter went on, and some of what it should count may have passed it by: nothing bounds that.
    Undercounted,
    /// The counter went on across a gap (outage, restart, a row that came back) and its session is proven the same.
    Resumed,
    /// The counter dropped within its boot: it was reset; it counts from 0 (rule 1).
    CounterReset,
    /// First sight of a counter after the router rebooted: its whole value counts.
    RouterReboot,
    /// First sight of a counter that was already running: nothing is counted, counting starts here (rule 2).
    Baseline,
    /// The session ended; what its counter did after the last reading was not seen (rule 9).
    SessionEnd,
    /// The session ended, and what the router adds up for its user tells what its counter did after the last reading
    /// (rule 9).
    Tail,
    /// A session that only `listen` or the session table showed: no counter of it was ever read (rule 9).
    HeardOnly,
    /// A part of what a counter gained across a renewal at which its router could not be read: split by time (rule 11).
    EdgeUnobserved,
    /// An impossible jump: recorded, not in any total until somebody decides (rule 10).
    Held,
    /// The reading after a held jump did not confirm it: counting goes on from the value before it (rule 10).
    NotConfirmed,
    /// A held jump that was released: it counts from here (rule 10).
    Released,
    /// The entries of one day, session and cycle whose detail is not kept any more: it adds what they added.
    BroughtForward,
    /// What a login used before it had a subscriber, from a date on: it adds what those entries add up to (rule 11).
    Adopted,
}

/// Every reason with its stable name, in the order of the enum.
pub const REASONS: [(Reason, &str); 16] = [
    (Reason::SessionStart, "session_start"),
    (Reason::Grew, "grew"),
    (Reason::Undercounted, "undercounted"),
    (Reason::Resumed, "resumed"),
    (Reason::CounterReset, "counter_reset"),
    (Reason::RouterReboot, "router_reboot"),
    (Reason::Baseline, "baseline"),
    (Reason::SessionEnd, "session_end"),
    (Reason::Tail, "tail"),
    (Reason::HeardOnly, "heard_only"),
    (Reason::EdgeUnobserved, "edge_unobserved"),
    (Reason::Held, "held"),
    (Reason::NotConfirmed, "not_confirmed"),
    (Reason::Released, "released"),
    (Reason::BroughtForward, "brought_forward"),
    (Reason::Adopted, "adopted"),
];

impl Reason {
    /// The stable name in the database, the API and `explain`.
    pub fn as_str(self) -> &'static str {
        REASONS.iter().find(|(reason, _)| *reason == self).map_or("", |(_, name)| name)
    }

    /// True for what an entry says of a session's end: it spans what came after the session's last reading.
    pub fn ends_session(self) -> bool {
        matches!(self, Reason::SessionEnd | Reason::Tail)
    }

    /// The reason of that stable name.
    pub fn from_name(name: &str) -> Option<Self> {
        REASONS.iter().find(|(_, known)| *known == name).map(|(reason, _)| *reason)
    }
}

/// What could not be seen, and how much it can have been at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unseen {
    /// How long nobody looked, microseconds; `None` when even that is unknown.
    pub micros: Option<u64>,
    /// Upper bound in octets, both directions together; `None` is *unbounded* (no link speed configured, or the
    /// length of the outage is unknown).
    pub upper_octets: Option<u64>,
}

/// One line of the ledger. Numbers are unique within the router.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerEntry {
    /// 15-minute UTC bucket of the entry's end.
    pub bucket: i64,
    /// Number within the router.
    pub no: u64,
    /// Whose octets; `None` = unattributed.
    pub login: Option<i64>,
    /// Which session (number within the router); `None` = unattributed.
    pub session: Option<u64>,
    /// Which counter (number within the router); `None` for a session only heard of.
    pub counter: Option<u64>,
    /// Which cycle it counts into; `None` when the login has no subscriber, or the entry is held.
    pub cycle: Option<i64>,
    /// Why.
    pub reason: Reason,
    /// False while held: in no total.
    pub posted: bool,
    /// Octets this entry adds.
    pub delta: Octets,
    /// The counter's baseline before: zero for a counter never read; within a counter every entry's `before` is
    /// the `after` of the one before it. `delta` is `after - before`, except that it is the whole of `after` when
    /// the counter started over (`CounterReset`, `RouterReboot`) and nothing for `Baseline`, `SessionEnd` and
    /// `NotConfirmed`.
    pub before: Octets,
    /// The counter after.
    pub after: Octets,
    /// When the counter was read before (our clock).
    pub from: Micros,
    /// When it was read after; the entry belongs to this instant.
    pub to: Micros,
    /// What was not seen, if anything.
    pub unseen: Option<Unseen>,
    /// How many readings it spans.
    pub polls: u32,
}

/// Where an entry is within its router.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryRef {
    /// Its bucket.
    pub bucket: i64,
    /// Its number.
    pub no: u64,
}

/// New values of the one open `grew` or `undercounted` entry of a counter (absolute, not differences).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GrownEntry {
    /// Bucket of the entry, as when it was written first.
    pub bucket: i64,
    /// Its number within the router.
    pub no: u64,
    /// All octets it now adds.
    pub delta: Octets,
    /// The counter after the latest reading.
    pub after: Octets,
    /// When that was.
    pub to: Micros,
    /// How many readings it spans now.
    pub polls: u32,
    /// What the latest reading added to it, for who is told of each reading: the rest of these say of what.
    pub added: Octets,
    /// When the counter was read before that.
    pub from: Micros,
    /// As of the entry.
    pub login: Option<i64>,
    /// As of the entry.
    pub session: Option<u64>,
    /// As of the entry.
    pub cycle: Option<i64>,
    /// As of the entry.
    pub reason: Reason,
}
