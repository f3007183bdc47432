//! What a router is asked at most for the sake of those who look, and how often: less when it has much to do.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// Commands within [`WINDOW`]. Overflow rule: what is due waits until there is room.
const MOST_COMMANDS: usize = 120;
const WINDOW: Duration = Duration::from_secs(60);

/// A router whose processors are this busy, in percent, is asked less...
const HIGH: u64 = 90;
/// ... and as often as before when they are no busier than this.
const LOW: u64 = 70;
/// So many answers in a row are believed: a load is that of one moment.
const ANSWERS: u32 = 2;

/// How often a router is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// As people want it.
    Usual,
    /// It has much to do.
    Slow,
}

impl Pace {
    /// Between two samples of a `monitor-traffic`, which takes 5 s at most.
    pub(super) fn of_samples(self) -> Duration {
        match self {
            Pace::Usual => Duration::from_secs(1),
            Pace::Slow => Duration::from_secs(5),
        }
    }

    /// Between two readings of a counter. PPP counters advance in bursts (routeros.md §2.6), so never each second.
    pub(super) fn of_differences(self) -> Duration {
        match self {
            Pace::Usual => Duration::from_secs(5),
            Pace::Slow => Duration::from_secs(15),
        }
    }
}

/// See the module.
#[derive(Debug)]
pub struct Budget {
    sent: VecDeque<Instant>,
    pace: Pace,
    load: Option<u64>,
    /// Answers in a row that speak for the other pace.
    against: u32,
}

impl Default for Budget {
    fn default() -> Self {
        Budget { sent: VecDeque::new(), pace: Pace::Usual, load: None, against: 0 }
    }
}

impl Budget {
    /// Commands were sent.
    pub(super) fn count(&mut self, commands: usize, now: Instant) {
        self.forget(now);
        self.sent.extend(std::iter::repeat_n(now, commands));
    }

    /// When one more may be sent: at once, or when the oldest is a minute old.
    pub(super) fn room_at(&self, now: Instant) -> Instant {
        let beyond = self.sent.len().checked_sub(MOST_COMMANDS);
        let oldest = beyond.and_then(|beyond| self.sent.get(beyond));
        oldest.map_or(now, |oldest| *oldest + WINDOW).max(now)
    }

    /// Commands sent within the last minute.
    pub fn commands(&mut self, now: Instant) -> usize {
        self.forget(now);
        self.sent.len()
    }

    /// How busy the router's processors are, in percent; `true` when the pace changes.
    pub(super) fn hears_load(&mut self, percent: u64) -> bool {
        self.load = Some(percent);
        let other = match self.pace {
            Pace::Usual => percent >= HIGH,
            Pace::Slow => percent <= LOW,
        };
        self.against = if other { self.against + 1 } else { 0 };
        if self.against < ANSWERS {
            return false;
        }
        self.against = 0;
        self.pace = match self.pace {
            Pace::Usual => Pace::Slow,
            Pace::Slow => Pace::Usual,
        };
        true
    }

    /// Nobody is watched: how busy it is will be asked anew.
    pub(super) fn rests(&mut self) {
        (self.pace, self.load, self.against) = (Pace::Usual, None, 0);
    }

    /// How often it is asked now.
    pub fn pace(&self) -> Pace {
        self.pace
    }

    /// How busy its processors were, in percent, when it was asked last.
    pub fn load(&self) -> Option<u64> {
        self.load
    }

    fn forget(&mut self, now: Instant) {
        while self.sent.front().is_some_and(|sent| *sent + WINDOW <= now) {
            self.sent.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn beyond_the_budget_it_waits_for_the_oldest_to_be_a_minute_old() {
        let (mut budget, begin) = (Budget::default(), Instant::now());
        budget.count(1, begin);
        let later = begin + Duration::from_secs(10);
        budget.count(MOST_COMMANDS - 2, later);
        assert_eq!(budget.room_at(later), later);
        budget.count(1, later);
        assert_eq!(budget.room_at(later), begin + WINDOW);
        assert_eq!(budget.commands(begin + WINDOW), MOST_COMMANDS - 1);
        assert_eq!(budget.room_at(begin + WINDOW), begin + WINDOW);
    }

    #[test]
    fn a_busy_router_is_asked_less_until_it_is_idle_again_and_one_peak_is_nothing() {
        let mut budget = Budget::default();
        let mut changes = Vec::new();
        for percent in [95, 50, 95, 90, 80, 71, 70, 89, 70, 3] {
            if budget.hears_load(percent) {
                changes.push((percent, budget.pace()));
            }
        }
        assert_eq!(changes, [(90, Pace::Slow), (3, Pace::Usual)]);
    }
}
