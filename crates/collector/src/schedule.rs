//! When a router is polled next: the interval, the first staggered poll, back-off after failures. Pure; time and
//! chance are arguments.

use std::time::Duration;

/// Back-off after a failure never waits longer than this, or the interval where that is shorter.
const LONGEST_BACK_OFF: Duration = Duration::from_secs(60);
/// First wait after a failure.
const FIRST_BACK_OFF: Duration = Duration::from_secs(1);
/// The breaker: a refused password is tried again after this, and then after twice the time before, up to
/// [`LONGEST_REFUSAL`], for every try writes a line into the router's log (routeros.md §1.8). Other failures have none
/// (DESIGN, Polling): a router that comes back is read within the minute.
const AFTER_REFUSAL: Duration = Duration::from_secs(15 * 60);
/// See [`AFTER_REFUSAL`].
const LONGEST_REFUSAL: Duration = Duration::from_secs(12 * 3600);

/// What the last attempt came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A round was read.
    Read,
    /// The router could not be reached, or broke off.
    Failed,
    /// It refused our password, or its device is counted under another entry.
    Refused,
}

/// The plan for one router.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    interval: Duration,
    failures: u32,
    refusals: u32,
    staggered: bool,
}

impl Schedule {
    /// A router polled at once, then every `interval`.
    pub fn new(interval: Duration) -> Self {
        Schedule { interval, failures: 0, refusals: 0, staggered: false }
    }

    /// How long to wait after an attempt that took `took`. `chance` in [0, 1) spreads routers apart: the second poll
    /// comes anywhere within one interval, so that 500 routers added together are not polled together ever after.
    pub fn after(&mut self, outcome: Outcome, took: Duration, chance: f64) -> Duration {
        match outcome {
            Outcome::Read => {
                (self.failures, self.refusals) = (0, 0);
                let wait =
                    if self.staggered { self.interval } else { self.interval.mul_f64(0.5 + chance / 2.0) };
                self.staggered = true;
                wait.saturating_sub(took)
            }
            Outcome::Failed => {
                self.failures = self.failures.saturating_add(1);
                let doubled = FIRST_BACK_OFF.saturating_mul(1 << self.failures.min(10).saturating_sub(1));
                let most = LONGEST_BACK_OFF.min(self.interval);
                doubled.min(most).mul_f64(0.75 + chance / 4.0)
            }
            Outcome::Refused => {
                let doubled = AFTER_REFUSAL.saturating_mul(1 << self.refusals.min(10));
                self.refusals = self.refusals.saturating_add(1);
                doubled.min(LONGEST_REFUSAL).mul_f64(0.75 + chance / 2.0)
            }
        }
    }

    /// Failures in a row.
    pub fn failures(&self) -> u32 {
        self.failures
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn the_second_poll_is_spread_and_the_later_ones_keep_the_interval() {
        let mut schedule = Schedule::new(5 * MINUTE);
        assert_eq!(schedule.after(Outcome::Read, Duration::ZERO, 0.0), 5 * MINUTE / 2);
        assert_eq!(
            schedule.after(Outcome::Read, Duration::from_secs(1), 0.7),
            5 * MINUTE - Duration::from_secs(1)
        );
    }

    #[test]
    fn failures_back_off_to_at_most_a_minute_or_the_interval() {
        let mut schedule = Schedule::new(5 * MINUTE);
        let waits: Vec<_> = (0..12).map(|_| schedule.after(Outcome::Failed, Duration::ZERO, 0.999)).collect();
        assert!(waits[0] < Duration::from_secs(2), "{:?}", waits[0]);
        assert!(waits.iter().all(|wait| *wait <= MINUTE), "{waits:?}");
        let mut brisk = Schedule::new(Duration::from_secs(5));
        let longest = (0..12).map(|_| brisk.after(Outcome::Failed, Duration::ZERO, 0.999)).max().unwrap();
        assert!(longest <= Duration::from_secs(5), "{longest:?}");
    }

    #[test]
    fn a_refused_password_is_not_retried_in_a_loop() {
        let mut schedule = Schedule::new(MINUTE);
        let waits: Vec<_> = (0..12).map(|_| schedule.after(Outcome::Refused, Duration::ZERO, 0.0)).collect();
        assert!(waits[0] > 10 * MINUTE && waits[1] > 20 * MINUTE, "{waits:?}");
        assert!(waits[11] > 8 * 60 * MINUTE && waits[11] <= 18 * 60 * MINUTE, "{waits:?}");
        schedule.after(Outcome::Read, Duration::ZERO, 0.0);
        assert!(schedule.after(Outcome::Refused, Duration::ZERO, 0.0) < 20 * MINUTE);
    }

    #[test]
    fn a_success_forgets_earlier_failures() {
        let mut schedule = Schedule::new(MINUTE);
        schedule.after(Outcome::Failed, Duration::ZERO, 0.5);
        schedule.after(Outcome::Read, Duration::ZERO, 0.5);
        assert_eq!(schedule.failures(), 0);
    }
}
