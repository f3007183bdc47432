//! A counter as it is held in memory between rounds: small, because there may be 100,000 of them.

use crate::absence::Absence;
use crate::changes::{CounterRecord, CounterSession, CounterState, NasRecord, Tail};
use crate::ledger::{EntryRef, Reason};
use crate::login::LoginKind;
use crate::octets::Octets;
use crate::roster::{LoginSlot, Roster};
use crate::snapshot::{CounterRow, OwnerSession};
use crate::table::Table;
use crate::time::{RoundTimes, StartInterval, StartMove};

/// A counter, its baseline and the session it belongs to.
#[derive(Debug)]
pub(crate) struct Counter {
    pub(crate) no: u64,
    pub(crate) handle: u64,
    pub(crate) name: Box<[u8]>,
    pub(crate) octets: Octets,
    pub(crate) unattributed: Octets,
    /// As in [`CounterRecord::before_held`]; boxed, for few counters ever have one.
    pub(crate) before_held: Option<Box<Octets>>,
    pub(crate) session: Option<Session>,
    pub(crate) open: Option<OpenEntry>,
    pub(crate) absence: Option<Box<Absence>>,
    /// Permanent counters only; not stored.
    pub(crate) watch: Option<Box<Watch>>,
    /// The round that showed it last, by our poll_seq.
    pub(crate) seen_in: u64,
    pub(crate) permanent: bool,
    /// Nobody owned it yet when it was reset, or may have been: its value does not tell all it counted. Not stored, so
    /// believed of what a restart finds to be nobody's.
    pub(crate) hides: bool,
    /// At its last reading some of what it should count may have passed it by.
    pub(crate) passed_by: bool,
    /// Gone because it is nobody's any more: it never comes back as the same.
    pub(crate) released: bool,
    /// Gone: the slot is only kept until the next tidying.
    pub(crate) gone: bool,
}

/// The session of a counter.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) no: u64,
    pub(crate) login: LoginSlot,
    pub(crate) acct_session_id: Option<u64>,
    pub(crate) start: Option<StartInterval>,
}

/// The ledger entry that a `grew` or `undercounted` reading extends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OpenEntry {
    pub(crate) reason: Reason,
    pub(crate) place: EntryRef,
    pub(crate) cycle: Option<i64>,
    pub(crate) login: Option<i64>,
    pub(crate) delta: Octets,
    pub(crate) polls: u32,
}

/// The readings of a permanent counter in which its session may have changed unnoticed: the tables that name it are
/// not read in every round.
#[derive(Clone, Debug)]
pub(crate) struct Watch {
    /// The latest reading that surely belongs to the session the tables named last, or to one before it.
    pub(crate) from: RoundTimes,
    /// Octets counted since; `None` where a restart forgot some of them.
    pub(crate) counted: Option<Octets>,
    /// False: the value was read before the tables named the session, so the session may have begun after it. `None` where
    /// a restart forgot it.
    pub(crate) settled: Option<bool>,
}

impl Watch {
    /// What a restart leaves of it where the counter was read in every round: it began with the latest whole tables.
    fn restored(named_since: Option<RoundTimes>, state: CounterState) -> Option<Box<Watch>> {
        let from = named_since.filter(|_| state == CounterState::Live)?;
        Some(Box::new(Watch { from, counted: None, settled: None }))
    }
}

impl Counter {
    /// Which of the router's tables it is a row of.
    pub(crate) fn table(&self) -> Table {
        Table::of(self.handle)
    }

    /// A counter never read before.
    pub(crate) fn new(no: u64, row: CounterRow<'_>, permanent: bool) -> Counter {
        Counter {
            no,
            handle: row.handle,
            name: row.name.into(),
            octets: row.octets,
            unattributed: Octets::ZERO,
            before_held: None,
            session: None,
            open: None,
            absence: None,
            watch: None,
            seen_in: 0,
            permanent,
            hides: false,
            passed_by: false,
            released: false,
            gone: false,
        }
    }

    /// The value below which the next one is a reset: its baseline, or what it showed since.
    pub(crate) fn last_shown(&self) -> Octets {
        self.absence.as_ref().and_then(|absence| absence.shown).unwrap_or(self.octets)
    }

    /// Rebuilds a counter from the store's record of it and of its router.
    pub(crate) fn from_record(record: CounterRecord, nas: &NasRecord, roster: &Roster) -> Option<Counter> {
        let session = Session::from_record(&record, roster);
        let watched = record.permanent && session.is_some();
        let watch = Watch::restored(nas.named_since.filter(|_| watched), record.state);
        if session.is_none() && record.session.is_some() {
            return None;
        }
        Some(Counter {
            hides: session.is_none() && !record.permanent,
            no: record.no,
            handle: record.handle,
            name: record.name,
            octets: record.octets,
            unattributed: record.unattributed,
            before_held: record.before_held.map(Box::new),
            session,
            open: None,
            absence: absence_of(record.state, Table::of(record.handle), nas.boot_doubtful),
            watch,
            seen_in: 0,
            permanent: record.permanent,
            passed_by: record.passed_by,
            released: false,
            gone: false,
        })
    }

