//! A session that goes on under another name. What a router does with the session of a user who is renamed is not
//! established; where it shows the new name, nothing of the session is new but that.

use crate::continuity::Continuity;
use crate::counter::{Counter, Session};
use crate::octets::Octets;
use crate::snapshot::{CounterRow, Owner, OwnerSession};
use crate::time::StartMove;

use super::round::{ReadAt, Round};

impl Round<'_> {
    /// True when the tables show the session of a counter under another name: by its session-id, and as old as it is. Without
    /// ids the counter tells, if it is a session's own: its id on the router is new with each one (DESIGN rule 5).
    pub(super) fn was_called_otherwise(
        &self,
        counter: &Counter,
        known: &Session,
        shown: &OwnerSession,
    ) -> bool {
        let same = match known.acct_session_id.zip(shown.acct_session_id) {
            Some((known, shown)) => known == shown,
            None => !counter.permanent && self.continuity == Continuity::Proven,
        };
        let starts = known.start.zip(self.start_of(shown));
        same && self.state.roster.name(known.login) != &*shown.login
            && starts.is_some_and(|(known, shown)| shown.compared_to(known) == StartMove::Same)
    }

    /// The session of a counter goes on as the one shown: what was counted stays with the name before.
    pub(super) fn go_on_as(&mut self, slot: usize, shown: &OwnerSession) {
        let (from, _) = self.since_last_read(slot);
        self.end_session(slot, None, from, None);
        self.counter(slot).session = self.session_of(shown, Some(from.at));
        self.changed(slot);
    }

    /// A row of a known id under a name that is not known: true when the tables say that it is the same session's counter.
    pub(super) fn follow_renamed(&mut self, row: &CounterRow<'_>, before: Octets, owner: &Owner) -> bool {
        let Some(slot) = self.renamed(row, owner) else { return false };
        self.counter(slot).name = row.name.into();
        self.changed(slot);
        self.note_drops(slot, CounterRow { octets: before, ..*row }, row);
        self.take_known(slot, *row, ReadAt::AfterOwners);
        true
    }

    fn renamed(&self, row: &CounterRow<'_>, owner: &Owner) -> Option<usize> {
        let slot = *self.state.by_handle.get(&row.handle)? as usize;
        let counter = self.state.counters.get(slot).filter(|counter| !counter.gone && !counter.permanent)?;
        let (known, shown) = counter.session.as_ref().zip(owner.session.as_ref())?;
        self.was_called_otherwise(counter, known, shown).then_some(slot)
    }
}
