//! The traffic of one simple queue's target, and what of it the queue's counter shows (routeros.md §2.9).

use super::meter::Meter;
use super::octets::Octets;

/// The traffic of one queue's target. It goes on whether or not it passes the queue.
#[derive(Debug)]
pub(crate) struct Flow {
    /// The queue's name when it was added.
    pub(super) made_as: Vec<u8>,
    up: Meter,
    down: Meter,
    /// What the counter shows of the time before `passes_since`.
    shown: Octets,
    /// Where the traffic stood when it last began to pass the queue; `None` while it passes by.
    passes_since: Option<Octets>,
}

impl Flow {
    pub(super) fn new(made_as: &[u8], now_us: u64) -> Self {
        let idle = Meter::new(now_us, 0);
        let shown = Octets::default();
        Flow { made_as: made_as.to_vec(), up: idle, down: idle, shown, passes_since: None }
    }

    pub(super) fn traffic(&self, now_us: u64) -> Octets {
        Octets::new(self.up.value(now_us), self.down.value(now_us))
    }

    pub(super) fn counter(&self, now_us: u64) -> Octets {
        self.passes_since.map_or(self.shown, |since| self.shown + self.traffic(now_us).since(since))
    }

    pub(super) fn pass(&mut self, now_us: u64, passes: bool) {
        self.shown = self.counter(now_us);
        self.passes_since = passes.then(|| self.traffic(now_us));
    }

    pub(super) fn reset(&mut self, now_us: u64) {
        self.shown = Octets::default();
        self.passes_since = self.passes_since.map(|_| self.traffic(now_us));
    }

    pub(super) fn set_rates(&mut self, now_us: u64, up_bps: u64, down_bps: u64) {
        self.up.set_rate(now_us, up_bps);
        self.down.set_rate(now_us, down_bps);
    }
}
