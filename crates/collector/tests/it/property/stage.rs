//! A simulated router, ourselves, and one clock for both.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use accounting::snapshot::Snapshot;
use accounting::time::{HostInstant, Micros};
use collector::actor::{Actor, ActorDependencies, Inbox, Step as Settled, Turns};
use collector::link::{Deadlines, Link, Target};
use collector::round::{Round, Wanted};
use operations::{Clock, ManualClock, TalkerBoard};
use routeros_sim::faults::{Cut, Fault, Plan};
use routeros_sim::server::{Options, SimRouter};
use routeros_sim::world::{Device, HostCounters, Mark, QueueSet};
use secrecy::SecretString;
use store::{
    AccountingRepository, Lease, NasId, NasOrigin, NasRepository, NewAudit, NewNas, SealedPassword, Sqlite,
    SubscriberRepository, TlsMode,
};

use super::acts::apply;
use super::beyond::{Beyond, Prints};
use super::bypassed::Bypassed;
use super::facing::Facing;
use super::faulty::{Failure, Faulty};
use super::listening::Listening;
use super::queue::{self, Queue};
use super::renewals::{self, Moved, Renewals};
use super::script::{Act, QueueAct, Step, TABLES};
use super::setting::{self, Setting};

/// The clock as a round sees it: no two readings of it are equal.
struct Ticking(ManualClock);

impl Clock for Ticking {
    fn now(&self) -> Micros {
        self.0.now()
    }

    fn host(&self) -> HostInstant {
        self.0.advance(1);
        self.0.host()
    }
}

const START: Micros = Micros(1_760_000_000_000_000);

/// Everything a script plays on.
pub(super) struct Stage {
    pub(super) sim: SimRouter,
    pub(super) sqlite: Sqlite,
    pub(super) nas: NasId,
    pub(super) mark: Mark,
    pub(super) beyond: Beyond,
    pub(super) facing: Facing,
    pub(super) bypassed: Bypassed,
    pub(super) queue: Queue,
    pub(super) listening: Listening,
    pub(super) renewals: Renewals,
    /// What was to happen during a print that never came does not happen any more.
    closing: Arc<AtomicBool>,
    clock: ManualClock,
    repository: Faulty,
    inbox: Arc<Inbox>,
    actor: Actor,
    connection: Option<(Link, Round)>,
    wanted: Wanted,
    earlier: Option<Snapshot>,
}

impl Stage {
    /// A router with a few sessions that has been polled once: coverage begins here.
    pub(super) async fn set(setting: &Setting) -> Stage {
        let sim = SimRouter::start(setting::world(setting), Options::default()).await.unwrap();
        let sqlite = Sqlite::open_in_memory().unwrap();
        let act = NewAudit::by_system(START, "router.add", "r");
        let nas = sqlite.insert_nas(new_nas(setting.link_speed_bps), act).await.unwrap();
        for subscriber in renewals::subscribers() {
            let act = NewAudit::by_system(START, "subscriber.add", &subscriber.username);
            sqlite.insert_subscriber(subscriber, act).await.unwrap();
        }
        let repository = Faulty::new(sqlite.clone());
        let inbox = Arc::new(Inbox::new(64 << 20));
        let listening = Listening::new(setting.listens);
        let actor = new_actor(nas, &inbox, &listening, &repository);
        let clock = ManualClock::new(START);
        let mark = sim.with_world(|world| world.mark());
        let mut stage = Stage {
            sim,
            sqlite,
            nas,
            mark,
            beyond: Beyond::default(),
            facing: Facing::default(),
            bypassed: Bypassed::of(setting.switches.host_counters == HostCounters::StartOver),
            queue: Queue::of(setting.switches.queue_set == QueueSet::StartsOver),
            listening,
            renewals: Renewals::default(),
            closing: Arc::default(),
            clock,
            repository,
            inbox,
            actor,
            connection: None,
            wanted: Wanted::default(),
            earlier: None,
        };
        queue::add(&mut Link::open(&stage.target()).await.unwrap()).await;
        stage.sim.with_world(|world| queue::set_rates(world, 300, 900));
        stage.advance(Duration::from_secs(100));
        let hide = || Plan::new(Fault::HideShare { percent: setting.hidden_at_first });
        let hidden = [TABLES[0], TABLES[4]].map(|table| stage.sim.faults().arm(hide().on(table)));
        // On a busy machine one may be given up.
        while !stage.poll().await {}
        hidden.into_iter().for_each(|fault| stage.sim.faults().disarm(fault));
        stage.mark = stage.sim.with_world(|world| world.mark());
        stage
    }

