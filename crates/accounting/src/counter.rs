//! A counter as it is held in memory between rounds: small, because there may be 100,000 of them.

use crate::changes::{CounterRecord, CounterSession, CounterState};
use crate::octets::Octets;
use crate::roster::{LoginSlot, Roster};
use crate::snapshot::OwnerSession;
use crate::time::{RoundTimes, StartInterval};

/// A counter, its baseline and the session it belongs to.
#[derive(Debug)]
pub(crate) struct Counter {
    pub(crate) no: u64,
    pub(crate) handle: u64,
    pub(crate) name: Box<[u8]>,
    pub(crate) octets: Octets,
    pub(crate) unattributed: Octets,
    pub(crate) session: Option<Session>,
    pub(crate) open: Option<OpenEntry>,
    pub(crate) absence: Option<Box<Absence>>,
    /// The round that showed it last, by our poll_seq.
    pub(crate) seen_in: u64,
    pub(crate) permanent: bool,
    pub(crate) resets_on_reconnect: bool,
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

/// The ledger entry that a `grew` reading extends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OpenEntry {
    pub(crate) bucket: i64,
    pub(crate) no: u64,
    pub(crate) cycle: Option<i64>,
    pub(crate) login: Option<i64>,
    pub(crate) delta: Octets,
    pub(crate) polls: u32,
}

/// Since when a counter is not shown.
#[derive(Clone, Debug)]
pub(crate) struct Absence {
    pub(crate) last_read: RoundTimes,
    pub(crate) since: RoundTimes,
    pub(crate) rounds: u32,
    /// Shown, but after a gap and without proof that it is still the same session's.
    pub(crate) unproven: bool,
}

impl Counter {
    /// Rebuilds a counter from the store's record.
    pub(crate) fn from_record(record: CounterRecord, roster: &Roster) -> Option<Counter> {
        let session = Session::from_record(&record, roster);
        if session.is_none() && record.session.is_some() {
            return None;
        }
        Some(Counter {
            no: record.no,
            handle: record.handle,
            name: record.name,
            octets: record.octets,
            unattributed: record.unattributed,
            session,
            open: None,
            absence: absence_of(record.state),
            seen_in: 0,
            permanent: record.permanent,
            resets_on_reconnect: record.resets_on_reconnect,
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
            resets_on_reconnect: self.resets_on_reconnect,
            start: self.session.as_ref().filter(|_| !self.permanent).and_then(|session| session.start),
            octets: self.octets,
            unattributed: self.unattributed,
            state: self.state(),
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
            Some(absence) if self.gone => CounterState::Gone { last_read: absence.last_read },
            Some(absence) => CounterState::Missing {
                last_read: absence.last_read,
                since: absence.since,
                rounds: absence.rounds,
            },
        }
    }
}

fn absence_of(state: CounterState) -> Option<Box<Absence>> {
    match state {
        CounterState::Live => None,
        CounterState::Missing { last_read, since, rounds } => {
            Some(Box::new(Absence { last_read, since, rounds, unproven: false }))
        }
        CounterState::Gone { last_read } => {
            Some(Box::new(Absence { last_read, since: last_read, rounds: 0, unproven: false }))
        }
    }
}

/// What the owner tables say about the session a counter is known to belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Identity {
    /// The same session: same session-id, or without one the same start.
    Same { by_id: bool },
    /// Another session.
    Another,
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
            login: roster.find(&session.login_name)?,
            acct_session_id: session.acct_session_id,
            start: session.start,
        })
    }

    /// Compares the known session with what the tables show now. A session-id decides alone; only without one on
    /// either side does the start decide (DESIGN rules 4 and 5).
    pub(crate) fn compared_to(&self, shown: &OwnerSession, start: Option<StartInterval>) -> Identity {
        use crate::time::StartMove;
        if let (Some(known), Some(shown)) = (self.acct_session_id, shown.acct_session_id)
            && known == shown
        {
            return Identity::Same { by_id: true };
        }
        let ids_differ = self.acct_session_id.is_some() && shown.acct_session_id.is_some();
        match self.start.zip(start).map(|(known, shown)| shown.compared_to(known)) {
            Some(StartMove::Backward) => Identity::Earlier,
            Some(StartMove::Forward) => Identity::Another,
            _ if ids_differ => Identity::Another,
            Some(StartMove::Same) => Identity::Same { by_id: false },
            None => Identity::Unknown,
        }
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
