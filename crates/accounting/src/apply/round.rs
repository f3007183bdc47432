//! One snapshot being applied: what is known of it and what it has changed so far.

use rustc_hash::FxHashSet;

use crate::changes::{Changes, SessionEnded, SessionRecord};
use crate::continuity::{Continuity, host_seconds, leap_s, seconds_between};
use crate::counter::{Counter, Session};
use crate::snapshot::{OwnedRow, OwnerSession, Snapshot};
use crate::state::NasState;
use crate::table::Table;
use crate::time::{Micros, RoundTimes, StartInterval};

use super::owners::Owners;

/// Acct-Terminate-Cause 11: NAS Reboot (RFC 2866, 5.10).
pub(super) const NAS_REBOOT: u8 = 11;

/// A snapshot in work.
pub(super) struct Round<'a> {
    pub(super) state: &'a mut NasState,
    pub(super) snapshot: &'a Snapshot,
    pub(super) owners: Owners<'a>,
    pub(super) continuity: Continuity,
    /// Clocks of the last committed round; this round's own when there was none.
    pub(super) last: RoundTimes,
    /// Upper bound of the seconds since then.
    pub(super) seconds_since_last: Option<u64>,
    /// Seconds by which uptime leapt ahead of the sessions' ages since then.
    leapt_s: u64,
    /// Permanent counters known before a reboot, by table and name (rule 2: enrolled before it).
    pub(super) enrolled: FxHashSet<(Table, Box<[u8]>)>,
    /// Rows open in the last round, by table.
    pub(super) open_before: [usize; Table::COUNT],
    pub(super) changes: Changes,
    pub(super) changed_slots: Vec<usize>,
    /// Counters with a new entry.
    pub(super) moved_slots: Vec<usize>,
    pub(super) new_slots: Vec<usize>,
    pub(super) new_session_ids: Vec<u64>,
    /// Some binding's session was not named by this round's tables, if it read any.
    pub(super) unnamed: bool,
}

/// Whether a value was read before or after the tables that name its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReadAt {
    BeforeOwners,
    AfterOwners,
}