    /// Plays one step; what the router tells meanwhile is heard before the next.
    pub(super) async fn play(&mut self, step: &Step) {
        self.act(step).await;
        self.listening.hear(&self.sim).await;
    }

    async fn act(&mut self, step: &Step) {
        match step {
            Step::World(Act::Advance(seconds)) => self.advance(Duration::from_secs(*seconds)),
            Step::World(act) => self.sim.with_world(|world| apply(world, act, &self.beyond.resets)),
            Step::Queue(act) => self.act_on_queue(*act).await,
            Step::Poll => drop(self.poll().await),
            Step::PollDuring { table, nth, act } => {
                let act = act.clone();
                let (clock, resets) = (self.clock.clone(), self.beyond.resets.clone());
                let closing = self.closing.clone();
                self.sim.at_print(TABLES[*table], *nth, move |world| match act {
                    _ if closing.load(Ordering::Relaxed) => {}
                    Act::Advance(seconds) => {
                        let by = Duration::from_secs(seconds.min(5));
                        world.advance(by);
                        clock.advance(micros(by));
                    }
                    act => apply(world, &act, &resets),
                });
                self.poll().await;
            }
            Step::PollBroken { table, rows, drop } => {
                let fault = if *drop { Fault::cut_after(*rows, Cut::Drop) } else { Fault::trap_after(*rows) };
                let id = self.sim.faults().once_on(TABLES[*table], fault);
                self.poll().await;
                self.sim.faults().disarm(id);
            }
            Step::Hide { table, percent, prints } => {
                let plan =
                    Plan::new(Fault::HideShare { percent: *percent }).times(*prints).on(TABLES[*table]);
                self.sim.faults().arm(plan);
            }
            Step::StandStill(seconds) => self.clock.advance(seconds * 1_000_000),
            Step::DropConnection => self.connection = None,
            Step::LoseConnections => self.sim.drop_connections(),
            Step::StopListening => self.listening.give_way().await,
            Step::KeptOut(fault) => {
                self.connection = None;
                let fault = self.sim.faults().always(fault.clone());
                self.poll().await;
                self.sim.faults().disarm(fault);
            }
            Step::Renew { whom, fresh } => self.renew(*whom, *fresh).await,
            Step::RestartUs => self.restart(),
            Step::RestartHost => {
                self.clock.reboot_host();
                self.restart();
            }
            Step::SetWallClock { hours } => {
                let now = self.clock.now();
                self.clock.set_wall(Micros(now.0 + hours * 3_600_000_000));
            }
            Step::DoubtfulCommit { written: true } => self.repository.fail_next(Failure::WrittenButDoubtful),
            Step::DoubtfulCommit { written: false } => self.repository.fail_next(Failure::LostAndDoubtful),
            Step::FailedCommit => self.repository.fail_next(Failure::RolledBack),
            Step::LateSnapshot => {
                if let Some(snapshot) = self.earlier.clone() {
                    self.inbox.push(snapshot);
                    self.settle().await;
                }
            }
        }
    }

    async fn act_on_queue(&mut self, act: QueueAct) {
        if self.sim.with_world(|world| world.answers())
            && let Ok(mut link) = Link::open(&self.target()).await
        {
            self.queue.act(&mut link, act).await;
        }
    }

    async fn renew(&mut self, whom: usize, fresh: bool) {
        let before = self.sim.with_world(|world| Moved::of(world, &self.mark));
        let fresh = if fresh && self.poll().await { vec![self.nas] } else { Vec::new() };
        let act = NewAudit::by_system(self.clock.now(), "subscriber.renew", "one");
        let renewed = self.renewals.renew(&self.sqlite, whom, fresh, act).await;
        self.sim.with_world(|world| self.renewals.note(&renewed, before, Moved::of(world, &self.mark)));
    }

    /// Ends all faults and looks often enough that whatever has ended is known to have.
    pub(super) async fn close(&mut self) {
        self.sim.faults().clear();
        self.closing.store(true, Ordering::Relaxed);
        let mut read = 0;
        while read < 6 {
            self.advance(Duration::from_secs(45));
            self.listening.hear(&self.sim).await;
            read += u32::from(self.poll().await);
        }
    }

    /// What the world tells meanwhile is heard when the time is over.
    fn advance(&self, by: Duration) {
        self.sim.with_world(|world| {
            world.advance(by);
            self.clock.advance(micros(by));
        });
    }

