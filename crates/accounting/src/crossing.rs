//! What was counted across an edge between two cycles is split by the time that passed before and after it (rule 11).

use crate::continuity::{elapsed_s, wall_clock_agrees};
use crate::edge::Edge;
use crate::ledger::Unseen;
use crate::octets::Octets;
use crate::time::{Micros, RoundTimes};

/// A plan's edge is passed so much later at most than it says, in microseconds: a day closes the cycles of many. A label that
/// is further away was written by a clock that was wrong.
const LATEST_US: i64 = 15 * 60 * 1_000_000;
/// Two places for an edge that are no further apart than this are one, in microseconds.
const ONE_PLACE_US: u64 = 60 * 1_000_000;

/// The time in which something was counted, from one reading to another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stretch {
    /// The reading at its begin; what no reading began has only its label.
    pub(crate) from: RoundTimes,
    /// The reading at its end.
    pub(crate) to: RoundTimes,
    /// At most how long it was by the router's clock; `None` = unknown.
    pub(crate) seconds: Option<u64>,
    /// The router's last reading before this one, and at most how many seconds ago that was.
    pub(crate) last: (RoundTimes, Option<u64>),
    /// What was counted was over by its end.
    pub(crate) ended: bool,
}

/// Where in a stretch a cycle closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Crossing {
    /// On the clock of its end the stretch began at `from` and the cycle closed at `at`.
    At { from: Micros, at: Micros },
    /// Somewhere: our clock was set, and no other spans the time.
    Somewhere,
}

impl Crossing {
    /// When the stretch began, on the clock of its end.
    pub(crate) fn begin(&self) -> Option<Micros> {
        match self {
            Crossing::At { from, .. } => Some(*from),
            Crossing::Somewhere => None,
        }
    }
}

impl Stretch {
    /// Where the edge lies; `None`: before it. That it came before a reading, or after one, no clock need say; our wall clock,
    /// which labels all of them, may have been set between any two.
    pub(crate) fn crossing(&self, edge: &Edge) -> Option<Crossing> {
        if edge.since <= self.from.bindings {
            return None;
        }
        let (from, to) = (self.from.at, self.to.at);
        if self.ended && edge.since > self.to.bindings {
            return Some(Crossing::At { from: from.min(to), at: to });
        }
        let Some(begin) = self.begin_of(&self.from, self.seconds) else { return Some(Crossing::Somewhere) };
        let (last, last_seconds) = &self.last;
        let known_then = edge.since <= last.bindings;
        if known_then && self.begin_of(last, *last_seconds).is_some_and(|last| begin >= last) {
            return None;
        }
        let place = match (known_then, self.from.bindings) {
            (false, _) => self.place(edge, last, *last_seconds),
            (true, 0) => (edge.at <= to).then_some(edge.at),
            (true, _) => self.place(edge, &self.from, self.seconds),
        };
        let Some(at) = place else { return Some(Crossing::Somewhere) };
        (at > begin).then_some(Crossing::At { from: begin, at: at.min(to) })
    }

    /// When a reading was taken, on the clock of the end; `None` where our clock was set and no other spans the time.
    fn begin_of(&self, reading: &RoundTimes, most_s: Option<u64>) -> Option<Micros> {
        let shown = self.to.at.0.saturating_sub(reading.at.0);
        match elapsed_s(reading, &self.to, most_s) {
            None => (shown >= 0).then_some(reading.at),
            Some(elapsed) if wall_clock_agrees(shown, elapsed) => Some(reading.at),
            Some((fewest, most)) => Some(self.to.at.minus_seconds(fewest.midpoint(most))),
        }
    }

    /// Where an edge that came after a reading lies, on the clock of the end; `None`: its label does not tell.
    fn place(&self, edge: &Edge, reading: &RoundTimes, most_s: Option<u64>) -> Option<Micros> {
        let (begin, to) = (self.begin_of(reading, most_s)?, self.to.at);
        let came_since = edge.since > self.to.bindings;
        if begin == reading.at {
            let late = (begin.0.saturating_sub(LATEST_US)..begin.0).contains(&edge.at.0);
            let told = late || (begin..=to).contains(&edge.at) || (came_since && edge.at > to);
            return told.then_some(edge.at);
        }
        let by_old = Micros(begin.0.saturating_add(edge.at.0.saturating_sub(reading.at.0)));
        match [edge.at, by_old].map(|at| (begin..=to).contains(&at)) {
            [true, true] => (edge.at.0.abs_diff(by_old.0) <= ONE_PLACE_US).then_some(edge.at),
            [true, false] => Some(edge.at),
            [false, true] => Some(by_old),
            [false, false] => came_since.then_some(to),
        }
    }
}

/// The part of `delta` that passed before `at`, if it passed evenly from `from` until `to`. The rest is what is left of
/// `delta`, so that both parts always make the whole.
pub(crate) fn part_before(delta: Octets, from: Micros, at: Micros, to: Micros) -> Octets {
    let whole = u128::from(to.0.abs_diff(from.0));
    if whole == 0 || at >= to {
        return delta;
    }
    let before = u128::try_from(at.0.saturating_sub(from.0)).unwrap_or(0).min(whole);
    let share = |octets: u64| u64::try_from(u128::from(octets) * before / whole).unwrap_or(octets);
    Octets::new(share(delta.input), share(delta.output))
}

/// What of an unseen stretch that ended at `to` lies before and after `at`. All that was not seen may lie on either
/// side, so both keep the bound.
pub(crate) fn unseen_parts(
    unseen: Option<Unseen>,
    at: Micros,
    to: Micros,
) -> (Option<Unseen>, Option<Unseen>) {
    let Some(whole) = unseen else { return (None, None) };
    let Some(micros) = whole.micros else { return (unseen, unseen) };
    let after = micros.min(u64::try_from(to.0.saturating_sub(at.0)).unwrap_or(0));
    let part = |micros: u64| (micros > 0).then_some(Unseen { micros: Some(micros), ..whole });
    match (part(micros - after), part(after)) {
        (None, None) => (None, unseen),
        parts => parts,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_part_before_grows_with_time_and_rounds_down() {
        let delta = Octets::new(10, 101);
        let part = |at| part_before(delta, Micros(100), Micros(at), Micros(200));
        assert_eq!(part(100), Octets::ZERO);
        assert_eq!(part(150), Octets::new(5, 50));
        assert_eq!(part(200), delta);
        assert_eq!(part(50), Octets::ZERO, "a clock that was set back counts nothing twice");
        assert_eq!(part_before(delta, Micros(200), Micros(150), Micros(200)), delta);
        let most = Octets::new(u64::MAX, u64::MAX);
        assert_eq!(
            part_before(most, Micros(0), Micros(i64::MAX / 2), Micros(i64::MAX - 1)),
            Octets::new(u64::MAX / 2, u64::MAX / 2)
        );
    }

    #[test]
    fn an_unseen_stretch_is_told_on_its_side_of_the_edge() {
        let unseen = |micros| Some(Unseen { micros, upper_octets: Some(9) });
        let parts = |micros| unseen_parts(unseen(micros), Micros(60), Micros(100));
        assert_eq!(parts(Some(30)), (None, unseen(Some(30))));
        assert_eq!(parts(Some(50)), (unseen(Some(10)), unseen(Some(40))));
        assert_eq!(parts(None), (unseen(None), unseen(None)));
        assert_eq!(parts(Some(0)), (None, unseen(Some(0))));
    }
}
