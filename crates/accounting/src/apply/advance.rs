//! A counter's session went on: what its reading adds, and what it may hide.

use crate::bound::less;
use crate::changes::SessionState;
use crate::continuity::Continuity;
use crate::ledger::{Reason, Unseen};
use crate::octets::Octets;
use crate::table::Table;

use super::posting::Posting;
use super::round::Round;

impl Round<'_> {
    /// What a counter shows after a held jump tells whether that was its value: if it fell, but not below where it was
    /// before, it never was, and counting goes on from there.
    pub(super) fn note_confirmation(&mut self, slot: usize, octets: Octets) {
        let counter = self.counter(slot);
        let Some(believed) = counter.before_held.take().map(|octets| *octets) else { return };
        let before = counter.octets;
        let Some(delta) = octets.grown_since(believed).filter(|_| octets.grown_since(before).is_none())
        else {
            return;
        };
        let (from, seconds) = self.since_last_read(slot);
        let unseen = Some(less(self.state.link.unseen(seconds), delta));
        let unseen = unseen.filter(|unseen| unseen.upper_octets != Some(0));
        self.set_octets(slot, believed);
        let (reason, delta) = (Reason::NotConfirmed, Octets::ZERO);
        self.post(slot, Posting { reason, delta, before, after: believed, from, seconds: None, unseen });
    }

    /// The same session went on: counts what the counter gained, or all of it where it started over. `named`: this
    /// round's tables say that it went on.
    pub(super) fn advance(&mut self, slot: usize, octets: Octets, named: bool) {
        self.advance_with(slot, octets, named, None);
    }

    /// The same, where something besides may not have been seen.
    pub(super) fn advance_with(&mut self, slot: usize, octets: Octets, named: bool, more: Option<Unseen>) {
        self.advance_as(slot, octets, named, more, Reason::Grew);
    }

    /// The same, with the reason that growth has.
    pub(super) fn advance_as(
        &mut self,
        slot: usize,
        octets: Octets,
        named: bool,
        more: Option<Unseen>,
        growth: Reason,
    ) {
        self.note_drop_since_aside(slot, octets);
        self.note_confirmation(slot, octets);
        let (from, seconds) = self.since_last_read(slot);
        let may_hide = self.may_hide_a_reset(slot);
        let assumed = self.continuity == Continuity::Assumed || self.returns_by_start_only(slot);
        let returned = self.mark_present(slot);
        let before = self.state.counters[slot].octets;
        let grown = octets.grown_since(before);
        let counter = self.counter(slot);
        counter.hides |= grown.is_none() && counter.session.is_none();
        let delta = grown.unwrap_or(octets);
        let unproven = Some(self.state.link.unseen(None)).filter(|_| assumed && self.has_session(slot));
        let doubt =
            unproven.or(more).or_else(|| may_hide.then(|| less(self.state.link.unseen(seconds), delta)));
        self.note_watched(slot, from, delta, named);
        if octets == before && doubt.is_none() {
            return;
        }
        let resumed = returned || self.snapshot.after_gap;
        let (reason, unseen) = match grown {
            Some(_) if resumed => (Reason::Resumed, doubt),
            Some(_) => (growth, doubt),
            None if growth == Reason::Undercounted => (Reason::CounterReset, more),
            None => (Reason::CounterReset, Some(less(self.state.link.unseen(seconds), octets))),
        };
        self.set_octets(slot, octets);
        self.post(slot, Posting { reason, delta, before, after: octets, from, seconds, unseen });
    }

    /// True when an outage since the last reading may have hidden a reboot and no session-id proves that it did not: a
    /// session that began as long after another boot looks the same.
    fn returns_by_start_only(&self, slot: usize) -> bool {
        let counter = &self.state.counters[slot];
        if counter.absence.as_ref().is_none_or(|absence| !absence.doubtful) {
            return false;
        }
        let owner = self.owners.find(&counter.name).filter(|_| counter.table() == Table::Interface);
        let shown = owner.and_then(|owner| owner.session.as_ref()?.acct_session_id);
        shown.is_none() || counter.session.as_ref().and_then(|session| session.acct_session_id) != shown
    }

    fn has_session(&self, slot: usize) -> bool {
        self.state.counters[slot].session.is_some()
    }

    /// True when a reset may have happened that nothing shows: a binding's session may have begun after the binding's last
    /// reading, and a restart may have forgotten what a row not yet proven showed.
    fn may_hide_a_reset(&self, slot: usize) -> bool {
        let absence = self.state.counters[slot].absence.as_ref();
        absence.is_some_and(|absence| absence.forgotten) || self.may_have_begun_since_last_read(slot)
    }

    /// The counter was read in this round. True when it had been missing.
    pub(super) fn mark_present(&mut self, slot: usize) -> bool {
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

    /// What a counter showed before it began again is in its user's sum, too, and was counted: that sum tells nothing more of it.
    pub(super) fn set_octets(&mut self, slot: usize, octets: Octets) {
        let begins_again = octets.grown_since(self.state.counters[slot].octets).is_none();
        if begins_again {
            self.leave_sum(slot);
        }
        self.counter(slot).octets = octets;
    }
}
