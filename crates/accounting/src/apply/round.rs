//! One snapshot being applied: what is known of it and what it has changed so far.

use rustc_hash::FxHashMap;

use crate::changes::{
    Changes, CounterRecord, CoverageRow, CoverageStart, SessionEnded, SessionRecord, SessionState,
};
use crate::continuity::{Continuity, seconds_between};
use crate::counter::{Counter, OpenEntry, Session};
use crate::ledger::{GrownEntry, LedgerEntry, Reason, Unseen};
use crate::octets::Octets;
use crate::snapshot::{Owner, OwnerSession, Snapshot};
use crate::state::NasState;
use crate::time::{Micros, RoundTimes, StartInterval};

/// Acct-Terminate-Cause 11: NAS Reboot (RFC 2866, 5.10).
pub(super) const NAS_REBOOT: u8 = 11;

/// A snapshot in work.
pub(super) struct Round<'a> {
    pub(super) state: &'a mut NasState,
    pub(super) snapshot: &'a Snapshot,
    pub(super) owners: FxHashMap<&'a [u8], &'a Owner>,
    pub(super) continuity: Continuity,
    /// Clocks of the last committed round; this round's own when there was none.
    pub(super) last: RoundTimes,
    /// Upper bound of the seconds since then.
    pub(super) seconds_since_last: Option<u64>,
    /// Static bindings known before a reboot (rule 2: enrolled before it).
    pub(super) enrolled: Vec<Box<[u8]>>,
    pub(super) changes: Changes,
    pub(super) changed_slots: Vec<usize>,
    pub(super) new_slots: Vec<usize>,
    pub(super) cycle_octets: FxHashMap<i64, Octets>,
    pub(super) new_session_ids: Vec<u64>,
}

/// What a reading adds to the ledger.
pub(super) struct Posting {
    pub(super) reason: Reason,
    pub(super) delta: Octets,
    pub(super) before: Octets,
    pub(super) after: Octets,
    pub(super) from: Micros,
    /// Upper bound of the seconds it grew in, to tell impossible jumps; `None` = unknown.
    pub(super) seconds: Option<u64>,
    pub(super) unseen: Option<Unseen>,
}

impl<'a> Round<'a> {
    pub(super) fn new(state: &'a mut NasState, snapshot: &'a Snapshot, continuity: Continuity) -> Self {
        let last = state.record.last.unwrap_or(snapshot.times);
        let owners = snapshot.identified.iter().flat_map(|identified| &identified.owners);
        let owners = owners.map(|owner| (&*owner.counter_name, owner)).collect();
        let changes = empty_changes(state, snapshot);
        Round {
            seconds_since_last: seconds_between(continuity, &last, &snapshot.times),
            state,
            snapshot,
            owners,
            continuity,
            last,
            enrolled: Vec::new(),
            changes,
            changed_slots: Vec::new(),
            new_slots: Vec::new(),
            cycle_octets: FxHashMap::default(),
            new_session_ids: Vec::new(),
        }
    }

    /// This round's number, as the counters seen in it are marked.
    pub(super) fn seq(&self) -> u64 {
        self.state.record.poll_seq + 1
    }

    pub(super) fn at(&self) -> Micros {
        self.snapshot.times.at
    }

    pub(super) fn counter(&mut self, slot: usize) -> &mut Counter {
        &mut self.state.counters[slot]
    }

    /// Notes that more than the octets of a counter changed.
    pub(super) fn changed(&mut self, slot: usize) {
        self.changed_slots.push(slot);
    }

    /// When this counter was read last, and how many seconds ago at most.
    pub(super) fn since_last_read(&self, slot: usize) -> (Micros, Option<u64>) {
        match &self.state.counters[slot].absence {
            None => (self.last.at, self.seconds_since_last),
            Some(absence) => {
                let seconds = seconds_between(self.continuity, &absence.last_read, &self.snapshot.times);
                (absence.last_read.at, seconds)
            }
        }
    }

    /// The start of a session shown in this round's tables.
    pub(super) fn start_of(&self, session: &OwnerSession) -> Option<StartInterval> {
        session.session_time_s.map(|seconds| StartInterval::of(self.snapshot.times.uptime, seconds))
    }

    /// Opens a session for the counter in `slot` and returns it.
    pub(super) fn open_session(&mut self, shown: &OwnerSession) -> Option<Session> {
        let login = self.state.roster.find(&shown.login)?;
        let session = Session {
            no: self.state.next_no(),
            login,
            acct_session_id: shown.acct_session_id,
            start: self.start_of(shown),
        };
        self.new_session_ids.extend(shown.acct_session_id);
        let record = self.session_record(session.no, shown, None);
        self.changes.new_sessions.push(record?);
        Some(session)
    }

    /// The row of a session as the tables show it.
    pub(super) fn session_record(
        &self,
        no: u64,
        shown: &OwnerSession,
        ended: Option<SessionEnded>,
    ) -> Option<SessionRecord> {
        let login = self.state.roster.get(self.state.roster.find(&shown.login)?);
        Some(SessionRecord {
            no,
            login: login.id,
            service: shown.service,
            acct_session_id: shown.acct_session_id,
            boot: self.state.record.boot,
            calling_station_id: shown.calling_station_id.clone(),
            framed_address: shown.framed_address.clone(),
            started_at: shown.session_time_s.map_or(self.at(), |seconds| self.at().minus_seconds(seconds)),
            first_seen_at: self.at(),
            ended,
        })
    }

