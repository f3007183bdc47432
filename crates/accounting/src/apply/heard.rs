//! Sessions that only `listen` showed: no counter of theirs was ever read, so nothing can be counted, but that they
//! were there is said, with a bound (rule 9).

use crate::changes::SessionEnded;
use crate::ledger::{LedgerEntry, Reason};
use crate::octets::Octets;
use crate::snapshot::{Heard, OwnerSession};

use super::round::Round;

impl Round<'_> {
    pub(super) fn note_heard(&mut self) {
        let snapshot = self.snapshot;
        for heard in &snapshot.heard {
            if !self.is_counted(&heard.session) {
                self.post_heard(heard);
            }
        }
    }

    /// True when a counter of that session is known, so that its octets are in the ledger already.
    fn is_counted(&self, heard: &OwnerSession) -> bool {
        let known = self.state.counters.iter().filter_map(|counter| counter.session.as_ref());
        let mut ids = known.filter_map(|session| session.acct_session_id);
        heard.acct_session_id.is_none_or(|heard| ids.any(|id| id == heard))
    }

    fn post_heard(&mut self, heard: &Heard) {
        let no = self.state.next_no();
        let ended = SessionEnded { last_seen_at: self.at(), terminate_cause: None };
        let Some(record) = self.session_record(no, &heard.session, Some(ended)) else { return };
        self.new_session_ids.extend(record.acct_session_id);
        let login = record.login;
        let cycle =
            self.state.roster.find(&heard.session.login).and_then(|slot| self.state.roster.get(slot).cycle);
        self.changes.new_sessions.push(record);
        let entry = LedgerEntry {
            bucket: self.at().bucket(),
            no: self.state.next_no(),
            login: Some(login),
            session: Some(no),
            counter: None,
            cycle,
            reason: Reason::HeardOnly,
            posted: true,
            delta: Octets::ZERO,
            before: Octets::ZERO,
            after: Octets::ZERO,
            from: self.at().minus_seconds(heard.lasted_at_most_s),
            to: self.at(),
            unseen: Some(self.state.link.unseen(Some(heard.lasted_at_most_s))),
            polls: 0,
        };
        self.changes.new_entries.push(entry);
    }
}
