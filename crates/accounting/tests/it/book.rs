//! A store in memory: folds changes as the database would and checks after every commit what must always hold.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use accounting::Octets;
use accounting::changes::{Changes, CounterRecord, CounterState, NasRecord, SessionRecord, SessionState};
use accounting::ledger::{EntryRef, LedgerEntry, Reason};
use accounting::plan::Unknown;
use accounting::table::Table;
use accounting::time::{Micros, StartInterval, StartMove};

#[derive(Debug)]
pub(crate) struct StoredSession {
    pub(crate) record: SessionRecord,
    /// Its total: what its row says and what its open entry adds.
    pub(crate) octets: Octets,
    row: Octets,
    open: Option<EntryRef>,
    pub(crate) state: SessionState,
}

#[derive(Debug, Default)]
pub(crate) struct Book {
    pub(crate) nas: NasRecord,
    pub(crate) counters: BTreeMap<u64, CounterRecord>,
    pub(crate) sessions: BTreeMap<u64, StoredSession>,
    /// By number, which is the order they were written in.
    pub(crate) entries: BTreeMap<u64, LedgerEntry>,
    pub(crate) cycles: BTreeMap<i64, Octets>,
    pub(crate) coverage: BTreeMap<u64, (Table, Range<Micros>)>,
}

impl Book {
    /// One transaction.
    pub(crate) fn commit(&mut self, changes: &Changes) {
        assert_eq!(changes.nas.poll_seq, self.nas.poll_seq + 1, "poll_seq moves by one");
        self.nas = changes.nas.clone();
        self.fold_entries(changes);
        self.fold_counters(changes);
        self.fold_sessions(changes);
        self.fold_coverage(changes);
        self.read_open_entries();
        self.check_totals();
        self.check_chains();
    }

    /// Counters that a restarted accounting is given.
    pub(crate) fn present(&self) -> Vec<CounterRecord> {
        let gone = |counter: &CounterRecord| {
            matches!(counter.state, CounterState::Gone { .. } | CounterState::Released)
        };
        let present = self.counters.values().filter(|c| c.boot == self.nas.boot && !gone(c)).cloned();
        present.map(|counter| self.with_held(counter)).collect()
    }

    fn with_held(&self, counter: CounterRecord) -> CounterRecord {
        let no = Some(counter.no);
        let mut counter = CounterRecord { before_held: None, ..counter };
        let held = self.entries.values().rev().filter(|entry| !entry.posted && entry.counter == no);
        counter.note_held(held.map(|entry| (entry.before, entry.after)));
        counter
    }

    /// Gone counters of this boot that unknown rows may be.
    pub(crate) fn gone(&self, unknown: &Unknown) -> Vec<CounterRecord> {
        let gone = |counter: &&CounterRecord| matches!(counter.state, CounterState::Gone { .. });
        let wanted = self.counters.values().filter(gone);
        let is_unknown = |counter: &&CounterRecord| {
            let by_start = |(name, start): &(Box<[u8]>, StartInterval)| {
                let known = counter.session.as_ref().and_then(|session| session.start);
                *name == counter.name
                    && known.is_some_and(|known| start.compared_to(known) == StartMove::Same)
            };
            unknown.handles.contains(&counter.handle) || unknown.logins.iter().any(by_start)
        };
        wanted.filter(|c| c.boot == self.nas.boot).filter(is_unknown).cloned().collect()
    }

    fn fold_counters(&mut self, changes: &Changes) {
        for record in &changes.new_counters {
            assert!(self.counters.insert(record.no, record.clone()).is_none(), "a counter is new once");
        }
        let (moved, opened) = (&changes.counter_octets, &changes.opened_counters);
        let numbers = moved.iter().map(|(no, _)| *no).chain(opened.iter().map(|(no, _)| *no));
        let once: BTreeSet<u64> = numbers.collect();
        assert_eq!(once.len(), moved.len() + opened.len(), "a counter moves once in a commit");
        for (no, octets) in moved {
            let counter = self.counters.get_mut(no).expect("a moved counter is stored");
            (counter.octets, counter.open) = (*octets, None);
        }
        for (no, open) in opened {
            self.counters.get_mut(no).expect("a moved counter is stored").open = Some(*open);
        }
        for record in &changes.changed_counters {
            assert!(self.counters.insert(record.no, record.clone()).is_some(), "a changed counter is stored");
        }
        if let Some(boot) = changes.forget_boots_before {
            self.counters.retain(|_, counter| counter.boot >= boot);
        }
    }

    fn fold_sessions(&mut self, changes: &Changes) {
        for record in &changes.new_sessions {
            let state = record.ended.map_or(SessionState::Open, SessionState::Ended);
            let (octets, row) = (Octets::ZERO, Octets::ZERO);
            let stored = StoredSession { record: record.clone(), octets, row, open: None, state };
            assert!(self.sessions.insert(record.no, stored).is_none(), "a session is new once");
        }
        let mut moved: Vec<u64> = changes.session_octets.iter().map(|(no, _)| *no).collect();
        moved.sort_unstable();
        assert!(moved.windows(2).all(|pair| pair[0] != pair[1]), "a session moves once in a commit");
        for (no, octets) in &changes.session_octets {
            self.sessions.get_mut(no).expect("the session is stored").row += *octets;
        }
        for (no, open) in &changes.opened_sessions {
            let session = self.sessions.get_mut(no).expect("the session is stored");
            session.row += session.open.map_or(Octets::ZERO, |closed| self.entries[&closed.no].delta);
            session.open = Some(*open);
        }
        for (no, state) in &changes.session_states {
            self.sessions.get_mut(no).expect("the session is stored").state = *state;
        }
        for (no, login) in &changes.session_logins {
            self.sessions.get_mut(no).expect("the session is stored").record.login = *login;
        }
    }

