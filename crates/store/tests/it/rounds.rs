//! Small rounds to commit: routers, counters, sessions and entries with no meaning beyond the test.

use std::sync::Arc;

use accounting::Octets;
use accounting::changes::{
    Changes, CounterRecord, CounterSession, CounterState, CoverageRow, NasRecord, OpenCoverage, SessionRecord,
};
use accounting::ledger::{GrownEntry, LedgerEntry, Reason};
use accounting::login::{LoginKind, LoginName, LoginRef};
use accounting::plan::Unknown;
use accounting::snapshot::Service;
use accounting::table::Table;
use accounting::time::{HostInstant, Micros, RoundTimes, StartInterval, UptimeSpan};
use store::{NasId, NewAudit, NewNas, NewSubscriber, Scope, SealedPassword, Store, TlsMode};
use uuid::Uuid;

/// Our clock at the first round: the begin of a bucket.
pub(crate) const BEGIN: Micros = Micros(1_800_000_000_000_000);

/// An act to go with a change.
pub(crate) fn act(action: &str) -> NewAudit {
    NewAudit::by_system(BEGIN, action, "test")
}

/// A router called `name`.
pub(crate) fn router(name: &str) -> NewNas {
    NewNas {
        uuid: Uuid::new_v4(),
        name: name.to_owned(),
        host: format!("{name}.example"),
        port: 8728,
        tls: TlsMode::Off,
        fingerprint: None,
        username: "meter".to_owned(),
        password: SealedPassword(vec![1, 2, 3]),
        link_speed_bps: Some(1_000_000_000),
        interval_ms: Some(10_000),
        group: None,
        enabled: true,
        origin: store::NasOrigin::Api,
    }
}

/// A router called `tower`, the version of its bindings and its own login `ana`.
pub(crate) async fn tower(store: &dyn Store) -> (NasId, u64, LoginRef) {
    let nas = store.insert_nas(router("tower"), act("router.add")).await.unwrap();
    let (version, login) = resolve(store, nas, b"ana").await;
    (nas, version, login)
}

/// One login of a router, and the version of its bindings.
pub(crate) async fn resolve(store: &dyn Store, nas: NasId, name: &[u8]) -> (u64, LoginRef) {
    let resolved = store.resolve_logins(nas, &[LoginName::new(LoginKind::Ppp, name)]).await.unwrap();
    (resolved.version, resolved.logins[0])
}

/// A subscriber whose login is their username.
pub(crate) fn subscriber(username: &str, scope: Scope) -> NewSubscriber {
    NewSubscriber {
        id: Uuid::new_v4(),
        username: username.to_owned(),
        name: None,
        service: "pppoe".to_owned(),
        plan: None,
        status: store::SubscriberStatus::Active,
        expiry_at: None,
        zone: None,
        note: None,
        kind: LoginKind::Ppp,
        login: username.as_bytes().to_vec(),
        scope,
    }
}

/// The clocks `seconds` after the begin.
pub(crate) fn times(seconds: u64) -> RoundTimes {
    let micros = seconds * 1_000_000;
    RoundTimes {
        uptime: UptimeSpan { before: 1_000 + seconds, after: 1_001 + seconds },
        host: HostInstant { epoch: 77, micros },
        host_after: HostInstant { epoch: 77, micros: micros + 300 },
        at: Micros(BEGIN.0.saturating_add_unsigned(micros)),
        bindings: 0,
    }
}

/// A round that changes nothing but the router's record: snapshot `poll_seq`, `seconds` after the begin.
pub(crate) fn quiet(poll_seq: u64, seconds: u64) -> Changes {
    let times = times(seconds);
    Changes {
        nas: NasRecord {
            device: None,
            boot: 1,
            last: Some(times),
            named_since: Some(times),
            told_until: Some(times.uptime.after),
            next_no: 1_000,
            poll_seq,
            open_coverage: ppp_coverage(),
            ..NasRecord::default()
        },
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
        looked_in: Table::ALL.map(|table| (table, u64::MAX)).to_vec(),
        rows_wait: false,
        new_entries: Vec::new(),
        grown_entries: Vec::new(),
        cycle_octets: Vec::new(),
        coverage: vec![CoverageRow {
            table: Table::Interface,
            no: 999,
            from: BEGIN,
            to: times.at,
            is_new: poll_seq == 1,
        }],
    }
}

