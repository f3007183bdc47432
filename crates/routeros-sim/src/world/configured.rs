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
}

/// One configurable table.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    items: Vec<Item>,
    live: BTreeSet<u32>,
}

impl Item {
    pub(crate) fn get(&self, name: &str) -> Option<&[u8]> {
        self.settings.get(name).map(Vec::as_slice)
    }
}

impl Rows {
    /// A table that nobody wrote to.
    pub(crate) const NONE: Self = Self { items: Vec::new(), live: BTreeSet::new() };

    /// A new item; its `.id` is `*1` for the first, counted on, as captured (routeros.md §7 capture 8).
    pub(crate) fn add(&mut self, settings: Settings) -> u32 {
        let item = u32::try_from(self.items.len()).expect("no script adds four thousand million items");
        self.items.push(Item { id: u64::from(item) + 1, settings });
        self.live.insert(item);
        item
    }

    pub(crate) fn item_mut(&mut self, item: u32) -> &mut Item {
        &mut self.items[item as usize]
    }

    /// Whether it was there.
    pub(crate) fn remove(&mut self, item: u32) -> bool {
        self.live.remove(&item)
    }

    pub(crate) fn item(&self, item: u32) -> &Item {
        &self.items[item as usize]
    }

    /// Whether it is there and not removed.
    pub(crate) fn has(&self, item: u32) -> bool {
        self.live.contains(&item)
    }

    /// The item after the given one, or the first.
    pub(crate) fn next(&self, after: Option<u32>) -> Option<u32> {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        self.live.range((from, Bound::Unbounded)).next().copied()
    }

    /// The first item that `is` so.
    pub(crate) fn find(&self, is: impl Fn(&Item) -> bool) -> Option<u32> {
        self.live.iter().copied().find(|&item| is(self.item(item)))
    }
}
