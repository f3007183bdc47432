//! Samples that wait to be told.

use std::collections::VecDeque;

use operations::LiveSample;

/// Ten minutes of 50 slots, a sample a second. Overflow rule: the oldest are given up, and counted.
pub(super) const MOST: usize = 10 * 60 * 50;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    samples: VecDeque<LiveSample>,
    /// Samples that ever left: told, or given up.
    gone: u64,
    lost: u64,
}

impl Waiting {
    /// Some more wait.
    pub(super) fn add(&mut self, samples: &[LiveSample]) {
        self.samples.extend(samples.iter().cloned());
        let beyond = self.samples.len().saturating_sub(MOST);
        self.samples.drain(..beyond);
        self.gone += beyond as u64;
        self.lost += beyond as u64;
    }

    /// Some never came to wait: at least so many.
    pub(super) fn lose(&mut self, samples: u64) {
        self.lost += samples;
    }

    /// The oldest, and the number of the first of them.
    pub(super) fn oldest(&self, most: usize) -> (u64, Vec<LiveSample>) {
        (self.gone, self.samples.iter().take(most).cloned().collect())
    }

    /// So many from that number on were told; those that were given up meanwhile were told all the same.
    pub(super) fn told(&mut self, first: u64, samples: usize) {
        let end = first + samples as u64;
        self.lost -= self.gone.min(end) - first;
        let left = usize::try_from(end.saturating_sub(self.gone)).unwrap_or(usize::MAX);
        self.samples.drain(..left);
        self.gone += left as u64;
    }

    /// How many wait.
    pub(super) fn len(&self) -> usize {
        self.samples.len()
    }

    /// How many were given up.
    pub(super) fn lost(&self) -> u64 {
        self.lost
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use accounting::time::Micros;
    use operations::{Customer, RateReading, SampleSource};
    use uuid::Uuid;

    use super::*;

    fn samples(numbers: std::ops::Range<u64>) -> Vec<LiveSample> {
        let customer = Arc::new(Customer {
            id: Uuid::nil(),
            username: "ana".to_owned(),
            name: None,
            service: "pppoe".to_owned(),
            plan: None,
            router: "tower".to_owned(),
            also_on: Default::default(),
        });
        let sample = |no| LiveSample {
            customer: customer.clone(),
            nas: store::NasId(1),
            no,
            reading: RateReading {
                customer: Uuid::nil(),
                interface: Arc::from(&b"x"[..]),
                input_bps: 0,
                output_bps: 0,
                source: SampleSource::Session,
            },
            at: Micros(0),
        };
        numbers.map(sample).collect()
    }

    fn numbers(samples: &[LiveSample]) -> Vec<u64> {
        samples.iter().map(|sample| sample.no).collect()
    }

    #[test]
    fn what_was_told_goes_and_what_came_meanwhile_waits() {
        let mut waiting = Waiting::default();
        waiting.add(&samples(0..5));
        let (first, taken) = waiting.oldest(3);
        waiting.add(&samples(5..6));
        waiting.told(first, taken.len());
        assert_eq!((numbers(&taken), numbers(&waiting.oldest(9).1)), (vec![0, 1, 2], vec![3, 4, 5]));
        assert_eq!((waiting.len(), waiting.lost()), (3, 0));
    }

    #[test]
    fn beyond_ten_minutes_the_oldest_are_lost_and_counted_unless_they_were_under_way() {
        let mut waiting = Waiting::default();
        waiting.add(&samples(0..MOST as u64));
        let (first, taken) = waiting.oldest(4);
        waiting.add(&samples(MOST as u64..MOST as u64 + 6));
        assert_eq!((waiting.len(), waiting.lost()), (MOST, 6));
        waiting.told(first, taken.len());
        assert_eq!((waiting.len(), waiting.lost()), (MOST, 2));
        assert_eq!(numbers(&waiting.oldest(1).1), [6]);
    }
}
