//! Taking times, and comparing two of them fairly.

use std::time::{Duration, Instant};

use crate::figure::Result;

/// Timed rounds of each side.
pub(crate) const ROUNDS: usize = 5;

/// Runs `work` and says how long it took.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    #[expect(clippy::disallowed_methods, reason = "measuring time is what this program is for")]
    let began = Instant::now();
    let done = work();
    (done, began.elapsed())
}

/// Says how long `work` took from its first step on.
pub(crate) async fn timed_async(work: impl Future<Output = ()>) -> Duration {
    #[expect(clippy::disallowed_methods, reason = "measuring time is what this program is for")]
    let began = Instant::now();
    work.await;
    began.elapsed()
}

/// Medians of two sides that took turns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Medians {
    pub(crate) ours: Duration,
    pub(crate) bound: Duration,
}

impl Medians {
    /// How many times as fast as the bound we are.
    pub(crate) fn speed(&self) -> f64 {
        self.bound.as_secs_f64() / self.ours.as_secs_f64()
    }

    /// How many times as long as the bound we take.
    pub(crate) fn slowness(&self) -> f64 {
        self.ours.as_secs_f64() / self.bound.as_secs_f64()
    }
}

/// Lets both sides take turns. Each says how long its own round took, so that what it does around the work
/// (preparing, checking sums) is not in it. One turn before the first is not counted: caches and pages are cold.
pub(crate) fn alternate(
    mut ours: impl FnMut() -> Result<Duration>,
    mut bound: impl FnMut() -> Result<Duration>,
) -> Result<Medians> {
    ours()?;
    bound()?;
    let (mut ours_took, mut bound_took) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours_took.push(ours()?);
        bound_took.push(bound()?);
    }
    Ok(Medians { ours: median(ours_took), bound: median(bound_took) })
}

/// The middle one; of an even number, the later of the two in the middle.
pub(crate) fn median<T: Ord + Copy + Default>(mut values: Vec<T>) -> T {
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_one_is_taken() {
        assert_eq!(median(vec![5, 1, 9, 2, 3]), 3);
        assert_eq!(median(vec![7]), 7);
    }

    #[test]
    fn the_first_turn_does_not_count() {
        let mut turns = 0;
        let warm = |_: u32| Duration::from_millis(10);
        let ours = || {
            turns += 1;
            Ok(if turns == 1 { Duration::from_secs(9) } else { warm(turns) })
        };
        let medians = alternate(ours, || Ok(Duration::from_millis(5))).unwrap();
        assert!((medians.slowness() - 2.0).abs() < 1e-9 && (medians.speed() - 0.5).abs() < 1e-9);
    }
}
