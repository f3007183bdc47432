//! From a reading, or the end of a session, to the ledger: an entry, or more of the open one, and the totals it
//! counts into.

use crate::changes::{SessionEnded, SessionState};
use crate::counter::OpenEntry;
use crate::ledger::{EntryRef, GrownEntry, LedgerEntry, Reason, Unseen};
use crate::octets::Octets;
use crate::time::{Micros, RoundTimes};

use super::round::Round;

/// What a reading adds to the ledger.
#[derive(Clone, Copy)]
pub(super) struct Posting {
    pub(super) reason: Reason,
    pub(super) delta: Octets,
    pub(super) before: Octets,
    pub(super) after: Octets,
    /// The reading that it goes on from; what no reading began has only its label.
    pub(super) from: RoundTimes,
    /// Upper bound of the seconds it grew in, to tell impossible jumps; `None` = unknown.
    pub(super) seconds: Option<u64>,
    pub(super) unseen: Option<Unseen>,
}

/// Where a posting is written.
pub(super) struct Line {
    /// The cycle it counts into.
    pub(super) cycle: Option<i64>,
    /// Its end, which decides its bucket.
    pub(super) to: Micros,
    /// False: held.
    pub(super) posted: bool,
}

impl Round<'_> {
    /// Ends the session of a counter; an entry says what of it was not seen, if anything.
    pub(super) fn end_session(
        &mut self,
        slot: usize,
        cause: Option<u8>,
        last_seen: RoundTimes,
        unseen: Option<Unseen>,
    ) {
        let Some(session) = self.counter(slot).session.clone() else { return };
        let ended = SessionEnded { last_seen_at: last_seen.at, terminate_cause: cause };
        self.changes.session_states.push((session.no, SessionState::Ended(ended)));
        let octets = self.counter(slot).octets;
        if unseen.is_some() {
            self.post(
                slot,
                Posting {
                    reason: Reason::SessionEnd,
                    delta: Octets::ZERO,
                    before: octets,
                    after: octets,
                    from: last_seen,
                    seconds: None,
                    unseen,
                },
            );
        }
        let counter = self.counter(slot);
        counter.session = None;
        counter.open = None;
        self.changed(slot);
    }

    /// Writes a reading into the ledger and adds it to the totals; an impossible jump is held instead (rule 10).
    pub(super) fn post(&mut self, slot: usize, mut posting: Posting) {
        let held = self.state.link.is_impossible(posting.delta, posting.seconds);
        if held {
            // Whatever is decided, so much can have passed meanwhile.
            let unseen = Some(self.state.link.unseen(posting.seconds));
            let held = Posting { reason: Reason::Held, unseen, ..posting };
            self.counter(slot).before_held.get_or_insert(Box::new(posting.before));
            return self.write(slot, held, Line { cycle: None, to: self.at(), posted: false });
        }
        if !self.state.edges.is_empty() && self.post_across_edges(slot, &mut posting) {
            return;
        }
        let extends = match posting.reason {
            Reason::Grew => posting.unseen.is_none(),
            reason => reason == Reason::Undercounted,
        };
        if extends && self.extend_open_entry(slot, &posting) {
            return;
        }
        let line = Line { cycle: self.open_cycle(slot), to: self.at(), posted: true };
        self.write(slot, posting, line);
    }

    /// The cycle that is open for the login of a counter.
    pub(super) fn open_cycle(&self, slot: usize) -> Option<i64> {
        let session = self.state.counters[slot].session.as_ref()?;
        self.state.roster.get(session.login).cycle
    }

    /// Writes one line, and adds it to the totals if it is posted.
    pub(super) fn write(&mut self, slot: usize, posting: Posting, line: Line) {
        let counter = &self.state.counters[slot];
        let (counter_no, session) = (counter.no, counter.session.clone());
        let login = session.as_ref().map(|session| self.state.roster.get(session.login));
        let entry = LedgerEntry {
            bucket: line.to.bucket(),
            no: self.state.next_no(),
            login: login.map(|login| login.id),
            session: session.as_ref().map(|session| session.no),
            counter: Some(counter_no),
            cycle: line.cycle,
            reason: posting.reason,
            posted: line.posted,
            delta: posting.delta,
            before: posting.before,
            after: posting.after,
            from: posting.from.at,
            to: line.to,
            unseen: posting.unseen,
            polls: 1,
        };
        self.remember_open(slot, &entry);
        if line.posted {
            self.add_to_totals(slot, posting.delta, line.cycle);
            self.add_to_session(slot, posting.delta);
        }
        self.moved_slots.push(slot);
        self.changes.new_entries.push(entry);
    }

    fn remember_open(&mut self, slot: usize, entry: &LedgerEntry) {
        let grew = matches!(entry.reason, Reason::Grew | Reason::Undercounted);
        self.counter(slot).open = grew.then_some(OpenEntry {
            reason: entry.reason,
            place: EntryRef { bucket: entry.bucket, no: entry.no },
            cycle: entry.cycle,
            login: entry.login,
            delta: entry.delta,
            polls: 1,
        });
    }

    /// True while an open entry of this bucket and cycle says that something may pass the counter by.
    pub(super) fn tells_of_passing_by(&self, slot: usize) -> bool {
        self.extends_open_entry(slot, Reason::Undercounted)
    }

    fn extends_open_entry(&self, slot: usize, reason: Reason) -> bool {
        let counter = &self.state.counters[slot];
        let login = counter.session.as_ref().map(|session| self.state.roster.get(session.login));
        let (login, cycle) = (login.map(|login| login.id), login.and_then(|login| login.cycle));
        counter.open.is_some_and(|open| {
            open.reason == reason
                && open.place.bucket == self.at().bucket()
                && open.cycle == cycle
                && open.login == login
        })
    }

    fn extend_open_entry(&mut self, slot: usize, posting: &Posting) -> bool {
        let at = self.at();
        if !self.extends_open_entry(slot, posting.reason) {
            return false;
        }
        let cycle = self.open_cycle(slot);
        let counter = self.counter(slot);
        let session = counter.session.as_ref().map(|session| session.no);
        let Some(open) = &mut counter.open else { return false };
        open.delta += posting.delta;
        open.polls += 1;
        let grown = GrownEntry {
            bucket: open.place.bucket,
            no: open.place.no,
            delta: open.delta,
            after: posting.after,
            to: at,
            polls: open.polls,
            added: posting.delta,
            from: posting.from.at,
            login: open.login,
            session,
            cycle: open.cycle,
            reason: open.reason,
        };
        self.changes.grown_entries.push(grown);
        self.add_to_totals(slot, posting.delta, cycle);
        true
    }

    /// What the counter's open entry adds is in its session's total by that.
    fn add_to_session(&mut self, slot: usize, delta: Octets) {
        let counter = &self.state.counters[slot];
        let Some(session) = &counter.session else { return };
        match &counter.open {
            Some(open) => self.changes.opened_sessions.push((session.no, open.place)),
            None if delta.is_zero() => {}
            None => self.changes.session_octets.push((session.no, delta)),
        }
    }

    fn add_to_totals(&mut self, slot: usize, delta: Octets, cycle: Option<i64>) {
        if delta.is_zero() {
            return;
        }
        if self.state.counters[slot].session.is_none() {
            self.counter(slot).unattributed += delta;
            self.changed(slot);
        }
        if let Some(cycle) = cycle {
            self.changes.cycle_octets.push((cycle, delta));
        }
    }
}