    /// What the rows of counters and sessions leave to their open entries.
    fn read_open_entries(&mut self) {
        let entry = |open: &EntryRef| {
            let entry = &self.entries[&open.no];
            assert_eq!(entry.bucket, open.bucket);
            entry
        };
        for counter in self.counters.values_mut() {
            let Some(open) = counter.open.as_ref().map(entry) else { continue };
            assert_eq!(open.counter, Some(counter.no));
            counter.octets = open.after;
        }
        for session in self.sessions.values_mut() {
            let open = session.open.as_ref().map(entry);
            assert!(open.is_none_or(|open| open.session == Some(session.record.no)));
            session.octets = session.row + open.map_or(Octets::ZERO, |open| open.delta);
        }
    }

    /// The login row that each session which has not ended is stored under.
    pub(crate) fn session_logins(&self) -> Vec<(u64, i64)> {
        let open = self.sessions.values().filter(|session| !matches!(session.state, SessionState::Ended(_)));
        open.map(|session| (session.record.no, session.record.login)).collect()
    }

    fn fold_entries(&mut self, changes: &Changes) {
        for grown in &changes.grown_entries {
            let entry = self.entries.get_mut(&grown.no).expect("a growing entry is stored");
            assert_eq!(entry.bucket, grown.bucket);
            assert!(matches!(entry.reason, Reason::Grew | Reason::Undercounted));
            assert_eq!(entry.bucket, grown.to.bucket(), "an entry lies in the bucket of its end");
            (entry.delta, entry.after, entry.to) = (grown.delta, grown.after, grown.to);
            entry.polls = grown.polls;
        }
        for entry in &changes.new_entries {
            assert_eq!(entry.bucket, entry.to.bucket(), "an entry lies in the bucket of its end");
            assert!(self.entries.insert(entry.no, entry.clone()).is_none(), "a number is given once");
        }
        assert!(changes.cycle_octets.windows(2).all(|pair| pair[0].0 < pair[1].0), "sorted, each once");
        for (cycle, octets) in &changes.cycle_octets {
            *self.cycles.entry(*cycle).or_default() += *octets;
        }
    }

    fn fold_coverage(&mut self, changes: &Changes) {
        for row in &changes.coverage {
            if row.is_new {
                assert!(self.coverage.insert(row.no, (row.table, row.from..row.to)).is_none());
            } else {
                let stored = self.coverage.get_mut(&row.no).expect("an extended coverage row is stored");
                assert_eq!(stored.0, row.table);
                stored.1.end = row.to;
            }
        }
    }

    /// Rule 12.
    fn check_totals(&self) {
        let mut by_session: BTreeMap<u64, Octets> = BTreeMap::new();
        let mut by_cycle: BTreeMap<i64, Octets> = BTreeMap::new();
        for entry in self.entries.values().filter(|entry| entry.posted) {
            if let Some(session) = entry.session {
                *by_session.entry(session).or_default() += entry.delta;
            }
            if let Some(cycle) = entry.cycle {
                *by_cycle.entry(cycle).or_default() += entry.delta;
            }
        }
        for (no, stored) in &self.sessions {
            assert_eq!(by_session.remove(no).unwrap_or_default(), stored.octets, "total of session {no}");
        }
        assert!(by_session.is_empty(), "entries of no session: {by_session:?}");
        by_cycle.retain(|_, octets| !octets.is_zero());
        let stored: BTreeMap<i64, Octets> =
            self.cycles.iter().filter(|(_, octets)| !octets.is_zero()).map(|(no, o)| (*no, *o)).collect();
        assert_eq!(by_cycle, stored, "totals of cycles");
    }

    fn check_chains(&self) {
        let mut last: BTreeMap<u64, Octets> = BTreeMap::new();
        for entry in self.entries.values() {
            check_delta(entry);
            let Some(counter) = entry.counter else { continue };
            if let Some(before) = last.insert(counter, entry.after) {
                assert_eq!(entry.before, before, "the chain of counter {counter} breaks at {entry:?}");
            }
        }
        for (no, after) in &last {
            if let Some(counter) = self.counters.get(no) {
                assert_eq!(counter.octets, *after, "counter {no} moved without an entry");
            }
        }
        self.check_nobodys();
    }

    /// What a counter is stored to have moved as nobody's is what its entries say.
    fn check_nobodys(&self) {
        let mut nobodys: BTreeMap<u64, Octets> = BTreeMap::new();
        for entry in self.entries.values().filter(|entry| entry.posted && entry.login.is_none()) {
            *nobodys.entry(entry.counter.expect("nobody has no sessions")).or_default() += entry.delta;
        }
        for counter in self.counters.values() {
            let said = nobodys.get(&counter.no).copied().unwrap_or_default();
            assert_eq!(counter.unattributed, said, "what counter {} moved as nobody's", counter.no);
        }
    }
}

fn check_delta(entry: &LedgerEntry) {
    let grown = entry.after.grown_since(entry.before);
    let delta = match entry.reason {
        Reason::Baseline | Reason::SessionEnd | Reason::HeardOnly | Reason::NotConfirmed => {
            Some(Octets::ZERO)
        }
        Reason::CounterReset | Reason::RouterReboot => Some(entry.after),
        Reason::Grew
        | Reason::Undercounted
        | Reason::Resumed
        | Reason::SessionStart
        | Reason::Tail
        | Reason::EdgeUnobserved => grown,
        Reason::Held => grown.filter(|grown| *grown == entry.delta).or(Some(entry.after)),
        // Decisions and retention make these; accounting never does.
        Reason::Released | Reason::BroughtForward | Reason::Adopted => None,
    };
    assert_eq!(Some(entry.delta), delta, "{entry:?}");
}
