//! The monitors that one connection runs, counted for as long as they do.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::time::Instant;

use super::shared::Shared;
use super::stats::Counting;
use crate::menu::{Answer, Monitor, Sampled};
use crate::world::World;

pub(super) struct Monitors {
    shared: Arc<Shared>,
    running: Vec<Monitor>,
}

impl Monitors {
    pub(super) fn of(shared: Arc<Shared>) -> Self {
        Self { shared, running: Vec::new() }
    }

    pub(super) fn begin(&mut self, monitor: Monitor) {
        Counting::add(&self.shared.counting.monitors, 1);
        Counting::add(&self.shared.counting.running_monitors, 1);
        self.running.push(monitor);
    }

    /// When the next sample is due.
    pub(super) fn due(&self) -> Option<Instant> {
        self.running.iter().map(|monitor| monitor.due).min()
    }

    /// Appends the samples that are due.
    pub(super) fn sample(&mut self, world: &World, out: &mut Vec<u8>) {
        let now = Instant::now();
        let before = self.running.len();
        self.running.retain_mut(|monitor| monitor.sample(world, now, out) == Sampled::GoesOn);
        self.gone(before - self.running.len());
    }

    /// Ends those whose answers are meant.
    pub(super) fn end(&mut self, meant: impl Fn(&Answer) -> bool) -> Vec<Answer> {
        let ended = self.running.extract_if(.., |monitor| meant(&monitor.answer));
        let ended: Vec<Answer> = ended.map(|monitor| monitor.answer).collect();
        self.gone(ended.len());
        ended
    }

    fn gone(&self, monitors: usize) {
        self.shared.counting.running_monitors.fetch_sub(monitors as u64, Ordering::Relaxed);
    }
}

impl Drop for Monitors {
    fn drop(&mut self) {
        self.gone(self.running.len());
    }
}
