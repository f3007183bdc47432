//! A router on virtual time, an actor, a store, and a note of when somebody looked.

use std::sync::Arc;
use std::time::Duration;

use accounting::snapshot::Snapshot;
use accounting::time::{Micros, RoundTimes};
use collector::actor::{Actor, ActorDependencies, Inbox, Step, Turns};
use collector::link::Link;
use collector::round::{Round, Wanted};
use operations::{ManualClock, TalkerBoard};
use routeros_sim::server::{Options, SimRouter};
use routeros_sim::world::{Device, InterfaceRow, Octets, Personality, World};
use store::{
    AccountingRepository, Lease, LedgerRepository, LedgerSubject, NasId, NasOrigin, NasRepository, NewAudit,
    NewNas, SealedPassword, Sqlite, TlsMode, UsageQuery, UsageRepository, UsageRow, VerifyRepository,
};

use crate::sim::target;

/// Configured speed of the street's link.
pub(crate) const LINK_BPS: u64 = 50_000_000;

/// A bucket of the next century.
const ALWAYS: i64 = 5_000_000;
const START: Micros = Micros(1_760_000_000_000_000);

/// See the module.
pub(crate) struct Street {
    pub(crate) sim: SimRouter,
    pub(crate) sqlite: Sqlite,
    pub(crate) nas: NasId,
    pub(crate) clock: ManualClock,
    inbox: Arc<Inbox>,
    actor: Actor,
    connection: Option<(Link, Round)>,
    wanted: Wanted,
    looked_us: Vec<u64>,
    lingers_s: u64,
}

/// A session that was up and is over.
#[derive(Debug)]
pub(crate) struct EndedSession {
    pub(crate) login: Vec<u8>,
    pub(crate) began_us: u64,
    pub(crate) ended_us: u64,
    pub(crate) octets: Octets,
}

impl Street {
    /// A router whose coverage has begun.
    pub(crate) async fn open(lingers_s: u64) -> Street {
        let mut device = Device::new("street", Personality::V7_20, 3);
        if lingers_s > 0 {
            device.switches.interface_row = InterfaceRow::Lingers(Duration::from_secs(lingers_s));
        }
        Street::of(World::new(device), lingers_s).await
    }

    /// The same with whatever is in that world.
    pub(crate) async fn of(mut world: World, lingers_s: u64) -> Street {
        world.advance(Duration::from_secs(1_000));
        let sim = SimRouter::start(world, Options::default()).await.unwrap();
        let sqlite = Sqlite::open_in_memory().unwrap();
        let nas = sqlite.insert_nas(new_nas(), NewAudit::by_system(START, "router.add", "r")).await.unwrap();
        let inbox = Arc::new(Inbox::new(64 << 20));
        let actor = actor(nas, &inbox, &sqlite);
        let clock = ManualClock::new(START);
        let (connection, wanted, looked_us) = (None, Wanted::default(), Vec::new());
        let mut street =
            Street { sim, sqlite, nas, clock, inbox, actor, connection, wanted, looked_us, lingers_s };
        street.look().await;
        street.advance(Duration::from_secs(10));
        street
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.sim.with_world(|world| world.advance(by));
        self.clock.advance(u64::try_from(by.as_micros()).unwrap());
    }

    /// We are killed, and start again from what is committed.
    pub(crate) fn restart(&mut self) {
        self.hang_up();
        self.wanted = Wanted::default();
        self.inbox = Arc::new(Inbox::new(64 << 20));
        self.actor = actor(self.nas, &self.inbox, &self.sqlite);
    }

    /// Loses the connection.
    pub(crate) fn hang_up(&mut self) {
        self.connection = None;
    }

    /// One round, committed.
    pub(crate) async fn look(&mut self) {
        self.read().await;
        self.commit().await;
    }

    /// One round, which waits.
    pub(crate) async fn read(&mut self) {
        if self.connection.is_none() {
            let link = Link::open(&target(&self.sim)).await.unwrap();
            self.connection = Some((link, Round::new()));
        }
        let Some((link, round)) = &mut self.connection else { return };
        let asked = self.sqlite.asked_counters(self.nas).await.unwrap();
        let bindings = self.sqlite.bindings_version().await.unwrap();
        let clean = round.run(link, &self.clock, &self.wanted, &asked).await.unwrap();
        let times = RoundTimes { bindings, ..clean.snapshot.times };
        self.inbox.push(Snapshot { times, ..clean.snapshot });
    }

