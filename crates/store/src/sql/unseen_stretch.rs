//! What entries did not see: how much of the time was their session's, and what two did not see together.

use std::ops::Range;

use accounting::ledger::Unseen;
use accounting::time::Micros;

use crate::tally::shared_us;

/// When an entry with unseen time was read before and after, and when its session was there.
pub(super) struct Stretch {
    /// It tells of a session's end.
    pub(super) ends_session: bool,
    pub(super) from: i64,
    pub(super) to: i64,
    /// `None` when it has no session.
    pub(super) started_at: Option<i64>,
    /// `None` while the session is open.
    pub(super) last_seen_at: Option<i64>,
}

impl Stretch {
    /// How much of the unseen time lies in the window and in the time of the session. Time is unseen up to the entry's
    /// end; a session's time ends where the tail begins that its last entry tells of.
    pub(super) fn unseen_of_session(&self, micros: u64, window: &Range<Micros>) -> u64 {
        let Some(started) = self.started_at.map(Micros) else { return 0 };
        if self.ends_session && self.from < self.to {
            return 0;
        }
        let last_seen = self.last_seen_at.map_or(Micros(self.to), Micros);
        let unseen = Micros(self.to.saturating_sub_unsigned(micros))..Micros(self.to);
        let session = started.max(window.start)..last_seen.min(window.end);
        shared_us(&unseen, &session)
    }
}

/// What two entries did not see. A time that is unknown adds none, as in every sum; a bound that is none stays none.
pub(super) fn both(one: Option<Unseen>, other: Option<Unseen>) -> Option<Unseen> {
    match (one, other) {
        (Some(one), Some(other)) => Some(Unseen {
            micros: match (one.micros, other.micros) {
                (Some(one), Some(other)) => Some(one.saturating_add(other)),
                (one, other) => one.or(other),
            },
            upper_octets: one
                .upper_octets
                .zip(other.upper_octets)
                .map(|(one, other)| one.saturating_add(other)),
        }),
        (one, other) => one.or(other),
    }
}
