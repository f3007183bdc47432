//! Another session on a counter that was there before: a static binding, or a counter nobody owned (rules 1 and 6).

use crate::bound::{capped, less};
use crate::continuity::Continuity;
use crate::counter::Watch;
use crate::ledger::{Reason, Unseen};
use crate::octets::Octets;
use crate::snapshot::{Owner, OwnerSession};
use crate::time::RoundTimes;

use super::posting::Posting;
use super::round::{ReadAt, Round};

/// The readings between which the counter passed from one session to the next.
struct Passage {
    /// Upper bound of the seconds between them.
    seconds: Option<u64>,
    /// Octets counted in between, before this reading.
    counted: Octets,
}

impl Round<'_> {
    /// A session began on a counter that was there before. Only the difference counts, unless the counter dropped; what
    /// a silent reset would hide is bounded by all that can have passed in the meantime less what was counted of it.
    /// (Rule 1's "old value" is no bound by itself: the end of the session before is unseen as well. That a binding
    /// dropped on earlier reconnects proves nothing of this one: who reset it then may have been a tool.)
    pub(super) fn switch_session(
        &mut self,
        slot: usize,
        octets: Octets,
        shown: &OwnerSession,
        read_at: ReadAt,
    ) {
        self.note_drop_since_aside(slot, octets);
        self.note_confirmation(slot, octets);
        let (from, seconds) = self.since_last_read(slot);
        let passage = self.passage(slot, shown, &from);
        let before = self.state.counters[slot].octets;
        let grown = octets.grown_since(before);
        let (delta, reason) = match grown {
            Some(delta) => (delta, Reason::SessionStart),
            None => (octets, Reason::CounterReset),
        };
        let unseen = self.unseen_at_switch(slot, shown, &passage, grown, octets);
        self.end_session(slot, None, from, None);
        self.mark_present(slot);
        let session = self.open_session(shown);
        let assumed = self.continuity == Continuity::Assumed;
        let counter = &mut self.state.counters[slot];
        self.owners.note_counter(&counter.name);
        counter.session = session;
        counter.octets = octets;
        counter.hides = false;
        let settled = read_at == ReadAt::AfterOwners;
        let watch = Watch { from, counted: Some(delta), settled: Some(settled) };
        counter.watch = Some(Box::new(watch)).filter(|_| !assumed);
        self.changed(slot);
        let unseen = Some(unseen).filter(|unseen| unseen.upper_octets != Some(0));
        self.post(slot, Posting { reason, delta, before, after: octets, from, seconds, unseen });
    }

    /// Between which readings the sessions changed: the last two if the start says so, else all since the tables
    /// named the session before. (A counter that reset when that session ended and had counted nothing by the reading
    /// before showed no drop: at zero the start alone says nothing of the end.)
    fn passage(&self, slot: usize, shown: &OwnerSession, read: &RoundTimes) -> Passage {
        let counter = &self.state.counters[slot];
        let read_until = i64::try_from(read.uptime.after).unwrap_or(i64::MAX);
        let began_since = self.start_of(shown).is_some_and(|start| start.earliest > read_until);
        if began_since && !counter.octets.is_zero() {
            return Passage { seconds: self.seconds_from(read), counted: Octets::ZERO };
        }
        let counted = counter.watch.as_deref().and_then(|watch| watch.counted).unwrap_or_default();
        Passage { seconds: self.seconds_watched(slot), counted }
    }

    fn unseen_at_switch(
        &self,
        slot: usize,
        shown: &OwnerSession,
        passage: &Passage,
        grown: Option<Octets>,
        octets: Octets,
    ) -> Unseen {
        let counter = &self.state.counters[slot];
        let before = counter.octets;
        let delta = grown.unwrap_or(octets);
        let nobodys = !counter.unattributed.is_zero() && counter.session.is_none();
        if !counter.permanent || nobodys || counter.hides {
            // Its value when first seen and all it gained since: less is a reset, and none more may be.
            let first_value = before.grown_since(counter.unattributed).filter(|first| !first.is_zero());
            let never_reset = grown.is_some() && first_value.is_some() && !counter.hides;
            return self.unseen_before_owner(shown, delta, never_reset.then_some(before));
        }
        let unseen = less(self.state.link.unseen(passage.seconds), delta + passage.counted);
        let reset_aside =
            counter.absence.as_ref().is_some_and(|absence| absence.dropped || absence.forgotten);
        let idle_until_now = counter.session.is_none() && grown.is_some() && !reset_aside;
        if idle_until_now { capped(unseen, before) } else { unseen }
    }

    /// What a session whose whole value never counted may have passed before: at most `value`, unless the counter
    /// was reset meanwhile.
    pub(super) fn unseen_before_owner(
        &self,
        shown: &OwnerSession,
        delta: Octets,
        value: Option<Octets>,
    ) -> Unseen {
        let unseen = less(self.state.link.unseen(self.life_of(shown)), delta);
        value.map_or(unseen, |value| capped(unseen, value))
    }

    /// What the end of a binding's session may hide. A counter that starts over with the session shows zero, and had it
    /// counted nothing before, no drop tells; one that moved may have started over with another session, never shown,
    /// and have overtaken its old value. A value that stands still hides nothing.
    pub(super) fn unseen_before_idle(&self, slot: usize, octets: Octets) -> Option<Unseen> {
        let counter = &self.state.counters[slot];
        let watched = counter.watch.as_deref().and_then(|watch| watch.counted);
        let counted = watched.unwrap_or_default() + octets.grown_since(counter.octets).unwrap_or(octets);
        let unseen = less(self.state.link.unseen(self.seconds_watched(slot)), counted);
        let moved = watched.is_none() || !counted.is_zero();
        Some(unseen).filter(|unseen| (octets.is_zero() || moved) && unseen.upper_octets != Some(0))
    }

    /// Upper bound of the seconds since the last reading that surely belongs to the session the tables named last.
    pub(super) fn seconds_watched(&self, slot: usize) -> Option<u64> {
        let watch = self.state.counters[slot].watch.as_deref()?;
        self.seconds_from(&watch.from).filter(|_| !self.is_doubtful(slot))
    }

    /// The tables name as a binding what was taken for a session's own counter.
    pub(super) fn enrol(&mut self, slot: usize, owner: Option<&Owner>) {
        self.counter(slot).permanent |= owner.is_some_and(|owner| owner.permanent);
    }

    /// Notes a reading under the session known so far.
    pub(super) fn note_watched(&mut self, slot: usize, read: RoundTimes, delta: Octets, named: bool) {
        let assumed = self.continuity == Continuity::Assumed;
        self.unnamed |= !named && self.is_of_binding(slot);
        let counter = self.counter(slot);
        if !counter.permanent || counter.table().is_standing() {
            return;
        }
        if assumed {
            // What lay before this round may have been another boot.
            counter.watch = None;
        } else if named {
            counter.watch = Some(Box::new(Watch { from: read, counted: Some(delta), settled: Some(true) }));
        } else if let Some(watch) = &mut counter.watch {
            watch.counted = watch.counted.map(|counted| counted + delta);
            watch.settled = Some(true);
        }
    }

    /// True when a permanent counter's session may have begun after its last reading, which was then still the session's
    /// before it. What a restart forgot is told by the session's start.
    pub(super) fn may_have_begun_since_last_read(&self, slot: usize) -> bool {
        let counter = &self.state.counters[slot];
        let Some(session) = counter.session.as_ref().filter(|_| counter.permanent) else { return false };
        if let Some(settled) = counter.watch.as_deref().and_then(|watch| watch.settled) {
            return !settled;
        }
        let read_from = i64::try_from(self.last_read(slot).uptime.before).unwrap_or(i64::MAX);
        session.start.is_some_and(|start| start.latest >= read_from)
    }
}
