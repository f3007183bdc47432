//! Counting without routers: rounds made up by a test go through the real accounting and are committed.

use std::sync::Arc;
use std::time::Duration;

use accounting::NasState;
use accounting::bound::LinkSpeed;
use accounting::growth::Window;
use accounting::login::{LoginKind, LoginName};
use accounting::octets::Octets;
use accounting::snapshot::{
    CounterRow, CounterRows, Identified, OwnedRow, OwnedRows, Owner, OwnerSession, Service, Snapshot,
    StandingRows,
};
use accounting::table::Table;
use accounting::time::{HostInstant, Micros, RoundTimes, UptimeSpan};
use operations::{Clock, ManualClock, RouterRates, TalkerBoard};
use store::{NasId, Store};

/// When the first round is taken: the begin of a bucket.
pub(crate) const BEGIN: Micros = Micros(1_800_000_000_000_000);

/// Time between two polls of its routers.
const INTERVAL: Duration = Duration::from_secs(60);

/// A counter in a round: the login that owns it, how old its session is (seconds), up and down.
pub(crate) type Row<'a> = (&'a [u8], u64, u64, u64);

/// One router's accounting.
pub(crate) struct Meter {
    store: Arc<dyn Store>,
    pub(crate) nas: NasId,
    lease_epoch: u64,
    bindings: u64,
    state: NasState,
    talkers: TalkerBoard,
    clock: ManualClock,
    /// By how many seconds our wall clock is behind.
    pub(crate) behind_s: i64,
}

impl Meter {
    pub(crate) async fn new(
        store: Arc<dyn Store>,
        nas: NasId,
        talkers: TalkerBoard,
        clock: ManualClock,
    ) -> Self {
        let loaded = store.load(nas).await.unwrap();
        let link = LinkSpeed(loaded.link_speed_bps);
        let sessions = loaded.counters.iter().filter_map(|counter| counter.session.as_ref());
        let names: Vec<_> =
            sessions.map(|session| LoginName::new(LoginKind::Ppp, session.login_name.clone())).collect();
        let resolved = store.resolve_logins(nas, &names).await.unwrap();
        let logins: Vec<_> = names.into_iter().zip(resolved.logins).collect();
        let state = NasState::restore(loaded.record, link, loaded.counters, &logins).unwrap();
        Meter { store, nas, lease_epoch: loaded.lease_epoch, bindings: 0, state, talkers, clock, behind_s: 0 }
    }

    /// Commits a round taken `seconds` after [`BEGIN`] that shows these counters.
    pub(crate) async fn round(&mut self, seconds: u64, rows: &[Row<'_>]) {
        self.commit(snapshot(self.nas, seconds, rows)).await;
    }

    /// The same with these users on the hotspot.
    pub(crate) async fn round_with_guests(&mut self, seconds: u64, rows: &[Row<'_>], guests: &[Row<'_>]) {
        let logins = Some(guests_of(guests));
        self.commit(Snapshot { logins, ..snapshot(self.nas, seconds, rows) }).await;
    }

    /// A round with these enrolled interfaces, by name, up and down.
    pub(crate) async fn round_with_facing(&mut self, seconds: u64, facing: &[(&[u8], u64, u64)]) {
        let mut rows = CounterRows::default();
        for (id, (name, up, down)) in (500..).zip(facing) {
            let handle = Table::Facing.handle(id).unwrap();
            rows.push(CounterRow { handle, name, octets: Octets::new(*up, *down) });
        }
        let standing = vec![StandingRows { table: Table::Facing, rows, passed_by: false }];
        self.commit(Snapshot { standing, ..snapshot(self.nas, seconds, &[]) }).await;
    }

    /// A round whose tables name nobody yet.
    pub(crate) async fn round_without_owners(&mut self, seconds: u64, rows: &[Row<'_>]) {
        let named = snapshot(self.nas, seconds, rows);
        let identified = named.identified.map(|identified| Identified {
            owners: Vec::new(),
            complete: false,
            ..identified
        });
        self.commit(Snapshot { identified, ..named }).await;
    }

    async fn commit(&mut self, snapshot: Snapshot) {
        let bindings = self.store.bindings_version().await.unwrap();
        let at = Micros(snapshot.times.at.0 - self.behind_s * 1_000_000);
        let snapshot = Snapshot { times: RoundTimes { bindings, at, ..snapshot.times }, ..snapshot };
        let plan = self.state.plan(&snapshot);
        let mut names = plan.unknown_logins.clone();
        if self.store.bindings_version().await.unwrap() != self.bindings {
            names.extend(self.state.login_names());
        }
        let resolved = self.store.resolve_logins(self.nas, &names).await.unwrap();
        self.bindings = resolved.version;
        self.state.supply_logins(names.into_iter().zip(resolved.logins));
        self.state.supply_enrolled(resolved.enrolled);
        self.state.supply_edges(resolved.edges);
        let last = self.state.record().last;
        let changes = Arc::new(self.state.apply(&snapshot, plan));
        let rates = RouterRates {
            window: last.and_then(|last| Window::between(&last, &snapshot.times)),
            interval: INTERVAL,
            gains: Arc::new(last.map(|last| changes.gains(last.at)).unwrap_or_default()),
        };
        self.store.commit(self.nas, self.lease_epoch, self.bindings, changes).await.unwrap();
        self.talkers.put_up(self.nas, self.clock.host(), rates);
    }
}

fn snapshot(nas: NasId, seconds: u64, rows: &[Row<'_>]) -> Snapshot {
    let mut counters = CounterRows::with_capacity(rows.len());
    let mut owners = Vec::new();
    for (handle, (login, age, up, down)) in (1..).zip(rows) {
        let name = [b"<pppoe-", *login, b">"].concat();
        counters.push(CounterRow { handle, name: &name, octets: Octets::new(*up, *down) });
        owners.push(owner(handle, &name, login, *age));
    }
    Snapshot {
        device: format!("SERIAL{nas}").into(),
        times: times(seconds),
        after_gap: seconds == 0,
        identified: Some(Identified {
            owners,
            complete: true,
            counters_after: counters.clone(),
            half_seen: Vec::new(),
            counters_after_complete: true,
        }),
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

fn guests_of(guests: &[Row<'_>]) -> OwnedRows {
    let mut logins = OwnedRows::default();
    for (id, (login, age, up, down)) in (1..).zip(guests) {
        let handle = Table::HotspotActive.handle(id).unwrap();
        let counter = CounterRow { handle, name: b"2C:54:91:00:00:01", octets: Octets::new(*up, *down) };
        logins.push(OwnedRow { counter, login, address: b"10.5.0.2", session_time_s: *age });
    }
    logins
}

fn owner(handle: u64, counter_name: &[u8], login: &[u8], age: u64) -> Owner {
    Owner {
        counter_name: counter_name.into(),
        permanent: false,
        session: Some(OwnerSession {
            login: login.into(),
            service: Service::Pppoe,
            acct_session_id: Some(0x8110_0000 + handle),
            session_time_s: Some(age),
            calling_station_id: b"AA:BB:CC:00:00:01"[..].into(),
            framed_address: b"10.0.0.7"[..].into(),
        }),
    }
}

fn times(seconds: u64) -> RoundTimes {
    let uptime = 100_000 + seconds;
    let host = |micros| HostInstant { epoch: 7, micros };
    RoundTimes {
        uptime: UptimeSpan { before: uptime, after: uptime },
        host: host(seconds * 1_000_000),
        host_after: host(seconds * 1_000_000 + 300),
        at: Micros(BEGIN.0.saturating_add_unsigned(seconds * 1_000_000)),
        bindings: 0,
    }
}
