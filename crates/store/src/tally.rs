//! Adding up ledger lines and session times, the same for every database.

use std::ops::Range;

use accounting::Octets;
use accounting::bound::capped;
use accounting::ledger::Unseen;
use accounting::time::Micros;

use crate::usage_repository::Observation;

/// What a ledger line brings into a sum.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Line {
    /// It counts.
    Posted(Octets),
    /// Held, and nobody decided yet: it may have to count.
    Undecided(Octets),
    /// Held and released: a line of its own counts.
    Released,
    /// Held and rejected: it never counts, but what its counter showed is the most that can have passed.
    Rejected(Octets),
}

impl Line {
    /// What it brings into a sum as not seen, of what was not seen when it was written.
    pub(crate) fn unseen(self, unseen: Option<Unseen>) -> Option<Unseen> {
        let held = |octets: Octets| Unseen {
            micros: unseen.and_then(|unseen| unseen.micros),
            upper_octets: Some(octets.both()),
        };
        match self {
            Line::Posted(_) => unseen,
            Line::Undecided(octets) => Some(held(octets)),
            Line::Released => None,
            Line::Rejected(octets) => {
                Some(unseen.map_or_else(|| held(octets), |unseen| capped(unseen, octets)))
            }
        }
    }
}

/// A sum in the making.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Posted octets.
    pub(crate) octets: Octets,
    session_us: u64,
    unseen_us: u64,
    /// The part of `unseen_us` that lies in `session_us`.
    unseen_in_session_us: u64,
    upper_octets: u64,
    unbounded: bool,
}

impl Tally {
    /// Adds a line and what was not seen of it.
    pub(crate) fn add_line(&mut self, line: Line, unseen: Option<Unseen>) {
        if let Line::Posted(octets) = line {
            self.octets += octets;
        }
        if let Some(unseen) = line.unseen(unseen) {
            self.unseen_us = self.unseen_us.saturating_add(unseen.micros.unwrap_or_default());
            self.raise_bound(unseen.upper_octets);
        }
    }

    /// Takes back from the session time what of it was not seen.
    pub(crate) fn take_unseen_session(&mut self, micros: u64) {
        self.unseen_in_session_us = self.unseen_in_session_us.saturating_add(micros);
    }

    /// Adds the time a session shared with the window.
    pub(crate) fn add_session(&mut self, micros: u64) {
        self.session_us = self.session_us.saturating_add(micros);
    }

    /// Adds time of an open session in which its router was read, and not what shows the session.
    pub(crate) fn add_unread(&mut self, micros: u64) {
        self.unseen_us = self.unseen_us.saturating_add(micros);
    }

    /// Adds another sum.
    pub(crate) fn merge(&mut self, other: Tally) {
        self.octets += other.octets;
        self.session_us = self.session_us.saturating_add(other.session_us);
        self.unseen_us = self.unseen_us.saturating_add(other.unseen_us);
        self.take_unseen_session(other.unseen_in_session_us);
        self.raise_bound((!other.unbounded).then_some(other.upper_octets));
    }

    /// What was seen: session time without what of it is known to be unseen. The tail of a session, after its last
    /// reading, is unseen and no part of its session time, which ends there.
    pub(crate) fn observation(&self) -> Observation {
        Observation {
            observed_us: self.session_us.saturating_sub(self.unseen_in_session_us),
            unseen_us: self.unseen_us,
            upper_octets: (!self.unbounded).then_some(self.upper_octets),
        }
    }

    fn raise_bound(&mut self, by: Option<u64>) {
        match by {
            Some(octets) => self.upper_octets = self.upper_octets.saturating_add(octets),
            None => self.unbounded = true,
        }
    }
}

/// The instants of half-open buckets.
pub(crate) fn instants(buckets: &Range<i64>) -> Range<Micros> {
    let edge = |bucket: i64| Micros(bucket.saturating_mul(Micros::BUCKET));
    edge(buckets.start)..edge(buckets.end)
}

/// Microseconds that a stretch shares with a window.
pub(crate) fn shared_us(stretch: &Range<Micros>, window: &Range<Micros>) -> u64 {
    let begin = stretch.start.max(window.start).0;
    let end = stretch.end.min(window.end).0;
    u64::try_from(end.saturating_sub(begin)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_undecided_line_is_in_the_bound_only() {
        let mut tally = Tally::default();
        tally.add_line(Line::Posted(Octets::new(1, 2)), None);
        tally.add_line(Line::Undecided(Octets::new(30, 40)), None);
        tally.add_line(Line::Released, None);
        assert_eq!(tally.octets, Octets::new(1, 2));
        assert_eq!(tally.observation().upper_octets, Some(70));
    }

    #[test]
    fn a_rejected_line_leaves_what_the_link_can_have_carried_in_the_bound() {
        let rejected = |upper_octets| {
            let mut tally = Tally::default();
            let unseen = Unseen { micros: Some(5), upper_octets };
            tally.add_line(Line::Rejected(Octets::new(30, 40)), Some(unseen));
            (tally.octets, tally.observation().upper_octets)
        };
        assert_eq!(rejected(Some(50)), (Octets::ZERO, Some(50)));
        assert_eq!(rejected(Some(100)), (Octets::ZERO, Some(70)), "no more than its counter showed");
        assert_eq!(rejected(None), (Octets::ZERO, Some(70)));
    }

    #[test]
    fn one_unbounded_stretch_makes_the_sum_unbounded() {
        let mut tally = Tally::default();
        let bounded = Unseen { micros: Some(5), upper_octets: Some(10) };
        tally.add_line(Line::Posted(Octets::ZERO), Some(bounded));
        tally.add_session(8);
        tally.take_unseen_session(5);
        let seen = Observation { observed_us: 3, unseen_us: 5, upper_octets: Some(10) };
        assert_eq!(tally.observation(), seen);
        let mut other = Tally::default();
        other.add_line(Line::Posted(Octets::ZERO), Some(Unseen { micros: None, upper_octets: None }));
        tally.merge(other);
        assert_eq!(tally.observation(), Observation { upper_octets: None, ..seen });
    }

    #[test]
    fn what_was_unseen_after_a_session_takes_nothing_from_its_time() {
        let mut tally = Tally::default();
        tally.add_session(8);
        tally.add_line(Line::Posted(Octets::ZERO), Some(Unseen { micros: Some(30), upper_octets: Some(1) }));
        let mut other = Tally::default();
        other.take_unseen_session(2);
        tally.merge(other);
        let seen = tally.observation();
        assert_eq!((seen.observed_us, seen.unseen_us), (6, 30));
    }

    #[test]
    fn only_the_shared_stretch_counts() {
        let span = |from, to| Micros(from)..Micros(to);
        assert_eq!(shared_us(&span(0, 10), &span(5, 20)), 5);
        assert_eq!(shared_us(&span(0, 10), &span(10, 20)), 0);
        assert_eq!(shared_us(&span(30, 40), &span(10, 20)), 0);
        assert_eq!(shared_us(&span(1, 2), &span(i64::MIN, i64::MAX)), 1);
    }
}
