//! Notes about many that never take more memory than was planned: who finds no place shares one with all others who found none.

use std::collections::HashMap;
use std::hash::Hash;

/// What is noted, by whom it is about.
#[derive(Debug)]
pub(crate) struct Bounded<K, V> {
    most: usize,
    known: HashMap<K, V>,
    others: V,
}

impl<K: Eq + Hash, V: Default> Bounded<K, V> {
    /// Places for so many.
    pub(crate) fn new(most: usize) -> Self {
        Bounded { most, known: HashMap::new(), others: V::default() }
    }

    /// What is noted of `who`. Where every place is taken, those of which `is_over` holds make room.
    pub(crate) fn of(&mut self, who: K, is_over: impl Fn(&V) -> bool) -> &mut V {
        if self.is_full_for(&who) {
            self.known.retain(|_, noted| !is_over(noted));
        }
        if self.is_full_for(&who) {
            return &mut self.others;
        }
        self.known.entry(who).or_default()
    }

    /// Forgets what is noted of `who`; what those share who found no place stays.
    pub(crate) fn forget(&mut self, who: &K) {
        self.known.remove(who);
    }

    fn is_full_for(&self, who: &K) -> bool {
        self.known.len() >= self.most && !self.known.contains_key(who)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_never_more_places_than_were_planned() {
        let mut notes: Bounded<u32, u32> = Bounded::new(2);
        for who in 0..1_000 {
            *notes.of(who, |_| false) += 1;
        }
        assert_eq!(notes.known.len(), 2);
        assert_eq!((*notes.of(0, |_| false), *notes.of(1, |_| false)), (1, 1), "who has a place keeps it");
        assert_eq!(*notes.of(5_000, |_| false), 998, "all others share one");
    }

    #[test]
    fn what_is_over_makes_room() {
        let mut notes: Bounded<u32, u32> = Bounded::new(2);
        *notes.of(1, |_| false) = 7;
        *notes.of(2, |_| false) = 8;
        *notes.of(3, |noted| *noted == 7) = 9;
        assert_eq!((notes.known.get(&1), notes.known.get(&3)), (None, Some(&9)));
    }
}
