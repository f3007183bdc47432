//! A clock that stands still until told otherwise, for tests and for simulated time.

use std::sync::{Arc, Mutex, PoisonError};

use accounting::time::{HostInstant, Micros};

use crate::clock::Clock;

/// A clock set by hand; clones show the same time.
#[derive(Clone, Debug)]
pub struct ManualClock {
    hands: Arc<Mutex<(Micros, HostInstant)>>,
}

impl ManualClock {
    /// A clock that shows `now`; its monotonic side starts at 0 of epoch 1.
    pub fn new(now: Micros) -> Self {
        ManualClock { hands: Arc::new(Mutex::new((now, HostInstant { epoch: 1, micros: 0 }))) }
    }

    /// Lets both clocks go on by that many microseconds.
    pub fn advance(&self, micros: u64) {
        self.turn(|(now, host)| {
            now.0 = now.0.saturating_add_unsigned(micros);
            host.micros = host.micros.saturating_add(micros);
        });
    }

    /// Sets the wall clock alone, as an operator or NTP does.
    pub fn set_wall(&self, now: Micros) {
        self.turn(|hands| hands.0 = now);
    }

    /// The host rebooted: the monotonic clock starts again under another epoch.
    pub fn reboot_host(&self) {
        self.turn(|(_, host)| *host = HostInstant { epoch: host.epoch + 1, micros: 0 });
    }

    fn turn(&self, act: impl FnOnce(&mut (Micros, HostInstant))) {
        act(&mut self.hands.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn hands(&self) -> (Micros, HostInstant) {
        *self.hands.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Micros {
        self.hands().0
    }

    fn host(&self) -> HostInstant {
        self.hands().1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stepping_the_wall_clock_leaves_the_monotonic_one() {
        let clock = ManualClock::new(Micros(5_000_000));
        let before = clock.host();
        clock.advance(2_000_000);
        clock.set_wall(Micros(0));
        assert_eq!((clock.now(), clock.host().seconds_since(before)), (Micros(0), Some(2)));
        clock.reboot_host();
        assert_eq!(clock.host().seconds_since(before), None);
    }
}
