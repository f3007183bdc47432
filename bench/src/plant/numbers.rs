//! Who the subscribers are and what their counters show, by formula.

use accounting::Octets;

use crate::sums::Sums;

/// Ids of dynamic interfaces begin here (routeros.md §7 (17)).
const FIRST_ID: u64 = 0xF0_0000;

/// Id of the interface of subscriber `i`.
pub(crate) fn handle(i: u32) -> u64 {
    FIRST_ID + u64::from(i)
}

/// Login of subscriber `i`.
pub(crate) fn login(i: u32) -> String {
    format!("user{i:05}")
}

/// Name of the interface of subscriber `i`.
pub(crate) fn interface(i: u32) -> String {
    format!("<pppoe-user{i:05}>")
}

/// What the counter of subscriber `i` shows in round `round`: numbers of eleven digits, all of them moving.
pub(crate) fn octets(i: u32, round: u32) -> Octets {
    let (i, round) = (u64::from(i), u64::from(round));
    let input = 11_968_989_292 + i * 7_919 + round * (1_000_003 + i);
    let output = 15_358_415_653 + i * 104_729 + round * (10_000_019 + 3 * i);
    Octets::new(input, output)
}

/// The counters of `sessions` subscribers in round `round`, added up.
pub(crate) fn sums(sessions: u32, round: u32) -> Sums {
    let mut sums = Sums::default();
    for i in 0..sessions {
        sums.add(octets(i, round));
    }
    sums
}

/// What they gained between two rounds.
pub(crate) fn gained(sessions: u32, from: u32, to: u32) -> Octets {
    sums(sessions, to).octets.saturating_sub(sums(sessions, from).octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_have_eleven_digits_and_all_move() {
        for (i, round) in [(0, 0), (99_999, 0), (0, 80), (99_999, 80)] {
            for value in [octets(i, round).input, octets(i, round).output] {
                assert_eq!(value.to_string().len(), 11, "{value}");
            }
            assert!(octets(i, round + 1).grown_since(octets(i, round)).is_some_and(|grown| grown.input > 0));
        }
    }

    #[test]
    fn what_was_gained_is_the_sum_of_what_each_gained() {
        let each: Octets = (0..50).filter_map(|i| octets(i, 5).grown_since(octets(i, 2))).sum();
        assert_eq!(gained(50, 2, 5), each);
    }
}