    /// Commits what waits.
    pub(crate) async fn commit(&mut self) {
        let Step::Committed(progress) = self.actor.step().await else { panic!("not committed") };
        self.wanted = progress.wanted;
        self.looked_us.push(self.sim.with_world(|world| world.now_us()));
    }

    /// Rounds that can have shown a session. What happens in the instant of a round happens after it.
    pub(crate) fn looks(&self, began_us: u64, ended_us: u64) -> usize {
        self.looked_us.iter().filter(|at| began_us < **at && **at <= ended_us).count()
    }

    /// From the last round that showed a session alive to the second one after its row was gone, in seconds, rounded
    /// up. A row that lingers is no reading of its session after a gap, for nothing proves whose it is.
    pub(crate) fn nobody_looked_s(&self, session: &EndedSession) -> u64 {
        let last =
            self.looked_us.iter().rfind(|at| **at <= session.ended_us).copied().unwrap_or(session.began_us);
        let gone_us = session.ended_us + self.lingers_s * 1_000_000;
        let after: Vec<u64> = self.looked_us.iter().copied().filter(|at| *at > gone_us).collect();
        (after[1] - last).div_ceil(1_000_000)
    }

    pub(crate) fn ended_sessions(&self) -> Vec<EndedSession> {
        let sessions = self.sim.with_world(|world| world.truth().sessions);
        let ended = sessions.into_iter().filter_map(|session| {
            let ended_us = session.ended_us?;
            let (login, began_us, octets) = (session.login, session.began_us, session.octets);
            Some(EndedSession { login, began_us, ended_us, octets })
        });
        ended.collect()
    }

    /// What usage says of a login.
    pub(crate) async fn said_of(&self, login: &[u8]) -> Option<UsageRow> {
        let username = Some(login.to_vec());
        let query = UsageQuery {
            buckets: 0..ALWAYS,
            router: None,
            username,
            subscriber: None,
            reach: store::Reach::Everywhere,
        };
        let mut rows = self.sqlite.usage(query).await.unwrap();
        assert!(rows.len() <= 1);
        rows.pop()
    }

    /// No line of the ledger claims more than its own unseen time at link speed, and all lines add up.
    pub(crate) async fn every_entry_is_bounded_by_its_time(&self) {
        let mut bounded = 0;
        for session in self.ended_sessions() {
            let subject =
                LedgerSubject::Login { router: "r".to_owned(), username: Some(session.login), kind: None };
            for row in self.sqlite.entries(subject, None, 1_000).await.unwrap() {
                let Some(unseen) = row.entry.unseen else { continue };
                let most = unseen.micros.unwrap() / 1_000_000 * LINK_BPS / 8 * 2;
                assert!(unseen.upper_octets.unwrap() <= most, "{row:?}");
                bounded += 1;
            }
        }
        assert!(bounded > 0);
        let report = self.sqlite.verify().await.unwrap();
        assert!(report.is_clean(), "{:?}", report.mismatches);
    }
}

fn actor(nas: NasId, inbox: &Arc<Inbox>, sqlite: &Sqlite) -> Actor {
    let dependencies = ActorDependencies {
        repository: Arc::new(sqlite.clone()),
        turns: Turns::new(1),
        talkers: TalkerBoard::default(),
        interval: Duration::from_secs(1),
    };
    Actor::new(Lease { nas, epoch: 1 }, inbox.clone(), Arc::default(), dependencies)
}

fn new_nas() -> NewNas {
    NewNas {
        uuid: uuid::Uuid::nil(),
        name: "r".to_owned(),
        host: "127.0.0.1".to_owned(),
        port: 8728,
        tls: TlsMode::Off,
        fingerprint: None,
        username: "u".to_owned(),
        password: SealedPassword(Vec::new()),
        link_speed_bps: Some(LINK_BPS),
        interval_ms: None,
        group: None,
        enabled: true,
        origin: NasOrigin::Api,
    }
}
