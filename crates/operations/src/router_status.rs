//! How a router's poller is doing right now.

use std::collections::BTreeMap;

use accounting::time::Micros;
use store::NasId;

use crate::watching_status::WatchingStatus;

/// What a router's poller is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Not tried yet, or waiting for the next try.
    #[default]
    Waiting,
    /// Connecting or logging in.
    Connecting,
    /// Polled.
    Online,
    /// No connection.
    Unreachable,
    /// The router's TLS, or the certificate it shows, is not good enough to send a password.
    Insecure,
    /// Its stored password cannot be opened, so nobody knocks.
    PasswordLost,
    /// The router refused user or password.
    LoginRefused,
    /// The user lacks a right on the router.
    NoRights,
    /// The answers make no sense.
    ProtocolError,
    /// Readings cannot be written down at the moment (rule 13).
    StoreStalled,
    /// The same device is polled under another name (rule 8).
    PausedDuplicate,
    /// Switched off by its operator.
    Disabled,
}

/// Every phase with its stable name.
pub const PHASES: [(Phase, &str); 12] = [
    (Phase::Waiting, "waiting"),
    (Phase::Connecting, "connecting"),
    (Phase::Online, "online"),
    (Phase::Unreachable, "unreachable"),
    (Phase::Insecure, "insecure"),
    (Phase::PasswordLost, "password_lost"),
    (Phase::LoginRefused, "login_refused"),
    (Phase::NoRights, "no_rights"),
    (Phase::ProtocolError, "protocol_error"),
    (Phase::StoreStalled, "store_stalled"),
    (Phase::PausedDuplicate, "paused_duplicate"),
    (Phase::Disabled, "disabled"),
];

impl Phase {
    /// The phase of that name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        PHASES.iter().find(|(_, known)| *known == name).map(|(phase, _)| *phase)
    }

    /// The stable name in the API.
    pub fn as_str(self) -> &'static str {
        PHASES.iter().find(|(phase, _)| *phase == self).map_or("", |(_, name)| name)
    }

    /// True when the router is asked and answers, whatever becomes of its readings.
    pub fn is_connected(self) -> bool {
        matches!(self, Phase::Online | Phase::StoreStalled)
    }

    /// True when somebody should look at it.
    pub fn is_trouble(self) -> bool {
        !matches!(self, Phase::Waiting | Phase::Connecting | Phase::Online | Phase::Disabled)
    }
}

/// What went wrong, for counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ErrorKind {
    /// No connection, or it broke.
    Connection,
    /// No answer in time.
    Timeout,
    /// TLS failed, or the certificate is another one.
    Tls,
    /// User or password refused.
    Login,
    /// A right is lacking.
    Rights,
    /// An answer that makes no sense.
    Protocol,
    /// A round that was read and had to be thrown away (unequal boots, a table that did not end cleanly).
    DiscardedRound,
    /// A commit that failed.
    Store,
}

/// Every kind.
const ERROR_KINDS: [ErrorKind; 8] = [
    ErrorKind::Connection,
    ErrorKind::Timeout,
    ErrorKind::Tls,
    ErrorKind::Login,
    ErrorKind::Rights,
    ErrorKind::Protocol,
    ErrorKind::DiscardedRound,
    ErrorKind::Store,
];

impl ErrorKind {
    /// The kind of that name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        ERROR_KINDS.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The stable name in metrics and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            ErrorKind::Connection => "connection",
            ErrorKind::Timeout => "timeout",
            ErrorKind::Tls => "tls",
            ErrorKind::Login => "login",
            ErrorKind::Rights => "rights",
            ErrorKind::Protocol => "protocol",
            ErrorKind::DiscardedRound => "discarded_round",
            ErrorKind::Store => "store",
        }
    }
}

/// The last round that was committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoundReport {
    /// Our clock when its last counter row had arrived.
    pub at: Micros,
    /// Counter rows read.
    pub rows: u64,
    /// Rows left out because they lacked a value or showed an impossible one: unknown, not 0.
    pub rows_unreadable: u64,
    /// Interfaces whose session the list of sessions did not show: whose octets they are is not known yet.
    pub rows_unpaired: u64,
    /// Sessions without any counter: what they move is not counted.
    pub sessions_without_counter: u64,
    /// Sessions open after it.
    pub sessions_open: u64,
    /// Bytes received from the router for it.
    pub bytes_in: u64,
    /// Bytes sent to the router for it.
    pub bytes_out: u64,
    /// From the first request to the commit, microseconds.
    pub duration_us: u64,
    /// The snapshot it became.
    pub poll_seq: u64,
}