    /// One round, connecting first when needed; like the poller, it gives up a connection that failed.
    /// True when it was read.
    async fn poll(&mut self) -> bool {
        self.advance(Duration::from_millis(20));
        if !self.sim.with_world(|world| world.answers()) {
            self.connection = None;
            return false;
        }
        if self.connection.is_none() {
            match Link::open(&self.target()).await {
                Ok(link) => self.connection = Some((link, Round::new())),
                Err(error) => {
                    self.listening.kept_out(&error).await;
                    return false;
                }
            }
        }
        self.listening.hear(&self.sim).await;
        self.listening.admit(&self.sim, self.target(), &self.clock).await;
        let (before, began_us) = self.sim.with_world(|world| (Prints::of(world), world.now_us()));
        self.sim.with_world(|world| self.facing.begin(world));
        self.sim.with_world(|world| self.queue.begin(world));
        let Some((link, round)) = &mut self.connection else { return false };
        let bindings = self.sqlite.bindings_version().await.unwrap();
        let asked = self.sqlite.asked_counters(self.nas).await.unwrap();
        let owners = self.wanted.owners || self.listening.ear.has_lost_sight();
        let wanted = Wanted { owners, ..self.wanted.clone() };
        match round.run(link, &Ticking(self.clock.clone()), &wanted, &asked).await {
            Ok(mut clean) => {
                clean.snapshot.times.bindings = bindings;
                self.sim.with_world(|world| {
                    self.beyond.read(world, &clean.snapshot, &before);
                    self.facing.read(world, &clean.snapshot);
                    self.queue.read(world, &clean.snapshot);
                    self.bypassed.read(world, &clean.snapshot, &before);
                    self.listening.read(world, &mut clean.snapshot, began_us);
                });
                self.earlier = Some(clean.snapshot.clone());
                self.inbox.push(clean.snapshot);
                self.settle().await;
                true
            }
            Err(error) => {
                self.beyond.failed();
                self.facing.failed();
                if error.ends_link() {
                    self.connection = None;
                }
                false
            }
        }
    }

    async fn settle(&mut self) {
        loop {
            match self.actor.step().await {
                Settled::Committed(progress) => self.wanted = progress.wanted,
                Settled::DroppedRefused(error) => {
                    panic!("no reading of a router is beyond the store: {error}")
                }
                Settled::DroppedLate | Settled::Waits(_) => {}
                Settled::Idle => return,
            }
        }
    }

    /// We are killed and start again from what is committed.
    fn restart(&mut self) {
        self.connection = None;
        self.earlier = None;
        self.wanted = Wanted::default();
        self.inbox = Arc::new(Inbox::new(64 << 20));
        self.listening.forget();
        self.actor = new_actor(self.nas, &self.inbox, &self.listening, &self.repository);
    }

    fn target(&self) -> Target {
        let addr = self.sim.addr();
        let password = SecretString::from(Device::DEFAULT_PASSWORD);
        let target = Target::new(addr.ip().to_string(), addr.port(), Device::DEFAULT_USER, password);
        // A reboot in the middle of a round may leave the router silent; nobody needs to wait long for it here.
        let deadlines = Deadlines { idle: Duration::from_millis(500), ..Deadlines::default() };
        Target { deadlines, ..target }
    }
}

fn micros(by: Duration) -> u64 {
    u64::try_from(by.as_micros()).unwrap()
}

fn new_actor(nas: NasId, inbox: &Arc<Inbox>, listening: &Listening, repository: &Faulty) -> Actor {
    let repository = Arc::new(repository.clone());
    let dependencies = ActorDependencies {
        repository,
        turns: Turns::new(1),
        talkers: TalkerBoard::default(),
        interval: Duration::from_secs(1),
    };
    Actor::new(Lease { nas, epoch: 1 }, inbox.clone(), listening.ear.clone(), dependencies)
}

fn new_nas(link_speed_bps: Option<u64>) -> NewNas {
    NewNas {
        uuid: uuid::Uuid::nil(),
        name: "r".to_owned(),
        host: "127.0.0.1".to_owned(),
        port: 8728,
        tls: TlsMode::Off,
        fingerprint: None,
        username: "u".to_owned(),
        password: SealedPassword(Vec::new()),
        link_speed_bps,
        interval_ms: None,
        group: None,
        enabled: true,
        origin: NasOrigin::Api,
    }
}
