//! Which simple queue traffic meets first, without going through them all.

use rustc_hash::FxHashMap;

use super::target::{Prefix, Target};

/// The open queues in the menu's order, by what they are aimed at.
#[derive(Debug, Default)]
pub(super) struct Finder {
    /// Single addresses and interfaces, each with the place and the item of the first queue that has it.
    exact: FxHashMap<Target, (usize, u32)>,
    /// The other prefixes, in order.
    wide: Vec<(Prefix, (usize, u32))>,
}

impl Finder {
    /// Queues must come in the menu's order.
    pub(super) fn add(&mut self, place: usize, item: u32, target: &Target) {
        match target {
            Target::Prefix(prefix) if !prefix.is_host() => self.wide.push((*prefix, (place, item))),
            _ => _ = self.exact.entry(target.clone()).or_insert((place, item)),
        }
    }

    /// The item of the first queue that is aimed at one of these.
    pub(super) fn first(&self, places: &[Target]) -> Option<u32> {
        places.iter().filter_map(|place| self.first_at(place)).min().map(|(_, item)| item)
    }

    fn first_at(&self, place: &Target) -> Option<(usize, u32)> {
        let exact = self.exact.get(place).copied();
        let Target::Prefix(narrow) = place else { return exact };
        let wide = self.wide.iter().find(|(prefix, _)| prefix.holds(*narrow)).map(|(_, found)| *found);
        exact.into_iter().chain(wide).min()
    }
}
