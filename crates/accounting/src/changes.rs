//! What one snapshot changes: the accounting's answer to a round, written by the store in one transaction.

pub use crate::counter_record::{CounterRecord, CounterSession, CounterState, Tail};
use crate::edge::Edge;
use crate::ledger::{EntryRef, GrownEntry, LedgerEntry};
use crate::octets::Octets;
use crate::snapshot::{OwnerSession, Service};
use crate::table::Table;
use crate::time::{Micros, RoundTimes, StartInterval};

/// What is remembered of a router between rounds. One row per router, rewritten with every snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NasRecord {
    /// The device's key; `None` before the first snapshot.
    pub device: Option<Box<str>>,
    /// Our number of the device's current boot; grows by one with each reboot or replaced device.
    pub boot: u32,
    /// Clocks of the last committed round.
    pub last: Option<RoundTimes>,
    /// First clean print of each counter table ever committed of this device: boot and seconds of uptime read after it
    /// (rule 2).
    pub coverage_start: CoverageStarts,
    /// The next number to give to a counter, session, entry or coverage row.
    pub next_no: u64,
    /// Snapshots committed so far (rule 3).
    pub poll_seq: u64,
    /// Numbers of the coverage rows being extended.
    pub open_coverage: OpenCoverage,
    /// PPP sessions that the router's numbering shows to have existed and that no print or `listen` showed.
    pub unseen_sessions: u64,
    /// An outage in this boot may have hidden a reboot, or the axis was set back: an age on the router's axis says nothing
    /// about what lay before that.
    pub boot_doubtful: bool,
    /// Clocks of the reading before the latest tables that named every binding's session: the latest that surely belongs
    /// to these sessions; `None` where another boot may lie in between.
    pub named_since: Option<RoundTimes>,
    /// The second of uptime by which what the router adds up for a user last told what nobody had read: a session that
    /// began before may have moved a part of it.
    pub told_until: Option<u64>,
    /// Sessions that the tables named while no counter of theirs could be read yet (rule 9).
    pub glimpses: Vec<Glimpse>,
    /// The highest session number seen of each series (upper digits of the session-id), for `unseen_sessions`.
    pub session_series: Vec<SessionSeries>,
}

/// A session that the tables showed without a counter: when it is gone before one was read, an entry bounds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glimpse {
    /// Name of the counter it should have, raw bytes; empty where no table named one.
    pub counter_name: Box<[u8]>,
    /// What the tables said.
    pub session: OwnerSession,
    /// When it began, on the router's axis.
    pub start: Option<StartInterval>,
}

/// See [`NasRecord::coverage_start`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CoverageStarts([Option<CoverageStart>; Table::COUNT]);

impl CoverageStarts {
    /// When coverage of a table began; `None` while it was never read.
    pub fn of(&self, table: Table) -> Option<CoverageStart> {
        self.0[table.index()]
    }

    /// A table was read; only the first time counts.
    pub fn begin(&mut self, table: Table, start: CoverageStart) {
        self.0[table.index()].get_or_insert(start);
    }

    /// The same where each time counts.
    pub(crate) fn begin_anew(&mut self, table: Table, start: CoverageStart) {
        self.0[table.index()] = Some(start);
    }

    /// The tables that were read before, as if first read then.
    pub(crate) fn moved_to(self, start: CoverageStart) -> Self {
        CoverageStarts(self.0.map(|known| known.map(|_| start)))
    }
}

/// By table, the number of its coverage row that the next round extends; `None` where its last round did not cover it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpenCoverage([Option<u64>; Table::COUNT]);

impl OpenCoverage {
    /// That of a table.
    pub fn of(&self, table: Table) -> Option<u64> {
        self.0[table.index()]
    }

    /// Opens or closes that of a table.
    pub fn set(&mut self, table: Table, no: Option<u64>) {
        self.0[table.index()] = no;
    }
}

/// The first look at a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoverageStart {
    /// Our boot number.
    pub boot: u32,
    /// Seconds of uptime.
    pub uptime_s: u64,
}

/// Progress of one series of PPP session-ids (routeros.md §2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionSeries {
    /// Service and boot digits.
    pub prefix: u64,
    /// Highest running number seen.
    pub highest: u64,
}

