//! How much can have passed unseen: link speed times unseen time (DESIGN rule 9), and which growth is impossible
//! (rule 10).

use crate::ledger::Unseen;
use crate::octets::Octets;

/// Without a configured link speed, growth beyond this is still impossible: 100 Gbit/s in each direction.
const IMPOSSIBLE_BPS: u64 = 100_000_000_000;

/// The configured speed of a router's subscriber-facing link in bit/s, for each direction; `None` when nobody
/// configured one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinkSpeed(pub Option<u64>);

impl LinkSpeed {
    /// At most this many octets passed in `seconds`, both directions together; `None` = unbounded.
    pub fn upper_octets(self, seconds: u64) -> Option<u64> {
        self.0.map(|bps| octets_at(bps, seconds).saturating_mul(2))
    }

    /// What stayed unseen for `seconds`; unknown length is unbounded.
    pub fn unseen(self, seconds: Option<u64>) -> Unseen {
        Unseen {
            micros: seconds.map(|seconds| seconds.saturating_mul(1_000_000)),
            upper_octets: seconds.and_then(|seconds| self.upper_octets(seconds)),
        }
    }

    /// True when no link of this speed can have carried `delta` in `seconds` (`None`: the time is unknown, so
    /// nothing is impossible).
    pub fn is_impossible(self, delta: Octets, seconds: Option<u64>) -> bool {
        let Some(seconds) = seconds else { return false };
        let most = octets_at(self.0.unwrap_or(IMPOSSIBLE_BPS), seconds.max(1));
        delta.input > most || delta.output > most
    }
}

/// Octets that `bps` carries in `seconds`, capped at what a database integer holds.
fn octets_at(bps: u64, seconds: u64) -> u64 {
    let octets = u128::from(bps) * u128::from(seconds) / 8;
    u64::try_from(octets).unwrap_or(u64::MAX).min(i64::MAX as u64 / 4)
}

/// What a counter that was already running can hide: never more than its own value.
pub fn capped(unseen: Unseen, value: Octets) -> Unseen {
    let most = value.both();
    Unseen { upper_octets: Some(unseen.upper_octets.map_or(most, |upper| upper.min(most))), ..unseen }
}

/// The bound without what was counted of it.
pub(crate) fn less(unseen: Unseen, counted: Octets) -> Unseen {
    Unseen { upper_octets: unseen.upper_octets.map(|upper| upper.saturating_sub(counted.both())), ..unseen }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speed_times_time_counts_both_directions() {
        assert_eq!(LinkSpeed(Some(8_000)).upper_octets(10), Some(20_000));
        assert_eq!(LinkSpeed(None).upper_octets(10), None);
    }

    #[test]
    fn growth_above_link_speed_is_impossible_and_at_it_is_not() {
        let link = LinkSpeed(Some(8_000));
        assert!(!link.is_impossible(Octets::new(10_000, 10_000), Some(10)));
        assert!(link.is_impossible(Octets::new(10_001, 0), Some(10)));
        assert!(link.is_impossible(Octets::new(0, 10_001), Some(10)));
        assert!(!link.is_impossible(Octets::new(u64::MAX, 0), None));
    }

    #[test]
    fn a_running_counter_hides_no_more_than_its_value() {
        let unbounded = LinkSpeed(None).unseen(Some(60));
        assert_eq!(capped(unbounded, Octets::new(5, 6)).upper_octets, Some(11));
        let tight = LinkSpeed(Some(8)).unseen(Some(1));
        assert_eq!(capped(tight, Octets::new(5, 6)).upper_octets, Some(2));
    }
}
