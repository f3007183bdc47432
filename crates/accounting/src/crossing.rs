//! What was counted across an edge between two cycles is split by the time that passed before and after it (rule 11).

use crate::continuity::{elapsed_s, wall_clock_agrees};
use crate::edge::Edge;
use crate::ledger::Unseen;
use crate::octets::Octets;
use crate::time::{Micros, RoundTimes};

/// The time in which something was counted, from one reading to another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stretch {
    /// The reading at its begin; what no reading began has only its label.
    pub(crate) from: RoundTimes,
    /// The reading at its end.
    pub(crate) to: RoundTimes,
    /// At most how long it was by the router's clock; `None` = unknown.
    pub(crate) seconds: Option<u64>,
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
    /// Where the edge lies; `None`: before it. All three are labelled by our wall clock, which may have been set between any
    /// two of them; that the edge came before the reading at the begin, no clock need say.
    pub(crate) fn crossing(&self, edge: &Edge) -> Option<Crossing> {
        if edge.since <= self.from.bindings {
            return None;
        }
        let (from, to) = (self.from.at, self.to.at);
        let shown = to.0.saturating_sub(from.0);
        let elapsed = elapsed_s(&self.from, &self.to, self.seconds);
        let agrees = elapsed.map_or(shown >= 0, |elapsed| wall_clock_agrees(shown, elapsed));
        if agrees {
            return (edge.at > from).then_some(Crossing::At { from, at: edge.at.min(to) });
        }
        let Some((fewest, most)) = elapsed else { return Some(Crossing::Somewhere) };
        let begin = to.minus_seconds(fewest.midpoint(most));
        let set_before = edge.at;
        let set_since = Micros(begin.0.saturating_add(edge.at.0.saturating_sub(from.0)));
        let within = [set_before, set_since].into_iter().find(|at| (begin..=to).contains(at));
        Some(within.map_or(Crossing::Somewhere, |at| Crossing::At { from: begin, at }))
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
