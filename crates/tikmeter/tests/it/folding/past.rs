//! A past for a database: whole UTC days of a router on which everybody is connected all the time, counted by the real
//! accounting, long before now.

use std::path::Path;
use std::sync::Arc;

use accounting::NasState;
use accounting::bound::LinkSpeed;
use accounting::login::LoginKind;
use accounting::octets::Octets;
use accounting::snapshot::{CounterRow, CounterRows, Identified, Owner, OwnerSession, Service, Snapshot};
use accounting::time::{HostInstant, Micros, RoundTimes, UptimeSpan};
use operations::{Clock, SystemClock};
use store::{
    AccountingRepository, NasOrigin, NasRepository, NewAudit, NewNas, NewSubscriber, Scope, SealedPassword,
    Sqlite, SubscriberRepository, SubscriberStatus, TlsMode,
};

pub(crate) const SUBSCRIBER: &str = "login-7";
pub(crate) const LOGINS: u64 = 100;
pub(crate) const DAYS: u64 = 6;
const DAY_US: i64 = 86_400_000_000;
const ROUND_S: u64 = 900;

/// The begin of today less 50 days: more than a month ago on every calendar.
fn begin() -> Micros {
    Micros((SystemClock::new().now().0.div_euclid(DAY_US) - 50) * DAY_US)
}

/// The bucket before which a server that keeps one month folds everything there is here.
pub(super) fn old() -> i64 {
    begin().bucket() + 10 * 96
}

/// Writes it.
pub(crate) async fn write(database: &Path) {
    let sqlite = Sqlite::open(database).unwrap();
    let act = |what: &str| NewAudit::by_system(begin(), what, "test");
    let nas = sqlite.insert_nas(router(), act("router.add")).await.unwrap();
    sqlite.insert_subscriber(subscriber(), act("subscriber.add")).await.unwrap();
    let loaded = sqlite.load(nas).await.unwrap();
    let mut state =
        NasState::restore(loaded.record, LinkSpeed(loaded.link_speed_bps), loaded.counters, &[]).unwrap();
    for round in 0..DAYS * 96 {
        let snapshot = snapshot(round);
        let plan = state.plan(&snapshot);
        let mut names = plan.unknown_logins.clone();
        names.extend(state.login_names());
        let resolved = sqlite.resolve_logins(nas, &names).await.unwrap();
        state.supply_logins(names.into_iter().zip(resolved.logins));
        state.supply_edges(resolved.edges);
        let changes = Arc::new(state.apply(&snapshot, plan));
        sqlite.commit(nas, loaded.lease_epoch, resolved.version, changes).await.unwrap();
    }
}

/// A router that nobody polls any more.
fn router() -> NewNas {
    NewNas {
        uuid: uuid::Uuid::from_u128(7),
        name: "tower".to_owned(),
        host: "192.0.2.1".to_owned(),
        port: 8728,
        tls: TlsMode::Off,
        fingerprint: None,
        username: "meter".to_owned(),
        password: SealedPassword(vec![1]),
        link_speed_bps: Some(1_000_000_000),
        interval_ms: None,
        group: None,
        enabled: false,
        // Its password lies in a configuration, so none is lost with the key that this folder never had.
        origin: NasOrigin::File,
    }
}

fn subscriber() -> NewSubscriber {
    NewSubscriber {
        kind: LoginKind::Ppp,
        id: uuid::Uuid::from_u128(8),
        username: SUBSCRIBER.to_owned(),
        name: None,
        service: "pppoe".to_owned(),
        plan: None,
        status: SubscriberStatus::Active,
        expiry_at: None,
        zone: None,
        note: None,
        login: SUBSCRIBER.into(),
        scope: Scope::All,
    }
}

/// Sessions that began between the first round and the second, so that all of it counts.
fn snapshot(round: u64) -> Snapshot {
    let seconds = round * ROUND_S;
    let mut counters = CounterRows::with_capacity(100);
    let mut owners = Vec::new();
    for login in (1..=LOGINS).filter(|_| round > 0) {
        let name = format!("<pppoe-login-{login}>");
        let octets = Octets::new(round * (login + 1_000), round * 7_000 * login);
        counters.push(CounterRow { handle: login, name: name.as_bytes(), octets });
        owners.push(owner(login, &name, seconds - 30));
    }
    let identified = Identified {
        owners,
        complete: true,
        counters_after: counters.clone(),
        half_seen: Vec::new(),
        counters_after_complete: true,
    };
    Snapshot {
        device: "SERIAL1".into(),
        times: times(seconds),
        after_gap: round == 0,
        identified: Some(identified),
        counters,
        logins: None,
        hosts: None,
        sums: None,
        standing: Vec::new(),
        idle: Vec::new(),
        heard: Vec::new(),
        lost_sight_of: Vec::new(),
    }
}

fn owner(login: u64, counter_name: &str, age: u64) -> Owner {
    let session = OwnerSession {
        login: format!("login-{login}").as_bytes().into(),
        service: Service::Pppoe,
        acct_session_id: Some(0x8110_0000 + login),
        session_time_s: Some(age),
        calling_station_id: b"AA:BB:CC:00:00:01"[..].into(),
        framed_address: b"10.0.0.7"[..].into(),
    };
    Owner { counter_name: counter_name.as_bytes().into(), permanent: false, session: Some(session) }
}

fn times(seconds: u64) -> RoundTimes {
    let uptime = 100_000 + seconds;
    let host = |micros| HostInstant { epoch: 7, micros };
    RoundTimes {
        uptime: UptimeSpan { before: uptime, after: uptime },
        host: host(seconds * 1_000_000),
        host_after: host(seconds * 1_000_000 + 300),
        at: Micros(begin().0.saturating_add_unsigned(seconds * 1_000_000)),
        bindings: u64::MAX,
    }
}
