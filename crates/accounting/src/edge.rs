//! The edge between two cycles that no reading marked: what a counter gained across it is split by time (rule 11).

use crate::ledger::Unseen;
use crate::octets::Octets;
use crate::table::Table;
use crate::time::Micros;

/// A renewal at which a router could not be read. It is settled once every counter of the login was read, or ended, by a
/// round that began after it and looked where the login's counters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Row of the login whose subscriber renewed.
    pub login: i64,
    /// The cycle that closed.
    pub cycle: i64,
    /// When it closed (our clock).
    pub at: Micros,
    /// Where the login's counters are ([`crate::source::source_of_login`]).
    pub table: Table,
    /// The version of the bindings that it came with: what was read under an earlier one may be of before it.
    pub since: u64,
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
