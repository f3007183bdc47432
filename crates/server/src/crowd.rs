//! How many places each may hold: where anybody may come, nobody shall take all of them.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Who is here, by whatever they are told apart by. Clones count together.
pub(crate) struct Crowd<K: Eq + Hash> {
    most: u32,
    /// From so many in all each may hold only so few.
    pressed: Option<(u32, u32)>,
    here: Arc<Mutex<Here<K>>>,
}

struct Here<K> {
    all: u32,
    by: HashMap<K, u32>,
}

/// One of them; its place is free again when this is dropped.
pub(crate) struct Guest<K: Eq + Hash> {
    crowd: Crowd<K>,
    who: K,
}

impl<K: Eq + Hash + Clone> Crowd<K> {
    /// So many places for each.
    pub(crate) fn of(most: u32) -> Self {
        let here = Here { all: 0, by: HashMap::new() };
        Crowd { most, pressed: None, here: Arc::new(Mutex::new(here)) }
    }

    /// However many.
    pub(crate) fn of_any_size() -> Self {
        Crowd::of(u32::MAX)
    }

    /// The same, with `few` places for each while there are `all` or more: who comes later finds one too. Who holds more keeps them.
    pub(crate) fn pressed_from(self, all: u32, few: u32) -> Self {
        Crowd { pressed: Some((all, few)), ..self }
    }

    /// `None` where they hold as many as they may.
    pub(crate) fn enter(&self, who: K) -> Option<Guest<K>> {
        let mut here = self.here();
        let most = self.pressed.filter(|(all, _)| here.all >= *all).map_or(self.most, |(_, few)| few);
        if here.by.get(&who).is_some_and(|held| *held >= most) {
            return None;
        }
        *here.by.entry(who.clone()).or_default() += 1;
        here.all += 1;
        drop(here);
        Some(Guest { crowd: self.clone(), who })
    }

    /// All who are here.
    pub(crate) fn len(&self) -> u32 {
        self.here().all
    }
}

impl<K: Eq + Hash> Crowd<K> {
    fn here(&self) -> MutexGuard<'_, Here<K>> {
        self.here.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash> Clone for Crowd<K> {
    fn clone(&self) -> Self {
        Crowd { most: self.most, pressed: self.pressed, here: Arc::clone(&self.here) }
    }
}

impl<K: Eq + Hash> Drop for Guest<K> {
    fn drop(&mut self) {
        let mut here = self.crowd.here();
        here.all = here.all.saturating_sub(1);
        if let Some(held) = here.by.get_mut(&self.who) {
            *held -= 1;
            if *held == 0 {
                here.by.remove(&self.who);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_their_places_and_gives_them_back() {
        let crowd = Crowd::of(2);
        let (first, second) = (crowd.enter("one"), crowd.enter("one"));
        assert!(first.is_some() && second.is_some() && crowd.enter("one").is_none());
        assert!(crowd.enter("other").is_some(), "another one has their own");
        assert_eq!(crowd.len(), 2);
        drop(first);
        assert!(crowd.enter("one").is_some());
        drop(second);
        assert!(crowd.here().by.is_empty() && crowd.len() == 0, "nothing is kept of who has gone");
    }

    #[test]
    fn where_many_are_each_holds_few() {
        let crowd = Crowd::of(5).pressed_from(6, 1);
        let greedy: Vec<_> = (0..5).map_while(|_| crowd.enter(0)).collect();
        assert_eq!(greedy.len(), 5);
        let others: Vec<_> = (1..9).flat_map(|who| [crowd.enter(who), crowd.enter(who)]).flatten().collect();
        assert_eq!(others.len(), 8, "each of them finds one place");
        assert!(crowd.enter(0).is_none());
        drop(others);
        drop(greedy);
        let again: Vec<_> = (0..9).map_while(|_| crowd.enter(0)).collect();
        assert_eq!(again.len(), 5, "there is room again");
    }
}
