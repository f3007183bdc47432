//! A row whose counter is known: does it still belong to the same session, and by how much did it move?

use crate::absence::Absence;
use crate::continuity::Continuity;
use crate::counter::{Counter, Identity, Session};
use crate::ledger::Reason;
use crate::octets::Octets;
use crate::snapshot::{CounterRow, Owner, OwnerSession};

use super::posting::Posting;
use super::round::{ReadAt, Round};
use super::unknown::ORPHAN_ROUNDS;

/// What this round's tables say of a known counter's session.
enum Verdict<'a> {
    Continues,
    Unproven,
    Idle,
    /// The same session, under another name.
    Renamed(&'a OwnerSession),
    AnotherSession(&'a OwnerSession),
    SessionAppeared(&'a OwnerSession),
}

impl<'a> Round<'a> {
    pub(super) fn take_known(&mut self, slot: usize, row: CounterRow<'_>, read_at: ReadAt) {
        let owner = self.owners.find(row.name);
        let verdict = self.verdict(&self.state.counters[slot], owner, row.octets);
        match verdict {
            Verdict::Continues => {
                if let Some(owner) = owner {
                    self.owners.note_counter(row.name);
                    self.follow_owner(slot, owner.session.as_ref());
                }
                self.advance(slot, row.octets, owner.is_some());
            }
            Verdict::Unproven => {
                self.owners.note_row(row.name);
                self.set_aside(slot, row.octets);
            }
            // What passed between this print and the tables is still the session's: a later print tells.
            Verdict::Idle if read_at == ReadAt::BeforeOwners => self.advance(slot, row.octets, false),
            Verdict::Idle => {
                let unseen = self.unseen_before_idle(slot, row.octets);
                self.advance(slot, row.octets, true);
                self.end_session(slot, None, self.snapshot.times, unseen);
            }
            Verdict::Renamed(_) if read_at == ReadAt::BeforeOwners => self.advance(slot, row.octets, false),
            Verdict::Renamed(shown) => {
                self.owners.note_counter(row.name);
                self.go_on_as(slot, shown);
                self.advance(slot, row.octets, true);
            }
            Verdict::SessionAppeared(_)
                if read_at == ReadAt::BeforeOwners && !self.is_binding(slot, owner) =>
            {
                // It may have been gone when the tables named somebody by its name (rule 6).
                self.owners.note_row(row.name);
                self.advance(slot, row.octets, false);
            }
            Verdict::SessionAppeared(shown) => {
                self.enrol(slot, owner);
                self.switch_session(slot, row.octets, shown, read_at);
            }
            Verdict::AnotherSession(shown) if self.state.counters[slot].permanent => {
                self.switch_session(slot, row.octets, shown, read_at);
            }
            Verdict::AnotherSession(_) => {
                let before = self.snapshot.shows_before_and_after(&row).then_some(row.octets);
                self.retire(slot);
                self.take_unknown(row, before);
            }
        }
    }

    /// A counter that was reset between the last round and the earlier print, or between the two prints, may have
    /// overtaken its old value by the later one: then the earlier print counts as a reading of its own.
    pub(super) fn note_drops(&mut self, slot: usize, before: CounterRow<'_>, after: &CounterRow<'_>) {
        let counter = &self.state.counters[slot];
        let dropped = before.octets.grown_since(counter.last_shown()).is_none()
            || after.octets.grown_since(before.octets).is_none();
        if !dropped {
            return;
        }
        let owned = counter.session.is_some();
        let owner = self.owners.find(before.name);
        match self.verdict(counter, owner, before.octets) {
            Verdict::Continues | Verdict::Renamed(_) if owned => self.advance(slot, before.octets, false),
            Verdict::Unproven if owned => self.set_aside(slot, before.octets),
            Verdict::SessionAppeared(shown) if self.is_binding(slot, owner) => {
                self.enrol(slot, owner);
                self.switch_session(slot, before.octets, shown, ReadAt::BeforeOwners);
            }
            _ => {}
        }
    }

    fn verdict(&self, counter: &Counter, owner: Option<&'a Owner>, octets: Octets) -> Verdict<'a> {
        let shown = owner.map(|owner| owner.session.as_ref());
        match (&counter.session, shown) {
            (None, Some(Some(shown))) => Verdict::SessionAppeared(shown),
            (None, None) if self.waits_for_owner(counter, octets) => Verdict::Unproven,
            (None, _) => Verdict::Continues,
            (Some(_), None) if self.needs_proof(counter) => Verdict::Unproven,
            (Some(_), None) => Verdict::Continues,
            (Some(_), Some(None)) => Verdict::Idle,
            (Some(known), Some(Some(shown))) if self.was_called_otherwise(counter, known, shown) => {
                Verdict::Renamed(shown)
            }
            (Some(known), Some(Some(shown))) => {
                if self.state.roster.name(known.login) != &*shown.login {
                    return Verdict::AnotherSession(shown);
                }
                match known.compared_to(shown, self.start_of(shown)) {
                    Identity::Same { .. } => Verdict::Continues,
                    Identity::OtherId if was_paired_wrongly(counter, known) => Verdict::Continues,
                    Identity::Another if self.was_read_already(counter, known, shown) => Verdict::Continues,
                    Identity::Another | Identity::OtherId | Identity::Earlier => {
                        Verdict::AnotherSession(shown)
                    }
                    Identity::Unknown if self.needs_proof(counter) => Verdict::Unproven,
                    Identity::Unknown => Verdict::Continues,
                }
            }
        }
    }

    /// True when a session without an id may have begun before the last reading of its own counter ended: a router gives
    /// no id twice in one boot, so that reading was of this session already, and was taken for the one before it in another
    /// boot.
    fn was_read_already(&self, counter: &Counter, known: &Session, shown: &OwnerSession) -> bool {
        let named_by_ids = known.acct_session_id.is_some() && shown.acct_session_id.is_some();
        let of_this_boot = self.continuity == Continuity::Proven && !self.snapshot.after_gap;
        let read_until = i64::try_from(self.last.uptime.after).unwrap_or(i64::MAX);
        let began_by = self.start_of(shown).is_some_and(|start| start.earliest <= read_until);
        !counter.permanent && counter.absence.is_none() && !named_by_ids && of_this_boot && began_by
    }

    /// Bindings keep row and name whoever calls.
    fn is_binding(&self, slot: usize, owner: Option<&Owner>) -> bool {
        self.state.counters[slot].permanent || owner.is_some_and(|owner| owner.permanent)
    }

    /// After a gap an id and a name prove nothing by themselves (rule 5).
    fn needs_proof(&self, counter: &Counter) -> bool {
        self.snapshot.after_gap || counter.absence.as_ref().is_some_and(|absence| absence.unproven)
    }

    /// An idle binding that moved has a caller whom the tables will name: its octets wait for them (rule 6).
    fn waits_for_owner(&self, counter: &Counter, octets: Octets) -> bool {
        let waited = counter.absence.as_ref().map_or(0, |absence| absence.rounds);
        counter.permanent && counter.octets != octets && waited < ORPHAN_ROUNDS
    }

    /// The row is not read until its session is known for sure; meanwhile the counter counts as missing.
    fn set_aside(&mut self, slot: usize, octets: Octets) {
        let dropped = octets.grown_since(self.state.counters[slot].last_shown()).is_none();
        if dropped {
            self.start_over(slot);
        }
        let (last, times, seq) = (self.last, self.snapshot.times, self.seq());
        let gap = self.snapshot.after_gap;
        let counter = self.counter(slot);
        let absence = counter.absence.get_or_insert_with(|| Box::new(Absence::new(last, times)));
        absence.unproven |= gap;
        absence.shown_in = seq;
        absence.shown = Some(octets);
        absence.dropped |= dropped;
    }

    /// A counter that was set aside and now shows less than it did then was reset, even where it overtook its
    /// baseline again.
    pub(super) fn note_drop_since_aside(&mut self, slot: usize, octets: Octets) {
        let counter = &self.state.counters[slot];
        let below_shown = octets.grown_since(counter.last_shown()).is_none();
        if below_shown && octets.grown_since(counter.octets).is_some() {
            self.start_over(slot);
        }
    }

    /// The counter dropped while nobody knows whose it is. That must not be forgotten until somebody does, for it may
    /// overtake its old value by then: it counts from 0 whoever it belongs to.
    fn start_over(&mut self, slot: usize) {
        let (from, seconds) = self.since_last_read(slot);
        let before = self.state.counters[slot].octets;
        let unseen = Some(self.state.link.unseen(seconds));
        if let Some(absence) = &mut self.counter(slot).absence {
            absence.dropped = true;
        }
        let counter = self.counter(slot);
        counter.hides |= counter.session.is_none();
        self.set_octets(slot, Octets::ZERO);
        let (delta, after) = (Octets::ZERO, Octets::ZERO);
        self.post(
            slot,
            Posting { reason: Reason::CounterReset, delta, before, after, from, seconds: None, unseen },
        );
    }

    /// The counter's session is over and another one uses its id: it never comes back.
    fn retire(&mut self, slot: usize) {
        let (from, unseen) = self.unseen_to_its_end(slot);
        self.end_session(slot, None, from, Some(unseen));
        self.bury(slot);
    }
}

/// True when another session-id with the same start means that its rows were paired wrongly once: the counter is its
/// session's alone. One that was missing in an outage may be another boot's.
fn was_paired_wrongly(counter: &Counter, known: &Session) -> bool {
    let in_doubt = counter.absence.as_ref().is_some_and(|absence| absence.doubtful);
    !counter.permanent && known.start.is_some() && !in_doubt
}