    /// The record the store keeps of it.
    pub(crate) fn to_record(&self, boot: u32, roster: &Roster) -> CounterRecord {
        CounterRecord {
            no: self.no,
            boot,
            handle: self.handle,
            name: self.name.clone(),
            permanent: self.permanent,
            start: self.session.as_ref().filter(|_| !self.permanent).and_then(|session| session.start),
            octets: self.octets,
            open: self.open.map(|open| open.place),
            unattributed: self.unattributed,
            before_held: self.before_held.as_deref().copied(),
            state: self.state(),
            passed_by: self.passed_by,
            session: self.session.as_ref().map(|session| CounterSession {
                no: session.no,
                login_name: roster.name(session.login).into(),
                acct_session_id: session.acct_session_id,
                start: session.start,
            }),
        }
    }

    fn state(&self) -> CounterState {
        match &self.absence {
            None => CounterState::Live,
            Some(_) if self.released => CounterState::Released,
            Some(absence) if self.gone => CounterState::Gone { last_read: absence.last_read },
            Some(absence) => CounterState::Missing {
                last_read: absence.last_read,
                since: absence.since,
                rounds: absence.rounds,
                tail: absence.tail,
            },
        }
    }
}

fn absence_of(state: CounterState, table: Table, boot_doubtful: bool) -> Option<Box<Absence>> {
    let (last_read, since, rounds, tail) = match state {
        CounterState::Live | CounterState::Released => return None,
        CounterState::Missing { last_read, since, rounds, tail } => (last_read, since, rounds, tail),
        CounterState::Gone { last_read } => (last_read, last_read, 0, Tail::Open),
    };
    let absence = match table {
        Table::Interface => Absence::restored(last_read, since, rounds, tail),
        // Each row proves its session, so that none is set aside and nothing was forgotten.
        Table::HotspotActive | Table::HotspotHost | Table::Facing | Table::Queue => {
            Absence { rounds, tail, ..Absence::new(last_read, since) }
        }
    };
    Some(Box::new(Absence { doubtful: boot_doubtful, ..absence }))
}

/// What the owner tables say about the session a counter is known to belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Identity {
    /// The same session: same session-id, or without one the same start.
    Same { by_id: bool },
    /// Another session.
    Another,
    /// Another session-id and the same start. On a counter that ends with its session that is the same session, whose
    /// rows were paired wrongly once: its id on the router is new with each session. On others it is another one.
    OtherId,
    /// Another session whose start lies before the known one: the axis restarted.
    Earlier,
    /// Neither id nor start to judge by.
    Unknown,
}

impl Session {
    /// The session a stored counter belongs to; `None` when it has none or its login was not supplied.
    pub(crate) fn from_record(record: &CounterRecord, roster: &Roster) -> Option<Session> {
        let session = record.session.as_ref()?;
        Some(Session {
            no: session.no,
            login: roster.find(LoginKind::of_table(Table::of(record.handle)), &session.login_name)?,
            acct_session_id: session.acct_session_id,
            start: session.start,
        })
    }

    /// Compares the known session with what the tables show now.
    pub(crate) fn compared_to(&self, shown: &OwnerSession, start: Option<StartInterval>) -> Identity {
        identity(self.acct_session_id, self.start, shown, start)
    }
}

/// Compares a session known by its session-id and start with one that the tables show now. Equal session-ids decide
/// alone; else the starts do, and different ids tell apart what began at the same time (DESIGN rules 4 and 5).
pub(crate) fn identity(
    known_id: Option<u64>,
    known_start: Option<StartInterval>,
    shown: &OwnerSession,
    start: Option<StartInterval>,
) -> Identity {
    let ids = known_id.zip(shown.acct_session_id);
    if ids.is_some_and(|(known, shown)| known == shown) {
        return Identity::Same { by_id: true };
    }
    match known_start.zip(start).map(|(known, shown)| shown.compared_to(known)) {
        Some(StartMove::Backward) => Identity::Earlier,
        Some(StartMove::Forward) => Identity::Another,
        _ if ids.is_some() => Identity::OtherId,
        Some(StartMove::Same) => Identity::Same { by_id: false },
        None => Identity::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_stays_small() {
        assert!(size_of::<Counter>() <= 320, "{}", size_of::<Counter>());
    }
}