/// The same of a device that is known.
pub(crate) fn of_device(mut changes: Changes, device: &str) -> Changes {
    changes.nas.device = Some(device.into());
    changes
}

fn ppp_coverage() -> OpenCoverage {
    let mut open = OpenCoverage::default();
    open.set(Table::Interface, Some(999));
    open
}

/// A live counter with the number, handle and octets given.
pub(crate) fn counter(no: u64, handle: u64, octets: Octets) -> CounterRecord {
    CounterRecord {
        no,
        boot: 1,
        handle,
        name: format!("<pppoe-{handle}>").into_bytes().into(),
        permanent: false,
        passed_by: false,
        start: Some(StartInterval { earliest: -1, latest: 2 }),
        octets,
        open: None,
        unattributed: Octets::ZERO,
        before_held: None,
        state: CounterState::Live,
        session: Some(CounterSession {
            no,
            login_name: Box::from(*b"ana"),
            acct_session_id: Some(0x8170_0001),
            start: None,
        }),
    }
}

/// An open session that began with the first round.
pub(crate) fn session(no: u64, login: i64) -> SessionRecord {
    SessionRecord {
        no,
        login,
        service: Service::Pppoe,
        acct_session_id: Some(0x8170_0000 + no),
        boot: 1,
        calling_station_id: Box::from(*b"AA:BB:CC:00:00:01"),
        framed_address: Box::from(*b"10.0.0.7"),
        started_at: BEGIN,
        first_seen_at: BEGIN,
        ended: None,
    }
}

/// A posted entry that adds `delta` to a session that had nothing before.
pub(crate) fn entry(no: u64, session: u64, login: i64, delta: Octets, seconds: u64) -> LedgerEntry {
    let to = times(seconds).at;
    LedgerEntry {
        bucket: to.bucket(),
        no,
        login: Some(login),
        session: Some(session),
        counter: Some(session),
        cycle: None,
        reason: Reason::SessionStart,
        posted: true,
        delta,
        before: Octets::ZERO,
        after: delta,
        from: BEGIN,
        to,
        unseen: None,
        polls: 1,
    }
}

/// Session 1's open entry of that number grows by `added` to `delta`, and its counter to `after`, in the 10 seconds before
/// `seconds`.
pub(crate) fn grown(
    no: u64,
    login: i64,
    added: Octets,
    delta: Octets,
    after: Octets,
    seconds: u64,
) -> GrownEntry {
    let to = times(seconds).at;
    GrownEntry {
        bucket: to.bucket(),
        no,
        delta,
        after,
        to,
        polls: 2,
        added,
        from: times(seconds - 10).at,
        login: Some(login),
        session: Some(1),
        cycle: None,
        reason: Reason::Grew,
    }
}

/// The first round of a router: one counter (handle 9), one session and one entry, all numbered 1, of `delta`.
pub(crate) fn first(login: i64, cycle: Option<i64>, delta: Octets) -> Changes {
    let mut changes = quiet(1, 0);
    changes.new_counters = vec![counter(1, 9, delta)];
    changes.new_sessions = vec![session(1, login)];
    changes.session_octets = vec![(1, delta)];
    changes.new_entries = vec![LedgerEntry { cycle, ..entry(1, 1, login, delta, 0) }];
    changes.cycle_octets = cycle.map(|cycle| (cycle, delta)).into_iter().collect();
    changes
}

/// Rows that only their handles tell.
pub(crate) fn unknown(handles: &[u64]) -> Unknown {
    Unknown { handles: handles.to_vec(), ..Unknown::default() }
}

/// For [`store::AccountingRepository::commit`].
pub(crate) fn shared(changes: Changes) -> Arc<Changes> {
    Arc::new(changes)
}
