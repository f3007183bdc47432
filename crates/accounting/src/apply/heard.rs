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

    /// True when a counter of that session is known, so that its octets are in the ledger already. Without a
    /// session-id nothing tells, and a bound too wide is better than one too narrow.
    fn is_counted(&self, heard: &OwnerSession) -> bool {
        let known = self.state.counters.iter().filter_map(|counter| counter.session.as_ref());
        let mut ids = known.filter_map(|session| session.acct_session_id);
        heard.acct_session_id.is_some_and(|heard| ids.any(|id| id == heard))
    }

    fn post_heard(&mut self, heard: &Heard) {
        self.state.record.glimpses.retain(|glimpse| {
            glimpse.session.acct_session_id.is_none()
                || glimpse.session.acct_session_id != heard.session.acct_session_id
        });
        self.post_uncounted(&heard.session, Some(heard.lasted_at_most_s));
    }

    /// A session of which no counter was ever read, with its longest possible life in seconds.
    pub(super) fn post_uncounted(&mut self, session: &OwnerSession, seconds: Option<u64>) {
        let Some(slot) = self.state.roster.find(session.service.kind(), &session.login) else { return };
        let (no, login) = (self.state.next_no(), self.state.roster.get(slot));
        let ended = SessionEnded { last_seen_at: self.at(), terminate_cause: None };
        let Some(record) = self.session_record(no, session, Some(ended)) else { return };
        self.new_session_ids.extend(record.acct_session_id);
        self.changes.new_sessions.push(record);
        let unseen = self.state.link.unseen(seconds);
        for (cycle, to, unseen) in self.unseen_by_cycle(login, &self.stretch_until_now(seconds), unseen) {
            let entry = LedgerEntry {
                bucket: to.bucket(),
                no: self.state.next_no(),
                login: Some(login.id),
                session: Some(no),
                counter: None,
                cycle,
                reason: Reason::HeardOnly,
                posted: true,
                delta: Octets::ZERO,
                before: Octets::ZERO,
                after: Octets::ZERO,
                from: to.minus_seconds(unseen.micros.map_or(0, |micros| micros / 1_000_000)),
                to,
                unseen: Some(unseen),
                polls: 0,
            };
            self.changes.new_entries.push(entry);
        }
    }
}
