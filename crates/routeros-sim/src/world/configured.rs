//! Tables that clients fill, such as `/ppp/secret`: rows of settings that outlive a reboot.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

/// What is set on one item, by property name; a property that is not set is not there.
pub(crate) type Settings = BTreeMap<&'static str, Vec<u8>>;

/// One row of a configurable table. It stays after its removal, for those who are still to hear of it.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) id: u64,
    pub(crate) settings: Settings,
    /// Where it stands or stood among the others.
    rank: i64,
}

/// Where a new item goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    First,
    /// Before this item.
    Before(u32),
    Last,
}

/// Room that is left between two items for others to be put there.
const GAP: i64 = 1 << 20;

/// One configurable table.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    items: Vec<Item>,
    /// Those that are there, in order.
    live: BTreeMap<i64, u32>,
}

impl Item {
    pub(crate) fn get(&self, name: &str) -> Option<&[u8]> {
        self.settings.get(name).map(Vec::as_slice)
    }

    /// Whether the router made it itself, so that clients cannot change it (routeros.md §7 capture 41).
    pub(crate) fn is_dynamic(&self) -> bool {
        self.get("dynamic") == Some(b"true")
    }
}

impl Rows {
    /// A table that nobody wrote to.
    pub(crate) const NONE: Self = Self { items: Vec::new(), live: BTreeMap::new() };

    /// A new item; its `.id` is `*1` for the first, counted on, as captured (routeros.md §7 capture 8).
    pub(crate) fn add(&mut self, settings: Settings, place: Place) -> u32 {
        let rank = self.rank_at(place);
        let item = u32::try_from(self.items.len()).expect("no script adds four thousand million items");
        self.items.push(Item { id: u64::from(item) + 1, settings, rank });
        self.live.insert(rank, item);
        item
    }

    pub(crate) fn item_mut(&mut self, item: u32) -> &mut Item {
        &mut self.items[item as usize]
    }

    /// Whether it was there.
    pub(crate) fn remove(&mut self, item: u32) -> bool {
        let rank = self.item(item).rank;
        self.has(item) && self.live.remove(&rank).is_some()
    }

    pub(crate) fn item(&self, item: u32) -> &Item {
        &self.items[item as usize]
    }

    /// Whether it is there and not removed.
    pub(crate) fn has(&self, item: u32) -> bool {
        self.items.get(item as usize).is_some_and(|row| self.live.get(&row.rank) == Some(&item))
    }

    /// The item after the given one, or the first.
    pub(crate) fn next(&self, after: Option<u32>) -> Option<u32> {
        let from = after.map_or(Bound::Unbounded, |after| Bound::Excluded(self.item(after).rank));
        self.live.range((from, Bound::Unbounded)).next().map(|(_, &item)| item)
    }

    /// The first item that `is` so.
    pub(crate) fn find(&self, is: impl Fn(&Item) -> bool) -> Option<u32> {
        self.live.values().copied().find(|&item| is(self.item(item)))
    }

    fn rank_at(&mut self, place: Place) -> i64 {
        match place {
            Place::First => self.live.first_key_value().map_or(0, |(rank, _)| rank - GAP),
            Place::Last => self.live.last_key_value().map_or(0, |(rank, _)| rank + GAP),
            Place::Before(item) => self.rank_between(item),
        }
    }

    fn rank_between(&mut self, item: u32) -> i64 {
        let behind = self.item(item).rank;
        let Some((before, _)) = self.live.range(..behind).next_back() else { return behind - GAP };
        if behind - before > 1 {
            return before + (behind - before) / 2;
        }
        self.make_room();
        self.rank_between(item)
    }

    fn make_room(&mut self) {
        let there: BTreeSet<u32> = std::mem::take(&mut self.live).into_values().collect();
        let mut in_order: Vec<usize> = (0..self.items.len()).collect();
        in_order.sort_by_key(|&item| self.items[item].rank);
        let ranks = std::iter::successors(Some(0), |rank| Some(rank + GAP));
        for (rank, item) in ranks.zip(in_order) {
            self.items[item].rank = rank;
            if let Some(item) = u32::try_from(item).ok().filter(|item| there.contains(item)) {
                self.live.insert(rank, item);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, Rows, Settings};

    fn in_order(rows: &Rows) -> Vec<u32> {
        std::iter::successors(rows.next(None), |item| rows.next(Some(*item))).collect()
    }

    #[test]
    fn items_stand_where_they_were_put_however_often_others_are_put_between() {
        let mut rows = Rows::default();
        for place in [Place::Last, Place::Last, Place::First, Place::Before(1)] {
            rows.add(Settings::new(), place);
        }
        assert_eq!(in_order(&rows), [2, 0, 3, 1]);
        assert!(rows.remove(0) && !rows.remove(0) && !rows.has(0));
        let mut expected = vec![2, 3];
        for _ in 0..100 {
            expected.push(rows.add(Settings::new(), Place::Before(1)));
        }
        expected.push(1);
        assert_eq!(in_order(&rows), expected, "room was made more than once");
        assert_eq!(rows.next(Some(0)), Some(3), "a print goes on behind what is removed meanwhile");
        assert!(expected.iter().all(|&item| rows.has(item)));
    }
}
