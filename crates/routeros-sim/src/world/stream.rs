//! One party's traffic: what it would move, what of that passes, and the queue that it passes through.

use super::meter::Meter;
use super::octets::Octets;

/// Bits per second in both directions, seen from whoever moves them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pace {
    pub(crate) up_bps: u64,
    pub(crate) down_bps: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct Stream {
    up: Meter,
    down: Meter,
    wish: Pace,
    /// The item of the queue it passes through since the world settled last.
    pub(super) queue: Option<u32>,
}

impl Pace {
    pub(crate) fn new(up_bps: u64, down_bps: u64) -> Self {
        Self { up_bps, down_bps }
    }
}

impl Stream {
    /// Nothing passes until the world settles.
    pub(crate) fn new(now_us: u64, wish: Pace) -> Self {
        let idle = Meter::new(now_us, 0);
        Self { up: idle, down: idle, wish, queue: None }
    }

    /// All that passed up to `at_us`.
    pub(crate) fn octets(&self, at_us: u64) -> Octets {
        Octets::new(self.up.value(at_us), self.down.value(at_us))
    }

    /// What it would move if nothing limited it.
    pub(crate) fn wish(&self) -> Pace {
        self.wish
    }

    /// What it moves.
    pub(crate) fn passing(&self) -> Pace {
        Pace::new(self.up.rate_bps(), self.down.rate_bps())
    }

    /// Counts once the world settles.
    pub(super) fn wish_for(&mut self, wish: Pace) {
        self.wish = wish;
    }

    pub(super) fn pass(&mut self, now_us: u64, pace: Pace) {
        self.up.set_rate(now_us, pace.up_bps);
        self.down.set_rate(now_us, pace.down_bps);
    }

    /// Octets besides those of its pace.
    pub(crate) fn transfer(&mut self, octets: Octets) {
        self.up.add(octets.input);
        self.down.add(octets.output);
    }
}
