//! Rows that a clean print no longer shows: missing first, ended later, and a print that lacks too much at once is
//! not believed (rule 7).

use crate::changes::SessionState;
use crate::counter::Absence;

use super::round::Round;

/// Complete rounds a counter must be missing before its session is over.
const ROUNDS_TO_END: u32 = 2;
/// ... and seconds on the router's axis.
const SECONDS_TO_END: u64 = 60;
/// A print is suspect when it lacks more than a tenth of the rows open before, and at least this many.
const SUSPECT_ROWS: usize = 20;
/// The suspect print itself and the two that must agree with it.
const SUSPECT_PRINTS: u32 = 3;

impl Round<'_> {
    pub(super) fn mark_absent(&mut self) {
        let seq = self.seq();
        let absent: Vec<usize> = (0..self.state.counters.len())
            .filter(|slot| self.state.counters[*slot].seen_in != seq && !self.state.counters[*slot].gone)
            .collect();
        let fresh = |slot: &&usize| self.state.counters[**slot].absence.is_none();
        let newly = absent.iter().filter(fresh).count();
        let open_before = self.state.counters.iter().filter(|c| c.absence.is_none() && !c.gone).count();
        if newly >= SUSPECT_ROWS && newly * 10 > open_before {
            self.state.suspect_prints_left = SUSPECT_PRINTS;
        }
        self.state.suspect_prints_left = self.state.suspect_prints_left.saturating_sub(1);
        for slot in absent {
            self.count_absence(slot);
        }
    }

    fn count_absence(&mut self, slot: usize) {
        let (last, times) = (self.last, self.snapshot.times);
        let counter = self.counter(slot);
        let newly = counter.absence.as_ref().is_none_or(|absence| absence.rounds == 0);
        let absence = counter.absence.get_or_insert_with(|| {
            Box::new(Absence { last_read: last, since: times, rounds: 0, unproven: false })
        });
        absence.rounds += 1;
        let seconds = times.uptime.before.saturating_sub(absence.since.uptime.after);
        let over = absence.rounds >= ROUNDS_TO_END && seconds >= SECONDS_TO_END;
        self.changed(slot);
        if let Some(session) = self.state.counters[slot].session.as_ref().filter(|_| newly) {
            self.changes.session_states.push((session.no, SessionState::Missing));
        }
        if over && self.state.suspect_prints_left == 0 {
            self.end_missing(slot);
        }
    }

    fn end_missing(&mut self, slot: usize) {
        let Some(absence) = self.state.counters[slot].absence.as_deref().cloned() else { return };
        let unseen = self.state.link.unseen(self.seconds_missing(&absence));
        let session = self.state.counters[slot].session.clone();
        self.end_session(slot, None, absence.last_read.at, Some(unseen));
        self.counter(slot).session = session;
        self.bury(slot);
    }

    /// Upper bound of the seconds between the last reading of a missing counter and the first round without it. Runs
    /// of the host's clock that do not join leave it open whether that was one boot.
    pub(super) fn seconds_missing(&self, absence: &Absence) -> Option<u64> {
        let joined = absence.last_read.host.epoch == absence.since.host.epoch;
        joined.then(|| absence.since.uptime.seconds_since(absence.last_read.uptime))
    }

    /// The counter is believed gone; the store keeps it, in case its row returns.
    pub(super) fn bury(&mut self, slot: usize) {
        let last = self.last;
        let times = self.snapshot.times;
        let counter = self.counter(slot);
        counter.gone = true;
        let (handle, slot_number) = (counter.handle, u32::try_from(slot).ok());
        counter.absence.get_or_insert_with(|| {
            Box::new(Absence { last_read: last, since: times, rounds: 0, unproven: false })
        });
        if self.state.by_handle.get(&handle).copied() == slot_number {
            self.state.by_handle.remove(&handle);
        }
        self.changed(slot);
    }
}
