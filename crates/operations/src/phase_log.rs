//! How routers changed their state during the last day, as this process saw it or was told.

use std::collections::{HashMap, VecDeque};

use accounting::time::Micros;
use store::NasId;

use crate::router_status::{Phase, RouterStatus};

/// Changes that are kept, some 200 bytes each. Overflow rule: the oldest go, and are counted.
const MOST: usize = 5_000;
/// How long one is kept, microseconds by our clock.
const KEPT_US: i64 = 86_400_000_000;

/// A router came into a state that lasts. That somebody waits or connects is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhaseChange {
    /// Its number in this process.
    pub number: u64,
    /// The router.
    pub nas: NasId,
    /// When.
    pub at: Micros,
    /// What it is in.
    pub phase: Phase,
    /// What happened and what to do next.
    pub message: Option<String>,
}

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct PhaseLog {
    changes: VecDeque<PhaseChange>,
    latest: HashMap<NasId, Phase>,
    next: u64,
    dropped: u64,
}

impl PhaseLog {
    /// Notes a state, if it is another one than the one before.
    pub(crate) fn note(&mut self, status: &RouterStatus) {
        let lasts = !matches!(status.phase, Phase::Waiting | Phase::Connecting);
        if !lasts || self.latest.insert(status.nas, status.phase) == Some(status.phase) {
            return;
        }
        let edge = Micros(status.since.0.saturating_sub(KEPT_US));
        while self.changes.front().is_some_and(|change| change.at < edge) {
            self.changes.pop_front();
        }
        if self.changes.len() == MOST {
            self.changes.pop_front();
            self.dropped += 1;
        }
        let RouterStatus { nas, since: at, phase, ref message, .. } = *status;
        self.changes.push_back(PhaseChange { number: self.next, nas, at, phase, message: message.clone() });
        self.next += 1;
    }

    /// Forgets in which state a router was: what comes next of it is a change.
    pub(crate) fn forget(&mut self, nas: NasId) {
        self.latest.remove(&nas);
    }

    /// The newest first: numbers below `below`, before `until`, of those routers.
    pub(crate) fn before(
        &self,
        of: impl Fn(NasId) -> bool,
        below: Option<u64>,
        until: Micros,
        limit: usize,
    ) -> Vec<PhaseChange> {
        let fits = |change: &&PhaseChange| {
            of(change.nas) && below.is_none_or(|below| change.number < below) && change.at < until
        };
        self.changes.iter().rev().filter(fits).take(limit).cloned().collect()
    }

    /// Those that went before they were a day old.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entered(nas: i64, phase: Phase, at: i64) -> RouterStatus {
        let mut status = RouterStatus::new(NasId(nas), Micros(0));
        status.enter(phase, None, Micros(at));
        status
    }

    fn all(log: &PhaseLog) -> Vec<(i64, Phase, i64)> {
        let all = log.before(|_| true, None, Micros(i64::MAX), usize::MAX);
        all.iter().map(|change| (change.nas.0, change.phase, change.at.0)).collect()
    }

    #[test]
    fn what_lasts_is_noted_once() {
        let mut log = PhaseLog::default();
        for (phase, at) in [
            (Phase::Connecting, 1),
            (Phase::Online, 2),
            (Phase::Online, 3),
            (Phase::Waiting, 4),
            (Phase::Online, 5),
            (Phase::Unreachable, 6),
            (Phase::Connecting, 7),
            (Phase::Online, 8),
        ] {
            log.note(&entered(1, phase, at));
        }
        log.note(&entered(2, Phase::Disabled, 9));
        let noted = [
            (2, Phase::Disabled, 9),
            (1, Phase::Online, 8),
            (1, Phase::Unreachable, 6),
            (1, Phase::Online, 2),
        ];
        assert_eq!(all(&log), noted);
        let of_first = log.before(|nas| nas == NasId(1), Some(2), Micros(6), 9);
        assert_eq!(of_first.iter().map(|change| change.at.0).collect::<Vec<_>>(), [2]);
        log.forget(NasId(2));
        log.note(&entered(2, Phase::Disabled, 10));
        assert_eq!(all(&log)[0], (2, Phase::Disabled, 10));
    }

    #[test]
    fn a_day_and_no_more_than_planned_are_kept() {
        let mut log = PhaseLog::default();
        for at in 0..=i64::try_from(MOST).unwrap() {
            log.note(&entered(at, Phase::Online, at));
        }
        assert_eq!((all(&log).len(), log.dropped()), (MOST, 1));
        log.note(&entered(1, Phase::Unreachable, KEPT_US + 100));
        assert_eq!(all(&log).last().unwrap().2, 100);
        assert_eq!(log.dropped(), 1, "those were old enough");
    }
}
