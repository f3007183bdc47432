//! Wrong codes, counted by who tried: some are free, the next one locks for a while, and each further one for twice as long. Pure: time is
//! an argument.
//!
//! A try counts from its beginning and is taken back when it was right, so that whoever sends many at once is counted for all of them.
//! Success does not wipe out what was wrong before: whoever has one right code could go on guessing between two uses of it.

use std::hash::Hash;

use crate::bounded::Bounded;

/// How wrong tries are slowed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// So many wrong ones until it is locked.
    pub(crate) free: u32,
    /// How long it is then, microseconds.
    pub(crate) lock_us: u64,
    /// How long at most, however many follow; after as long without a wrong one all is forgotten. Microseconds.
    pub(crate) longest_us: u64,
    /// So many are told apart.
    pub(crate) most: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Noted {
    wrong: u32,
    locked_until: u64,
}

/// Tries by whoever, or of whatever, they are.
#[derive(Debug)]
pub(crate) struct Tries<K> {
    rules: Rules,
    noted: Bounded<K, Noted>,
}

impl<K: Eq + Hash> Tries<K> {
    /// None yet.
    pub(crate) fn new(rules: Rules) -> Self {
        Tries { rules, noted: Bounded::new(rules.most) }
    }

    /// Begins one at `now` (microseconds of any clock that only goes forward). It is a wrong one unless [`Tries::was_right`] follows.
    ///
    /// # Errors
    /// The microseconds for which it is locked; nothing is counted then.
    pub(crate) fn begin(&mut self, who: K, now: u64) -> Result<(), u64> {
        let rules = self.rules;
        let noted = self.noted.of(who, |noted| rules.is_forgotten(noted, now));
        if rules.is_forgotten(noted, now) {
            *noted = Noted::default();
        }
        if noted.locked_until > now {
            return Err(noted.locked_until - now);
        }
        noted.wrong = noted.wrong.saturating_add(1);
        noted.locked_until = now + rules.lock(noted.wrong);
        Ok(())
    }

    /// The last one was not wrong, or nobody could tell.
    pub(crate) fn was_right(&mut self, who: K, now: u64) {
        let rules = self.rules;
        let noted = self.noted.of(who, |noted| rules.is_forgotten(noted, now));
        noted.wrong = noted.wrong.saturating_sub(1);
        noted.locked_until = now;
    }

    /// All that was wrong before is forgotten.
    pub(crate) fn forget(&mut self, who: &K) {
        self.noted.forget(who);
    }
}

impl Rules {
    fn lock(&self, wrong: u32) -> u64 {
        let Some(beyond) = wrong.checked_sub(self.free) else { return 0 };
        self.lock_us.saturating_mul(1_u64.checked_shl(beyond).unwrap_or(u64::MAX)).min(self.longest_us)
    }

    fn is_forgotten(&self, noted: &Noted, now: u64) -> bool {
        noted.wrong == 0 || now >= noted.locked_until.saturating_add(self.longest_us)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: Rules = Rules { free: 3, lock_us: 60, longest_us: 200, most: 10 };

    fn tries() -> Tries<&'static str> {
        Tries::new(RULES)
    }

    #[test]
    fn the_last_free_one_locks_and_each_further_one_twice_as_long() {
        let mut tries = tries();
        assert!((0..3).all(|_| tries.begin("a", 0).is_ok()));
        assert_eq!(tries.begin("a", 0), Err(60));
        assert_eq!(tries.begin("a", 59), Err(1), "knocking at a locked door changes nothing");
        assert_eq!((tries.begin("a", 60), tries.begin("a", 60)), (Ok(()), Err(120)));
        assert_eq!(
            (tries.begin("a", 180), tries.begin("a", 180)),
            (Ok(()), Err(200)),
            "never longer than that"
        );
        assert_eq!((tries.begin("a", 380), tries.begin("a", 380)), (Ok(()), Err(200)));
        assert!(tries.begin("b", 380).is_ok(), "another one is not locked");
    }

    #[test]
    fn a_right_one_is_taken_back_and_wipes_nothing_else_out() {
        let mut tries = tries();
        for _ in 0..2 {
            tries.begin("a", 0).unwrap();
        }
        for _ in 0..50 {
            tries.begin("a", 0).unwrap();
            tries.was_right("a", 0);
        }
        assert!(tries.begin("a", 0).is_ok());
        assert_eq!(tries.begin("a", 0), Err(60), "two wrong ones before, one after");
    }

    #[test]
    fn many_at_once_are_counted_before_any_is_answered() {
        let mut tries = tries();
        assert_eq!((0..100).filter(|_| tries.begin("a", 0).is_ok()).count(), 3);
    }

    #[test]
    fn what_was_wrong_long_ago_is_forgotten() {
        let mut tries = tries();
        assert!((0..3).all(|_| tries.begin("a", 0).is_ok()));
        assert!((0..3).all(|_| tries.begin("a", 260).is_ok()), "60 locked and 200 of quiet");
        assert_eq!(tries.begin("a", 260), Err(60));
    }

    /// More guessers than places: the memory stays, and none of them gets more tries by it.
    #[test]
    fn whoever_finds_no_place_is_counted_with_the_others() {
        let mut tries = Tries::new(Rules { most: 2, ..RULES });
        let let_in = (0..1_000).filter(|who| tries.begin(*who, 0).is_ok()).count();
        assert_eq!(let_in, 2 + 3);
    }
}
