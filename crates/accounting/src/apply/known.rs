//! A row whose counter is known: does it still belong to the same session, and by how much did it move?

use crate::bound::capped;
use crate::continuity::Continuity;
use crate::counter::{Counter, Identity};
use crate::ledger::{Reason, Unseen};
use crate::octets::Octets;
use crate::snapshot::{CounterRow, Owner, OwnerSession};

use super::round::{Posting, Round};
use crate::changes::SessionState;

/// What this round's tables say of a known counter's session.
enum Verdict<'a> {
    Continues,
    Unproven,
    Idle,
    AnotherSession(&'a OwnerSession),
    SessionAppeared(&'a OwnerSession),
}

impl<'a> Round<'a> {
    pub(super) fn take_known(&mut self, slot: usize, row: CounterRow<'_>) {
        let owner = if self.owners.is_empty() { None } else { self.owners.get(row.name).copied() };
        match self.verdict(&self.state.counters[slot], owner) {
            Verdict::Continues => self.advance(slot, row.octets),
            Verdict::Unproven => self.set_aside(slot),
            Verdict::Idle => {
                self.advance(slot, row.octets);
                let at = self.at();
                self.end_session(slot, None, at, None);
            }
            Verdict::SessionAppeared(shown) => self.switch_session(slot, row.octets, shown),
            Verdict::AnotherSession(shown) if self.state.counters[slot].permanent => {
                self.switch_session(slot, row.octets, shown);
            }
            Verdict::AnotherSession(_) => {
                let sandwiched = self.snapshot.shows_before_and_after(&row);
                self.retire(slot);
                self.take_unknown(row, sandwiched);
            }
        }
    }

    fn verdict(&self, counter: &Counter, owner: Option<&'a Owner>) -> Verdict<'a> {
        let shown = owner.map(|owner| owner.session.as_ref());
        match (&counter.session, shown) {
            (None, Some(Some(shown))) => Verdict::SessionAppeared(shown),
            (None, _) if self.continuity == Continuity::Assumed && !counter.permanent => Verdict::Unproven,
            (None, _) => Verdict::Continues,
            (Some(_), None) if self.needs_proof(counter) => Verdict::Unproven,
            (Some(_), None) => Verdict::Continues,
            (Some(_), Some(None)) => Verdict::Idle,
            (Some(known), Some(Some(shown))) => {
                if self.state.roster.name(known.login) != &*shown.login {
                    return Verdict::AnotherSession(shown);
                }
                match known.compared_to(shown, self.start_of(shown)) {
                    Identity::Same { .. } => Verdict::Continues,
                    Identity::Another | Identity::Earlier => Verdict::AnotherSession(shown),
                    Identity::Unknown if self.needs_proof(counter) => Verdict::Unproven,
                    Identity::Unknown => Verdict::Continues,
                }
            }
        }
    }

    /// After a gap an id and a name prove nothing by themselves (rule 5).
    fn needs_proof(&self, counter: &Counter) -> bool {
        self.snapshot.after_gap || counter.absence.as_ref().is_some_and(|absence| absence.unproven)
    }

    /// The row is not read until its session is proven; meanwhile the counter counts as missing.
    fn set_aside(&mut self, slot: usize) {
        let (last, times) = (self.last, self.snapshot.times);
        let counter = self.counter(slot);
        let absence = counter.absence.get_or_insert_with(|| {
            Box::new(crate::counter::Absence { last_read: last, since: times, rounds: 0, unproven: true })
        });
        absence.unproven = true;
    }

    /// The same session went on: counts what the counter gained, or all of it where it started over.
    fn advance(&mut self, slot: usize, octets: Octets) {
        let (from, seconds) = self.since_last_read(slot);
        let returned = self.mark_present(slot);
        let counter = &self.state.counters[slot];
        let before = counter.octets;
        if octets == before {
            self.note_doubtful_boot(slot, octets, from);
            return;
        }
        let posting = match octets.grown_since(before) {
            Some(delta) => Posting {
                reason: if returned || self.snapshot.after_gap { Reason::Resumed } else { Reason::Grew },
                delta,
                before,
                after: octets,
                from,
                seconds,
                unseen: self.doubtful_boot(slot),
            },
            None => Posting {
                reason: Reason::CounterReset,
                delta: octets,
                before,
                after: octets,
                from,
                seconds,
                unseen: Some(self.state.link.unseen(seconds)),
            },
        };
        self.set_octets(slot, octets);
        self.post(slot, posting);
    }

    /// A binding's counter has no session-id to prove that its boot went on: what an unnoticed reboot would have
    /// hidden is unbounded.
    fn doubtful_boot(&self, slot: usize) -> Option<Unseen> {
        let doubtful = self.continuity == Continuity::Assumed && self.state.counters[slot].permanent;
        doubtful.then(|| self.state.link.unseen(None))
    }

    fn note_doubtful_boot(&mut self, slot: usize, octets: Octets, from: crate::time::Micros) {
        let Some(unseen) = self.doubtful_boot(slot).filter(|_| !octets.is_zero()) else { return };
        self.post(
            slot,
            Posting {
                reason: Reason::Resumed,
                delta: Octets::ZERO,
                before: octets,
                after: octets,
                from,
                seconds: None,
                unseen: Some(unseen),
            },
        );
    }

    /// A session began on a counter that was there before (a static binding, or a counter nobody owned). Only the
    /// difference counts, unless the counter dropped or is known to reset; what a silent reset would hide is bounded
    /// by all that can have passed since the last reading (rule 1).
    fn switch_session(&mut self, slot: usize, octets: Octets, shown: &OwnerSession) {
        let (from, seconds) = self.since_last_read(slot);
        let was_idle = self.state.counters[slot].session.is_none();
        self.end_session(slot, None, from, None);
        self.mark_present(slot);
        let session = self.open_session(shown);
        let unseen = self.state.link.unseen(seconds);
        let counter = self.counter(slot);
        let (before, unattributed) = (counter.octets, counter.unattributed);
        counter.session = session;
        counter.octets = octets;
        let grown = octets.grown_since(before).filter(|_| !counter.resets_on_reconnect);
        counter.resets_on_reconnect |= counter.permanent && grown.is_none();
        let late = !counter.permanent;
        self.changed(slot);
        let (reason, delta, unseen) = match grown {
            None => (Reason::CounterReset, octets, unseen),
            Some(delta) if late => (Reason::SessionStart, delta, capped(unbounded(), before + unattributed)),
            Some(delta) if was_idle => (Reason::SessionStart, delta, capped(less(unseen, delta), before)),
            Some(delta) => (Reason::SessionStart, delta, less(unseen, delta)),
        };
        self.post(
            slot,
            Posting { reason, delta, before, after: octets, from, seconds, unseen: Some(unseen) },
        );
    }

    /// The counter's session is over and another one uses its id: it never comes back.
    fn retire(&mut self, slot: usize) {
        let (from, seconds) = self.since_last_read(slot);
        let unseen = self.state.link.unseen(seconds);
        self.end_session(slot, None, from, Some(unseen));
        self.bury(slot);
    }

    /// The counter was read in this round. True when it had been missing.
    fn mark_present(&mut self, slot: usize) -> bool {
        let seq = self.seq();
        let counter = self.counter(slot);
        counter.seen_in = seq;
        if counter.absence.take().is_none() {
            return false;
        }
        if let Some(session) = &self.state.counters[slot].session {
            self.changes.session_states.push((session.no, SessionState::Open));
        }
        self.changed(slot);
        true
    }

    fn set_octets(&mut self, slot: usize, octets: Octets) {
        let counter = self.counter(slot);
        counter.octets = octets;
        let no = counter.no;
        self.changes.counter_octets.push((no, octets));
    }
}

fn unbounded() -> Unseen {
    Unseen { micros: None, upper_octets: None }
}

/// The bound without what was counted of it.
fn less(unseen: Unseen, counted: Octets) -> Unseen {
    Unseen { upper_octets: unseen.upper_octets.map(|upper| upper.saturating_sub(counted.both())), ..unseen }
}