impl<'a> Round<'a> {
    pub(super) fn new(state: &'a mut NasState, snapshot: &'a Snapshot, continuity: Continuity) -> Self {
        let last = state.record.last.unwrap_or(snapshot.times);
        let changes = empty_changes(state);
        let mut open_before = [0; Table::COUNT];
        for counter in state.counters.iter().filter(|c| c.absence.is_none() && !c.gone) {
            open_before[counter.table().index()] += 1;
        }
        Round {
            seconds_since_last: seconds_between(continuity, &last, &snapshot.times),
            state,
            snapshot,
            owners: Owners::of(snapshot),
            leapt_s: if continuity.is_new_boot() { 0 } else { leap_s(&last, &snapshot.times) },
            continuity,
            last,
            enrolled: FxHashSet::default(),
            open_before,
            changes,
            changed_slots: Vec::new(),
            moved_slots: Vec::new(),
            new_slots: Vec::new(),
            new_session_ids: Vec::new(),
            unnamed: false,
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

    /// Clocks of the round that read this counter last.
    pub(super) fn last_read(&self, slot: usize) -> RoundTimes {
        self.state.counters[slot].absence.as_ref().map_or(self.last, |absence| absence.last_read)
    }

    /// Clocks of the round that read this counter last, and how many seconds ago at most. An outage in between that may have hidden a
    /// reboot leaves that open, unless a reboot ends the matter now.
    pub(super) fn since_last_read(&self, slot: usize) -> (RoundTimes, Option<u64>) {
        let read = self.last_read(slot);
        (read, self.seconds_from(&read).filter(|_| !self.is_doubtful(slot)))
    }

    /// True when an outage since the counter's last reading may have hidden a reboot.
    pub(super) fn is_doubtful(&self, slot: usize) -> bool {
        let absence = self.state.counters[slot].absence.as_deref();
        absence.is_some_and(|absence| absence.doubtful) && !self.continuity.is_new_boot()
    }

    /// Upper bound of the seconds since a round of this boot.
    pub(super) fn seconds_from(&self, earlier: &RoundTimes) -> Option<u64> {
        if *earlier == self.last {
            return self.seconds_since_last;
        }
        seconds_between(self.continuity, earlier, &self.snapshot.times)
    }

    /// The start of a session shown in this round's tables.
    pub(super) fn start_of(&self, session: &OwnerSession) -> Option<StartInterval> {
        self.shown_start(session).map(|start| start.before_leap(self.leapt_s))
    }

    /// The start of a hotspot login shown in this round.
    pub(super) fn start_of_row(&self, row: &OwnedRow<'_>) -> StartInterval {
        row.start(self.snapshot.times.uptime).before_leap(self.leapt_s)
    }

    /// The same as the axis has it now.
    fn shown_start(&self, session: &OwnerSession) -> Option<StartInterval> {
        session.session_time_s.map(|seconds| StartInterval::of(self.snapshot.times.uptime, seconds))
    }

    /// The counter's session is the one shown. Its age and the router's uptime are two clocks: the start goes where they
    /// drift, for a fixed one would be another session's in the end.
    pub(super) fn follow_start(&mut self, slot: usize, shown: StartInterval) {
        let Some(session) = &mut self.state.counters[slot].session else { return };
        if session.start.is_some_and(|known| shown.is_apart_from(known)) {
            session.start = Some(shown);
            self.changed(slot);
        }
    }

    /// The same with what the tables say of the counter's session.
    pub(super) fn follow_owner(&mut self, slot: usize, session: Option<&OwnerSession>) {
        if let Some(start) = session.and_then(|session| self.shown_start(session)) {
            self.follow_start(slot, start);
        }
    }

    /// Seconds by which uptime leapt ahead of the sessions' ages since the last round.
    pub(super) fn leapt_s(&self) -> u64 {
        self.leapt_s
    }

    /// Upper bound of the seconds since the counter's last reading, by whichever clock says less.
    pub(super) fn fewest_since_last_read(&self, slot: usize) -> Option<u64> {
        let by_host = host_seconds(&self.last_read(slot), &self.snapshot.times);
        [self.since_last_read(slot).1, by_host].into_iter().flatten().min()
    }

    /// Upper bound of the seconds a session shown in this round's tables has lived.
    pub(super) fn life_of(&self, session: &OwnerSession) -> Option<u64> {
        let span = self.snapshot.times.uptime;
        session.session_time_s.map(|seconds| seconds + span.seconds_since(span) + 1)
    }

    /// Opens a session that a counter was found for and returns it.
    pub(super) fn open_session(&mut self, shown: &OwnerSession) -> Option<Session> {
        let session = self.session_of(shown, None)?;
        self.new_session_ids.extend(shown.acct_session_id);
        Some(session)
    }

    /// A session of its own for what is counted under the name shown; `since`: from that instant on, where it went on under
    /// another one before.
    pub(super) fn session_of(&mut self, shown: &OwnerSession, since: Option<Micros>) -> Option<Session> {
        let login = self.state.roster.find(shown.service.kind(), &shown.login)?;
        let session = Session {
            no: self.state.next_no(),
            login,
            acct_session_id: shown.acct_session_id,
            start: self.start_of(shown),
        };
        let record = self.session_record(session.no, shown, None)?;
        let started_at = since.unwrap_or(record.started_at);
        self.changes.new_sessions.push(SessionRecord { started_at, ..record });
        Some(session)
    }

    /// The row of a session as the tables show it.
    pub(super) fn session_record(
        &self,
        no: u64,
        shown: &OwnerSession,
        ended: Option<SessionEnded>,
    ) -> Option<SessionRecord> {
        let login = self.state.roster.find(shown.service.kind(), &shown.login)?;
        let login = self.state.roster.get(login);
        Some(SessionRecord {
            no,
            login: login.id,
            service: shown.service,
            acct_session_id: shown.acct_session_id,
            boot: self.state.record.boot,
            calling_station_id: (&*shown.calling_station_id).into(),
            framed_address: (&*shown.framed_address).into(),
            started_at: shown.session_time_s.map_or(self.at(), |seconds| self.at().minus_seconds(seconds)),
            first_seen_at: self.at(),
            ended,
        })
    }

    /// Many counters may come at once; growing by doubling would leave as much garbage, or empty room, as state.
    pub(super) fn make_room(&mut self, unknown: usize) {
        self.state.make_room(unknown);
        self.changes.new_sessions.reserve(unknown);
        self.changes.new_entries.reserve(unknown);
    }
}

fn empty_changes(state: &NasState) -> Changes {
    let rows = state.counters.len();
    Changes {
        nas: state.record.clone(),
        new_counters: Vec::new(),
        counter_octets: Vec::new(),
        opened_counters: Vec::new(),
        changed_counters: Vec::new(),
        forget_boots_before: None,
        new_sessions: Vec::new(),
        session_octets: Vec::new(),
        opened_sessions: Vec::new(),
        session_states: Vec::new(),
        session_logins: Vec::new(),
        renamed: Vec::new(),
        settled_edges: Vec::new(),
        looked_in: Vec::new(),
        rows_wait: false,
        new_entries: Vec::new(),
        grown_entries: Vec::with_capacity(rows),
        cycle_octets: Vec::with_capacity(rows),
        coverage: Vec::new(),
    }
}
