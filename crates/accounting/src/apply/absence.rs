//! Rows that a clean print no longer shows: missing first, ended later, and a print that lacks too much at once is
//! not believed (rule 7).

use crate::absence::Absence;
use crate::bound::less;
use crate::changes::{SessionState, Tail};
use crate::continuity::Continuity;
use crate::counter::Identity;
use crate::ledger::Unseen;
use crate::octets::Octets;
use crate::snapshot::OwnerSession;
use crate::table::Table;
use crate::time::RoundTimes;

use super::round::Round;

/// Complete rounds a counter must be missing before its session is over.
const ROUNDS_TO_END: u32 = 2;
/// ... and seconds on the router's axis.
const SECONDS_TO_END: u64 = 60;
/// Prints in a row that must lack a counter before it is believed to have been gone by then, where the tables that
/// name owners were not read to say so at once.
const PRINTS_TO_BELIEVE: u32 = 2;
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
        self.suspect_prints(&absent);
        for slot in absent {
            if self.snapshot.reads(self.state.counters[slot].table()) {
                self.count_absence(slot);
            } else {
                self.note_unread(slot);
            }
        }
    }

    /// Its table was not read in this round, which says nothing of it but when it was read last.
    fn note_unread(&mut self, slot: usize) {
        let (last, times) = (self.last, self.snapshot.times);
        let assumed = self.continuity == Continuity::Assumed;
        let logged_in = self.is_device_logged_in(slot);
        let counter = self.counter(slot);
        let known = counter.absence.is_some();
        let absence = counter.absence.get_or_insert_with(|| Box::new(Absence::new(last, times)));
        let news = assumed && !absence.doubtful || logged_in && absence.rounds == 0;
        absence.doubtful |= assumed;
        absence.rounds = absence.rounds.max(u32::from(logged_in));
        if !known || news {
            self.changed(slot);
        }
    }

    /// Notes of each table whether its print lacks too much to be believed, and counts prints that agree with one that
    /// did.
    fn suspect_prints(&mut self, absent: &[usize]) {
        let mut newly = [0; Table::COUNT];
        let counters = absent.iter().map(|slot| &self.state.counters[*slot]);
        let read = counters.filter(|counter| self.snapshot.reads(counter.table()));
        for counter in read.filter(|counter| counter.absence.is_none()) {
            newly[counter.table().index()] += 1;
        }
        let tables = newly.into_iter().zip(self.open_before).zip(&mut self.state.suspect_prints_left);
        for ((newly, open_before), left) in tables {
            if newly >= SUSPECT_ROWS && newly * 10 > open_before {
                *left = SUSPECT_PRINTS;
            }
            *left = left.saturating_sub(1);
        }
    }

    fn count_absence(&mut self, slot: usize) {
        let (last, times, gap, seq) = (self.last, self.snapshot.times, self.snapshot.after_gap, self.seq());
        let suspect = self.state.suspect_prints_left[self.state.counters[slot].table().index()] > 0;
        let assumed = self.continuity == Continuity::Assumed;
        self.unnamed |= self.is_of_binding(slot);
        let counter = self.counter(slot);
        let absence = counter.absence.get_or_insert_with(|| Box::new(Absence::new(last, times)));
        let (newly, shown) = (absence.rounds == 0, absence.shown_in == seq);
        absence.rounds += 1;
        absence.unproven |= gap;
        absence.doubtful |= assumed;
        absence.lacking = if shown { 0 } else { absence.lacking + 1 };
        let seconds = times.uptime.before.saturating_sub(absence.since.uptime.after);
        let over = absence.rounds >= ROUNDS_TO_END && seconds >= SECONDS_TO_END;
        self.changed(slot);
        if let Some(session) = self.state.counters[slot].session.as_ref().filter(|_| newly) {
            self.changes.session_states.push((session.no, SessionState::Missing));
        }
        if self.is_named_alive(slot) {
            self.stays(slot);
        } else {
            let believed = !suspect && self.is_believed_gone(slot);
            if believed && !shown {
                self.close_tail(slot);
            }
            if over && believed && (!shown || self.tables_disown(slot)) {
                self.end_missing(slot);
            }
        }
    }

    /// True when the tables, or one of them, still show the session of a counter whose row is not there: the print lies,
    /// or they do.
    fn is_named_alive(&mut self, slot: usize) -> bool {
        let counter = &self.state.counters[slot];
        if counter.table() != Table::Interface {
            return false;
        }
        let Some(known) = &counter.session else { return false };
        let login = self.state.roster.name(known.login);
        let may_be = |shown: &OwnerSession| {
            let identity = known.compared_to(shown, self.start_of(shown));
            login == &*shown.login && matches!(identity, Identity::Same { .. } | Identity::Unknown)
        };
        let named = self.owners.rowless(&counter.name).is_some_and(&may_be);
        let alive = named || self.owners.half_seen(login, &counter.name).any(may_be);
        if named {
            self.owners.note_counter(&counter.name);
        }
        alive
    }

    /// A row that waits for proof of its session is there: only tables read whole that do not name it end its session.
    fn tables_disown(&self, slot: usize) -> bool {
        let counter = &self.state.counters[slot];
        let named = self.owners.find(&counter.name).is_some();
        counter.session.is_some() && self.names_whole() && !named
    }

    pub(super) fn names_whole(&self) -> bool {
        self.snapshot.identified.as_ref().is_some_and(|identified| identified.complete)
    }

    /// A session that the tables show has not ended: its absence counts anew from here.
    fn stays(&mut self, slot: usize) {
        let times = self.snapshot.times;
        if let Some(absence) = &mut self.counter(slot).absence {
            (absence.since, absence.rounds, absence.lacking) = (times, 1, 0);
            absence.tail = Tail::Open;
        }
    }

    /// True when the tables that name owners agree with the print that the counter is gone, or enough prints agree with
    /// each other: one alone may leave out what is there.
    fn is_believed_gone(&self, slot: usize) -> bool {
        let counter = &self.state.counters[slot];
        let lacking = counter.absence.as_deref().map_or(0, |absence| absence.lacking);
        (counter.table() == Table::Interface && self.names_whole()) || lacking >= PRINTS_TO_BELIEVE
    }

    /// Notes by when the counter was surely gone: now.
    fn close_tail(&mut self, slot: usize) {
        let (_, seconds) = self.since_last_read(slot);
        if let Some(absence) =
            self.counter(slot).absence.as_mut().filter(|absence| absence.tail == Tail::Open)
        {
            absence.tail = Tail::Closed(seconds);
        }
    }

    fn end_missing(&mut self, slot: usize) {
        let (from, unseen) = self.unseen_to_its_end(slot);
        let unseen = self.count_tail(slot, from, unseen);
        let session = self.state.counters[slot].session.clone();
        self.end_session(slot, None, from, unseen);
        self.counter(slot).session = session;
        self.bury(slot);
    }

    /// When a counter that is no more was read last, and what it may have counted since. What a binding counted after
    /// the tables named its session last may hide a reset, as a value of zero does.
    pub(super) fn unseen_to_its_end(&self, slot: usize) -> (RoundTimes, Unseen) {
        let (from, until_now) = self.since_last_read(slot);
        let counter = &self.state.counters[slot];
        let watched = counter.watch.as_deref().and_then(|watch| watch.counted);
        if self.is_of_binding(slot) && (counter.octets.is_zero() || watched != Some(Octets::ZERO)) {
            let unseen = self.state.link.unseen(self.seconds_watched(slot));
            return (from, less(unseen, watched.unwrap_or_default()));
        }
        let seconds = match counter.absence.as_deref().map(|absence| absence.tail) {
            Some(Tail::Closed(seconds)) => seconds,
            Some(Tail::Open) | None => until_now,
        };
        (from, self.state.link.unseen(seconds))
    }

    /// True for a static binding that has a session.
    pub(super) fn is_of_binding(&self, slot: usize) -> bool {
        let counter = &self.state.counters[slot];
        counter.permanent && counter.session.is_some() && !counter.table().is_standing()
    }

    /// The counter is believed gone; the store keeps it, in case its row returns.
    pub(super) fn bury(&mut self, slot: usize) {
        let (last, times) = (self.last, self.snapshot.times);
        let counter = self.counter(slot);
        counter.gone = true;
        let (handle, slot_number) = (counter.handle, u32::try_from(slot).ok());
        counter.absence.get_or_insert_with(|| Box::new(Absence::new(last, times)));
        if self.state.by_handle.get(&handle).copied() == slot_number {
            self.state.by_handle.remove(&handle);
        }
        self.changed(slot);
    }
}
