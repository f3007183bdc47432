//! Sessions that the tables showed while no counter of theirs could be read: born or gone within a round, or left out
//! of a print. Most are read in the next round; one that is gone by then has an entry with a bound (rule 9).

use rustc_hash::FxHashMap;

use crate::changes::Glimpse;
use crate::counter::{Identity, identity};
use crate::snapshot::{Owner, OwnerSession};
use crate::time::StartInterval;

use super::round::Round;

impl Round<'_> {
    pub(super) fn note_glimpses(&mut self) {
        let Some(identified) = self.snapshot.identified.as_ref() else { return };
        let uncounted: Vec<_> = self.owners.without_counter().collect();
        if uncounted.is_empty() && self.state.record.glimpses.is_empty() {
            return;
        }
        self.settle_glimpses(&uncounted, identified.complete);
        for (owner, session) in uncounted {
            self.glimpse(owner, session);
        }
    }

    /// Forgets glimpses that are counted by now; those that complete tables no longer show are over.
    fn settle_glimpses(&mut self, uncounted: &[(&Owner, &OwnerSession)], complete: bool) {
        let again: FxHashMap<&[u8], &OwnerSession> =
            uncounted.iter().map(|(owner, session)| (&*owner.counter_name, *session)).collect();
        self.forget_counted_glimpses();
        let over = |round: &Self, glimpse: &Glimpse| match again.get(&*glimpse.counter_name) {
            Some(shown) => !round.is_same(glimpse, shown),
            None => complete && !round.shows_orphan(&glimpse.counter_name),
        };
        let until = self.snapshot.times.uptime.after;
        for glimpse in std::mem::take(&mut self.state.record.glimpses) {
            if over(self, &glimpse) {
                self.end_glimpse(glimpse, Some(until));
            } else {
                self.state.record.glimpses.push(glimpse);
            }
        }
    }

    fn forget_counted_glimpses(&mut self) {
        let mut left: FxHashMap<Box<[u8]>, Glimpse> = self
            .state
            .record
            .glimpses
            .drain(..)
            .map(|glimpse| (glimpse.counter_name.clone(), glimpse))
            .collect();
        for counter in &self.state.counters {
            let (Some(known), Some(glimpse)) = (&counter.session, left.get(&counter.name)) else { continue };
            let same_login = self.state.roster.name(known.login) == &*glimpse.session.login;
            let identity = known.compared_to(&glimpse.session, glimpse.start);
            if same_login && matches!(identity, Identity::Same { .. }) {
                left.remove(&counter.name);
            }
        }
        self.state.record.glimpses.extend(left.into_values());
    }

    /// A row that waits for its owner was printed in this round: while it is there its session is not over, whatever the
    /// tables lack.
    fn shows_orphan(&self, name: &[u8]) -> bool {
        self.state.orphans.values().any(|orphan| orphan.seen_in == self.seq() && *orphan.name == *name)
    }

    /// The tables showed a session of that counter that is not counted yet.
    pub(super) fn is_glimpsed(&self, name: &[u8]) -> bool {
        self.state.record.glimpses.iter().any(|glimpse| *glimpse.counter_name == *name)
    }

    /// Sessions only glimpsed before a reboot lived until then at most.
    pub(super) fn end_glimpses_by_reboot(&mut self) {
        let until = self.seconds_since_last.map(|seconds| self.last.uptime.after.saturating_add(seconds));
        for glimpse in std::mem::take(&mut self.state.record.glimpses) {
            self.end_glimpse(glimpse, until);
        }
    }

    fn end_glimpse(&mut self, glimpse: Glimpse, until_s: Option<u64>) {
        let seconds = until_s.zip(glimpse.start).and_then(|(until, start)| lived(start, until));
        let session = OwnerSession { session_time_s: seconds, ..glimpse.session };
        self.post_uncounted(&session, seconds);
    }

    fn is_same(&self, glimpse: &Glimpse, shown: &OwnerSession) -> bool {
        let known_id = glimpse.session.acct_session_id;
        let identity = identity(known_id, glimpse.start, shown, self.start_of(shown));
        glimpse.session.login == shown.login
            && !matches!(identity, Identity::Another | Identity::OtherId | Identity::Earlier)
    }

    fn glimpse(&mut self, owner: &Owner, session: &OwnerSession) {
        if self.state.record.glimpses.iter().any(|glimpse| glimpse.counter_name == owner.counter_name) {
            return;
        }
        let start = self.start_of(session);
        self.state.record.glimpses.push(Glimpse {
            counter_name: owner.counter_name.clone(),
            session: session.clone(),
            start,
        });
    }
}

/// Upper bound of the seconds from a start until a second of uptime that was over.
fn lived(start: StartInterval, until_s: u64) -> Option<u64> {
    let until = i64::try_from(until_s).unwrap_or(i64::MAX).saturating_add(1);
    u64::try_from(until.saturating_sub(start.earliest)).ok()
}