/// A session as it is first written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRecord {
    /// Number within the router.
    pub no: u64,
    /// Login row it belongs to.
    pub login: i64,
    /// What carried it.
    pub service: Service,
    /// Acct-Session-Id.
    pub acct_session_id: Option<u64>,
    /// Our boot number of the device.
    pub boot: u32,
    /// Calling-Station-Id, raw bytes.
    pub calling_station_id: Box<[u8]>,
    /// Framed-IP-Address, raw bytes.
    pub framed_address: Box<[u8]>,
    /// When it began: our clock minus its session time; when first seen, where the router gave no session time.
    pub started_at: Micros,
    /// When we first saw it (our clock).
    pub first_seen_at: Micros,
    /// Set at once for sessions only heard of.
    pub ended: Option<SessionEnded>,
}

/// How a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// The router shows it.
    Open,
    /// Not in the last complete round; not counted as open.
    Missing,
    /// Believed over.
    Ended(SessionEnded),
}

/// When and why a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionEnded {
    /// The last instant we know it alive (our clock).
    pub last_seen_at: Micros,
    /// Acct-Terminate-Cause of RFC 2866 where we know it (11 = NAS reboot), else `None`.
    pub terminate_cause: Option<u8>,
}

/// The coverage row of a table in this round: one open row is extended until a round does not cover the table, or time
/// passed in which nobody looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoverageRow {
    /// What was covered.
    pub table: Table,
    /// Number within the router.
    pub no: u64,
    /// Begin (our clock).
    pub from: Micros,
    /// End so far: this round.
    pub to: Micros,
    /// True: a new row; false: the row of that number gets a new end.
    pub is_new: bool,
}

/// All that one snapshot changes. The store writes it in one transaction that moves the router's `poll_seq` from
/// `nas.poll_seq - 1` to `nas.poll_seq` under the lease epoch, or writes nothing (rule 3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// The router's record after this snapshot.
    pub nas: NasRecord,
    /// Counters seen for the first time.
    pub new_counters: Vec<CounterRecord>,
    /// New baselines of counters that moved and have no open entry: number within the router and value.
    pub counter_octets: Vec<(u64, Octets)>,
    /// Counters with an entry that was opened now: their baseline is where it leaves them, so that a round in which they only
    /// grow need not write them (ADR 0017). A counter is in one of these two lists, once.
    pub opened_counters: Vec<(u64, EntryRef)>,
    /// Counters whose other fields changed too (state, session, flags): whole records.
    pub changed_counters: Vec<CounterRecord>,
    /// Counters of boots before this one can be deleted: no row of them can return.
    pub forget_boots_before: Option<u32>,
    /// Sessions seen for the first time.
    pub new_sessions: Vec<SessionRecord>,
    /// Octets to add to session totals, by session number, at most one per session: those of entries that are not open.
    pub session_octets: Vec<(u64, Octets)>,
    /// Sessions with an entry that was opened now, in that order. What the open entry adds belongs to the session's total
    /// beside what the row says; what the one before it added goes into the row.
    pub opened_sessions: Vec<(u64, EntryRef)>,
    /// Sessions whose state changed.
    pub session_states: Vec<(u64, SessionState)>,
    /// Sessions whose login row changed (a subscriber was bound): session number, login row.
    pub session_logins: Vec<(u64, i64)>,
    /// Enrolled counters that have another name on the router: the row of their login, and the name.
    pub renamed: Vec<(i64, Box<[u8]>)>,
    /// Renewals that no reading marked and that are settled for this router now: all of them counted.
    pub settled_edges: Vec<Edge>,
    /// The tables that this round read, or that hold nothing, and under which version of the bindings: a session in them that
    /// nobody saw before is seen now, if it began before that version. Renewals of a later version, and of logins whose
    /// counters are in another table, stay unsettled.
    pub looked_in: Vec<(Table, u64)>,
    /// Rows of PPP sessions wait for their owner: a renewal that follows cannot know whose they are.
    pub rows_wait: bool,
    /// Entries to insert.
    pub new_entries: Vec<LedgerEntry>,
    /// Open `grew` entries to extend.
    pub grown_entries: Vec<GrownEntry>,
    /// Octets to add to cycle totals, by cycle, at most one per cycle, sorted by cycle.
    pub cycle_octets: Vec<(i64, Octets)>,
    /// The coverage rows of this round, one for each table that it covers.
    pub coverage: Vec<CoverageRow>,
}
