//! The order of those who move: of all sessions of all routers the first few, without sorting the rest.

use std::cmp::Reverse;

use accounting::growth::{Growth, Window};
use store::NasId;

/// By what they are ranked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TopSort {
    /// What the router received from them.
    Upload,
    /// What the router sent to them.
    Download,
    /// Both together.
    Total,
}

/// Somebody who moves, not named yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mover {
    pub(super) nas: NasId,
    pub(super) window: Window,
    pub(super) growth: Growth,
}

impl Mover {
    pub(super) fn upload_bps(&self) -> u64 {
        self.window.bps(self.growth.octets.input)
    }

    pub(super) fn download_bps(&self) -> u64 {
        self.window.bps(self.growth.octets.output)
    }

    /// Whoever moves more comes first; equal ones in an order that stays.
    fn place(&self, sort: TopSort) -> (Reverse<u64>, NasId, u64) {
        let bps = match sort {
            TopSort::Upload => self.upload_bps(),
            TopSort::Download => self.download_bps(),
            TopSort::Total => self.window.bps(self.growth.octets.both()),
        };
        (Reverse(bps), self.nas, self.growth.session)
    }
}

/// The first `most` in their order; all of them for `None`.
pub(super) fn first(movers: Vec<Mover>, sort: TopSort, most: Option<usize>) -> Vec<Mover> {
    // Each rate is worked out once, and not with every comparison.
    let mut placed: Vec<_> = movers.into_iter().map(|mover| (mover.place(sort), mover)).collect();
    if let Some(most) = most.filter(|most| *most < placed.len()) {
        placed.select_nth_unstable_by_key(most, |(place, _)| *place);
        placed.truncate(most);
    }
    placed.sort_unstable_by_key(|(place, _)| *place);
    placed.into_iter().map(|(_, mover)| mover).collect()
}

/// The `most` of each order among the sessions of one router, each once, by session.
pub(super) fn foremost(sessions: &[Growth], most: usize) -> Vec<Growth> {
    let orders: [fn(&Growth) -> u64; 3] =
        [|one| one.octets.input, |one| one.octets.output, |one| one.octets.both()];
    let mut chosen: Vec<Growth> = Vec::new();
    for order in orders {
        let mut all: Vec<&Growth> = sessions.iter().collect();
        let place = |one: &&Growth| (Reverse(order(one)), one.session);
        if most < all.len() {
            all.select_nth_unstable_by_key(most, place);
            all.truncate(most);
        }
        chosen.extend(all);
    }
    chosen.sort_unstable_by_key(|one| one.session);
    chosen.dedup_by_key(|one| one.session);
    chosen
}

#[cfg(test)]
mod tests {
    use accounting::Octets;
    use accounting::time::Micros;

    use super::*;

    fn mover(nas: i64, session: u64, seconds: u64, octets: (u64, u64)) -> Mover {
        let window = Window { from: Micros(0), to: Micros(0), micros: seconds * 1_000_000 };
        let octets = Octets::new(octets.0, octets.1);
        Mover { nas: NasId(nas), window, growth: Growth { session, octets, at_least: false } }
    }

    fn order(sort: TopSort, most: Option<usize>) -> Vec<u64> {
        let movers = vec![
            mover(1, 1, 10, (500, 100)),
            mover(2, 2, 60, (600, 60_000)),
            mover(1, 3, 10, (100, 9_000)),
            mover(1, 4, 10, (100, 100)),
            mover(1, 5, 10, (100, 100)),
        ];
        first(movers, sort, most).iter().map(|mover| mover.growth.session).collect()
    }

    #[test]
    fn rates_are_compared_and_not_octets() {
        assert_eq!(order(TopSort::Upload, None), [1, 3, 4, 5, 2]);
        assert_eq!(order(TopSort::Download, None), [2, 3, 1, 4, 5]);
        assert_eq!(order(TopSort::Total, None), [2, 3, 1, 4, 5]);
    }

    #[test]
    fn whoever_is_foremost_in_any_order_is_told_once() {
        let of =
            |session, input, output| Growth { session, octets: Octets::new(input, output), at_least: false };
        let all = [of(1, 9, 0), of(2, 0, 10), of(3, 8, 8), of(4, 1, 1), of(5, 9, 0)];
        let told = |most| foremost(&all, most).iter().map(|one| one.session).collect::<Vec<_>>();
        assert_eq!(told(1), [1, 2, 3]);
        assert_eq!(told(2), [1, 2, 3, 5]);
        assert_eq!((told(0), told(9)), (vec![], vec![1, 2, 3, 4, 5]));
    }

    #[test]
    fn the_first_few_are_the_first_of_all() {
        for most in 0..6 {
            assert_eq!(order(TopSort::Upload, Some(most)), order(TopSort::Upload, None)[..most.min(5)]);
        }
    }
}