/// How one router's poller is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouterStatus {
    /// The router.
    pub nas: NasId,
    /// The process that polls it, where that is another one: what is shown is what it told.
    pub node: Option<String>,
    /// What the poller is doing.
    pub phase: Phase,
    /// What happened and what to do next, for people; `None` when all is well.
    pub message: Option<String>,
    /// Since when it is in this phase.
    pub since: Micros,
    /// The last committed round of this process.
    pub last_round: Option<RoundReport>,
    /// Rounds committed by this process.
    pub rounds_total: u64,
    /// Bytes received from the router by this process.
    pub bytes_in_total: u64,
    /// Bytes sent to the router by this process.
    pub bytes_out_total: u64,
    /// Errors since the process started, by kind.
    pub errors: BTreeMap<ErrorKind, u64>,
    /// RouterOS version.
    pub version: Option<String>,
    /// What to know of a version nobody here knows, in a sentence; `None` of one that is known or was not told.
    pub version_warning: Option<String>,
    /// The router's own name for itself.
    pub identity: Option<String>,
    /// The device's key (serial or licence).
    pub device: Option<String>,
    /// The router's uptime, seconds, at the last round.
    pub uptime_s: Option<u64>,
    /// Why sessions too short for any reading are not noticed at the moment; `None` while the router is listened to.
    pub not_listening_because: Option<String>,
    /// Sessions that were heard and forgotten, because too many ended between two readings.
    pub heard_dropped: u64,
    /// What it is asked for those who are watched.
    pub watching: WatchingStatus,
}

impl RouterStatus {
    /// A router nobody tried yet.
    pub fn new(nas: NasId, since: Micros) -> Self {
        RouterStatus {
            nas,
            node: None,
            phase: Phase::Waiting,
            message: None,
            since,
            last_round: None,
            rounds_total: 0,
            bytes_in_total: 0,
            bytes_out_total: 0,
            errors: BTreeMap::new(),
            version: None,
            version_warning: None,
            identity: None,
            device: None,
            uptime_s: None,
            not_listening_because: Some("The router was not listened to yet.".to_owned()),
            heard_dropped: 0,
            watching: WatchingStatus::default(),
        }
    }

    /// Enters a phase; `since` moves only when the phase changes.
    pub fn enter(&mut self, phase: Phase, message: Option<String>, now: Micros) {
        if self.phase != phase {
            self.phase = phase;
            self.since = now;
        }
        self.message = message;
    }

    /// It is connected to. After a failure that stays to be seen, with its cause, until a round succeeds.
    pub fn connecting(&mut self, now: Micros) {
        if !self.phase.is_trouble() {
            self.enter(Phase::Connecting, None, now);
        }
    }

    /// A round could not be used. Where none succeeded yet, this is why.
    pub fn discarded(&mut self, message: String) {
        self.count_error(ErrorKind::DiscardedRound);
        if self.phase == Phase::Connecting {
            self.message = Some(message);
        }
    }

    /// Counts an error.
    pub fn count_error(&mut self, kind: ErrorKind) {
        *self.errors.entry(kind).or_default() += 1;
    }

    /// Notes a committed round.
    pub fn round_done(&mut self, round: RoundReport) {
        self.last_round = Some(round);
        self.rounds_total += 1;
    }

    /// Errors of all kinds.
    pub fn errors_total(&self) -> u64 {
        self.errors.values().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cause_of_a_failure_is_shown_until_a_round_succeeds() {
        let mut status = RouterStatus::new(NasId(1), Micros(1));
        status.connecting(Micros(2));
        status.discarded("a table broke off".to_owned());
        assert_eq!((status.phase, status.message.as_deref()), (Phase::Connecting, Some("a table broke off")));
        status.enter(Phase::NoRights, Some("no right".to_owned()), Micros(3));
        status.connecting(Micros(4));
        assert_eq!((status.phase, status.since), (Phase::NoRights, Micros(3)));
        assert_eq!(status.message.as_deref(), Some("no right"));
        status.enter(Phase::Online, None, Micros(5));
        status.discarded("once".to_owned());
        assert_eq!((status.phase, status.message), (Phase::Online, None));
        assert_eq!(status.errors[&ErrorKind::DiscardedRound], 2);
    }

    #[test]
    fn every_phase_has_its_own_name() {
        let names: std::collections::BTreeSet<_> = PHASES.iter().map(|(phase, _)| phase.as_str()).collect();
        assert_eq!(names.len(), PHASES.len());
    }
}
