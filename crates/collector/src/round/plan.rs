//! Whether a round must find out whose counters it saw, and how: decided from what is known, without I/O.

use crate::round::difference::Difference;

/// Unknown counters up to this many are looked up by query; more by printing the tables whole.
pub const MOST_LOOKED_UP: usize = 64;

/// While static bindings exist, the tables are printed whole in every so-manieth round: a binding's session can
/// change without any trace in the counter table. So does a server menu that comes back.
pub const FULL_EVERY: u32 = 3;

/// What a round knows after its counter print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Situation<'a> {
    /// No round of this connection has succeeded yet.
    pub first: bool,
    /// The accounting wants the tables.
    pub forced: bool,
    /// The router has static bindings, or something else of it changes without any trace in the counter table.
    pub traceless: bool,
    /// Rounds since the tables were last printed whole.
    pub rounds_since_full: u32,
    /// Against the previous counter print.
    pub difference: &'a Difference,
    /// Rows known from before whose owner was not found yet.
    pub unowned: usize,
}

/// How to find out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identify {
    /// Nothing changed that needs it.
    No,
    /// Look up the unknown and unowned rows only.
    Narrow,
    /// Print the tables whole: only that can show an absence.
    Full,
}

/// Decides.
pub fn plan(situation: Situation<'_>) -> Identify {
    let Situation { difference, .. } = situation;
    let to_find = difference.unknown.len() + situation.unowned;
    let due = situation.traceless && situation.rounds_since_full + 1 >= FULL_EVERY;
    // A row that vanished needs no owner table: absence is judged by the counter table alone. A drop may be a
    // binding's new session.
    let reset = difference.dropped > 0;
    if situation.first || situation.forced || due || reset || to_find > MOST_LOOKED_UP {
        Identify::Full
    } else if to_find > 0 {
        Identify::Narrow
    } else {
        Identify::No
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quiet(difference: &Difference) -> Situation<'_> {
        Situation {
            first: false,
            forced: false,
            traceless: false,
            rounds_since_full: 9,
            difference,
            unowned: 0,
        }
    }

    fn changed(unknown: usize, vanished: usize, dropped: usize) -> Difference {
        Difference { unknown: (0..unknown).collect(), vanished, dropped }
    }

    #[test]
    fn a_quiet_round_asks_nothing_more() {
        assert_eq!(plan(quiet(&changed(0, 0, 0))), Identify::No);
    }

    #[test]
    fn the_first_round_and_a_forced_one_print_all() {
        let none = changed(0, 0, 0);
        assert_eq!(plan(Situation { first: true, ..quiet(&none) }), Identify::Full);
        assert_eq!(plan(Situation { forced: true, ..quiet(&none) }), Identify::Full);
    }

    #[test]
    fn few_arrivals_are_looked_up_and_many_printed() {
        assert_eq!(plan(quiet(&changed(64, 0, 0))), Identify::Narrow);
        assert_eq!(plan(quiet(&changed(65, 0, 0))), Identify::Full);
        let some = changed(60, 0, 0);
        assert_eq!(plan(Situation { unowned: 5, ..quiet(&some) }), Identify::Full);
    }

    #[test]
    fn an_unowned_row_is_looked_up_again() {
        let none = changed(0, 0, 0);
        assert_eq!(plan(Situation { unowned: 1, ..quiet(&none) }), Identify::Narrow);
    }

    #[test]
    fn a_reset_prints_all_and_an_end_by_itself_nothing() {
        assert_eq!(plan(quiet(&changed(0, 0, 1))), Identify::Full);
        assert_eq!(plan(quiet(&changed(0, 1, 0))), Identify::No);
        assert_eq!(plan(quiet(&changed(1, 1, 0))), Identify::Narrow);
    }

    #[test]
    fn bindings_are_looked_at_every_third_round() {
        let none = changed(0, 0, 0);
        let after =
            |rounds_since_full| plan(Situation { traceless: true, rounds_since_full, ..quiet(&none) });
        assert_eq!([after(0), after(1), after(2)], [Identify::No, Identify::No, Identify::Full]);
    }
}
