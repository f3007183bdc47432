//! How fast somebody may ask: some requests at once, then one in a stated time. Pure: time is an argument.

use std::hash::Hash;

use crate::bounded::Bounded;

/// Requests by whoever sends them.
#[derive(Debug)]
pub(super) struct Pace<K> {
    /// One request in so many microseconds, in the long run.
    every_us: u64,
    /// So many may come at once.
    at_once: u64,
    /// When all that was asked so far is paid for, microseconds.
    paid_at: Bounded<K, u64>,
}

impl<K: Eq + Hash> Pace<K> {
    /// For at most `most` askers that are told apart.
    pub(super) fn new(every_us: u64, at_once: u64, most: usize) -> Self {
        Pace { every_us, at_once, paid_at: Bounded::new(most) }
    }

    /// One more request at `now` (microseconds of any clock that only goes forward).
    ///
    /// # Errors
    /// The microseconds until the next one is taken; this one is not counted.
    pub(super) fn take(&mut self, who: K, now: u64) -> Result<(), u64> {
        let paid_at = self.paid_at.of(who, |paid_at| *paid_at <= now);
        let then = (*paid_at).max(now) + self.every_us;
        let latest = now + self.every_us * self.at_once;
        if then > latest {
            return Err(then - latest);
        }
        *paid_at = then;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_at_once_and_then_one_in_its_time() {
        let mut pace = Pace::new(1_000, 3, 10);
        let taken = |pace: &mut Pace<u8>, who, now| pace.take(who, now).is_ok();
        assert!((0..3).all(|_| taken(&mut pace, 1, 0)));
        assert_eq!(pace.take(1, 0), Err(1_000));
        assert_eq!(pace.take(1, 400), Err(600), "who is refused is not set back further");
        assert!(taken(&mut pace, 2, 400), "another one is not held back");
        assert!(taken(&mut pace, 1, 1_000));
        assert!(!taken(&mut pace, 1, 1_999));
        assert!(
            (0..3).all(|_| taken(&mut pace, 1, 9_000)) && !taken(&mut pace, 1, 9_000),
            "rest is not saved up"
        );
    }
}