    /// Ends the session of a counter; an entry says what of it was not seen, if anything.
    pub(super) fn end_session(
        &mut self,
        slot: usize,
        cause: Option<u8>,
        last_seen_at: Micros,
        unseen: Option<Unseen>,
    ) {
        let Some(session) = self.counter(slot).session.clone() else { return };
        let ended = SessionEnded { last_seen_at, terminate_cause: cause };
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
                    from: last_seen_at,
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
    pub(super) fn post(&mut self, slot: usize, posting: Posting) {
        let held = self.state.link.is_impossible(posting.delta, posting.seconds);
        if !held && posting.reason == Reason::Grew && self.extend_open_entry(slot, &posting) {
            return;
        }
        let counter = &self.state.counters[slot];
        let (counter_no, session) = (counter.no, counter.session.clone());
        let login = session.as_ref().map(|session| self.state.roster.get(session.login));
        let cycle = login.and_then(|login| login.cycle).filter(|_| !held);
        let entry = LedgerEntry {
            bucket: self.at().bucket(),
            no: self.state.next_no(),
            login: login.map(|login| login.id),
            session: session.as_ref().map(|session| session.no),
            counter: Some(counter_no),
            cycle,
            reason: if held { Reason::Held } else { posting.reason },
            posted: !held,
            delta: posting.delta,
            before: posting.before,
            after: posting.after,
            from: posting.from,
            to: self.at(),
            unseen: posting.unseen,
            polls: 1,
        };
        self.remember_open(slot, &entry);
        if !held {
            self.add_to_totals(slot, posting.delta, cycle);
        }
        self.changes.new_entries.push(entry);
    }

    fn remember_open(&mut self, slot: usize, entry: &LedgerEntry) {
        let grew = entry.reason == Reason::Grew;
        self.counter(slot).open = grew.then_some(OpenEntry {
            bucket: entry.bucket,
            no: entry.no,
            cycle: entry.cycle,
            login: entry.login,
            delta: entry.delta,
            polls: 1,
        });
    }

    fn extend_open_entry(&mut self, slot: usize, posting: &Posting) -> bool {
        let at = self.at();
        let counter = &mut self.state.counters[slot];
        let Some(open) = &mut counter.open else { return false };
        let login = counter.session.as_ref().map(|session| self.state.roster.get(session.login));
        let (login, cycle) = (login.map(|login| login.id), login.and_then(|login| login.cycle));
        if open.bucket != at.bucket() || open.cycle != cycle || open.login != login {
            return false;
        }
        open.delta += posting.delta;
        open.polls += 1;
        let grown = GrownEntry {
            bucket: open.bucket,
            no: open.no,
            delta: open.delta,
            after: posting.after,
            to: at,
            polls: open.polls,
        };
        self.changes.grown_entries.push(grown);
        self.add_to_totals(slot, posting.delta, cycle);
        true
    }

    fn add_to_totals(&mut self, slot: usize, delta: Octets, cycle: Option<i64>) {
        if delta.is_zero() {
            return;
        }
        match &self.state.counters[slot].session {
            Some(session) => self.changes.session_octets.push((session.no, delta)),
            None => self.state.counters[slot].unattributed += delta,
        }
        if let Some(cycle) = cycle {
            *self.cycle_octets.entry(cycle).or_default() += delta;
        }
    }

    /// Closes the round: the router's record moves on and the changes are complete.
    pub(super) fn finish(mut self) -> Changes {
        crate::series::note_new_sessions(&mut self.state.record, &mut self.new_session_ids);
        self.changes.coverage = self.coverage_row();
        let record = &mut self.state.record;
        record.device = Some(self.snapshot.device.clone());
        record.last = Some(self.snapshot.times);
        record.poll_seq += 1;
        let uptime_s = self.snapshot.times.uptime.after;
        record.coverage_start.get_or_insert(CoverageStart { boot: record.boot, uptime_s });
        self.changes.nas = record.clone();
        self.changes.session_logins = std::mem::take(&mut self.state.rebound_sessions);
        self.changes.cycle_octets = self.cycle_octets.drain().collect();
        self.changes.cycle_octets.sort_unstable_by_key(|(cycle, _)| *cycle);
        self.changes.new_counters = self.records_of(&self.new_slots);
        let mut changed = std::mem::take(&mut self.changed_slots);
        changed.sort_unstable();
        changed.dedup();
        changed.retain(|slot| self.new_slots.binary_search(slot).is_err());
        self.changes.changed_counters = self.records_of(&changed);
        self.state.tidy();
        self.changes
    }

    fn records_of(&self, slots: &[usize]) -> Vec<CounterRecord> {
        let (boot, roster) = (self.state.record.boot, &self.state.roster);
        slots.iter().map(|slot| self.state.counters[*slot].to_record(boot, roster)).collect()
    }

    fn coverage_row(&mut self) -> CoverageRow {
        let to = self.at();
        let unbroken = !self.snapshot.after_gap && self.continuity == Continuity::Proven;
        match self.state.record.open_coverage.filter(|_| unbroken) {
            Some(no) => CoverageRow { no, from: to, to, is_new: false },
            None => {
                let no = self.state.next_no();
                self.state.record.open_coverage = Some(no);
                CoverageRow { no, from: to, to, is_new: true }
            }
        }
    }
}

fn empty_changes(state: &NasState, snapshot: &Snapshot) -> Changes {
    let rows = state.counters.len();
    let at = snapshot.times.at;
    Changes {
        nas: state.record.clone(),
        new_counters: Vec::new(),
        counter_octets: Vec::with_capacity(rows),
        changed_counters: Vec::new(),
        forget_boots_before: None,
        new_sessions: Vec::new(),
        session_octets: Vec::with_capacity(rows),
        session_states: Vec::new(),
        session_logins: Vec::new(),
        new_entries: Vec::new(),
        grown_entries: Vec::with_capacity(rows),
        cycle_octets: Vec::new(),
        coverage: CoverageRow { no: 0, from: at, to: at, is_new: false },
    }
}
