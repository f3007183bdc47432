//! Figures as both the list and the screen show them.

use super::answer::{Sort, Talker, Top};
use crate::output::{many, printable, rate};

/// Seconds, as people say them.
pub(super) fn seconds(micros: u64) -> String {
    match micros {
        0..10_000_000 => format!("{}.{} s", micros / 1_000_000, micros % 1_000_000 / 100_000),
        10_000_000..600_000_000 => format!("{} s", micros / 1_000_000),
        _ => format!("{} min", micros / 60_000_000),
    }
}

/// A rate, marked where more may have passed.
pub(super) fn told_rate(bps: u64, at_least: bool) -> String {
    if at_least { format!(">={}", rate(bps)) } else { rate(bps) }
}

impl Talker {
    /// The rate that they are ranked by.
    pub(super) fn ranked_bps(&self, sort: Sort) -> u64 {
        match sort {
            Sort::Download => self.download_bps,
            Sort::Upload => self.upload_bps,
            Sort::Total => self.download_bps.saturating_add(self.upload_bps),
        }
    }
}

impl Top {
    /// Of which routers nothing is said, and why; harmless, a sentence each.
    pub(super) fn unobserved(&self) -> impl Iterator<Item = String> {
        let told = self.routers.iter().filter_map(|router| Some((router, router.unobserved_text.as_ref()?)));
        told.map(|(router, why)| format!("Nothing of {}: {}", printable(&router.router), printable(why)))
    }

    /// How many moved, and of how many it is not known.
    pub(super) fn summary(&self) -> String {
        let sum = |of: fn(&super::answer::Router) -> u64| self.observed().map(of).sum::<u64>();
        let (moved, told) = (sum(|router| router.sessions_moved), sum(|router| router.sessions_told));
        let routers = many(self.observed().count() as u64, "router");
        let unknown = match sum(|router| router.sessions_unknown) {
            0 => String::new(),
            unknown => {
                let sessions = many(unknown, "session");
                format!("; no rate is known of {sessions} that began or ended in that time")
            }
        };
        let of_told = if told < moved { format!(" ({told} of them can be shown)") } else { String::new() };
        format!("{} moved on {routers}{of_told}{unknown}", many(moved, "session"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_as_fine_as_they_matter() {
        let shown = [950_000, 10_000_000, 599_999_999, 600_000_000].map(seconds);
        assert_eq!(shown, ["0.9 s", "10 s", "599 s", "10 min"]);
    }

    #[test]
    fn what_may_have_been_more_is_marked() {
        assert_eq!(told_rate(2_000, false), "2.00 kbps");
        assert_eq!(told_rate(2_000, true), ">=2.00 kbps");
    }
}
