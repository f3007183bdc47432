//! A simulated router, ourselves, and one clock for both.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use accounting::snapshot::Snapshot;
use accounting::time::{HostInstant, Micros};
use collector::actor::{Actor, ActorDependencies, Inbox, Step as Settled, Turns};
use collector::link::{Deadlines, Link, Target};
use collector::round::{Round, Wanted};
use operations::{Clock, ManualClock};
use routeros_sim::faults::{Cut, Fault, Plan};
use routeros_sim::server::{Options, SimRouter};
use routeros_sim::world::{
    BindingCounters, BooleanWords, Device, HostCounters, HotspotIds, InterfaceRow, L2tpType, Mark,
    Personality, QueueSet, Roaming, ServerIds, Service, SessionKey, Switches, UnknownProperty, UptimeStyle,
    World,
};
use secrecy::SecretString;
use store::{
    AccountingRepository, NasId, NasOrigin, NasRepository, NewAudit, NewNas, SealedPassword, Sqlite,
    SubscriberRepository, TlsMode,
};

use super::beyond::{Beyond, Prints, Resets, note_resets};
use super::bypassed::{self, Bypassed};
use super::facing::{self, Facing};
use super::faulty::{Failure, Faulty};
use super::queue::{self, Queue};
use super::script::{
    Act, BINDING, BOB, BOUND_LOGIN, DeviceAct, LOGINS, QueueAct, Setting, Step, TABLES, USERS,
};

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
        let sim = SimRouter::start(world(setting), Options::default()).await.unwrap();
        let sqlite = Sqlite::open_in_memory().unwrap();
        let act = NewAudit::by_system(START, "router.add", "r");
        let nas = sqlite.insert_nas(new_nas(setting.link_speed_bps), act).await.unwrap();
        let act = NewAudit::by_system(START, "subscriber.add", "static");
        sqlite.insert_subscriber(facing::subscriber(), act).await.unwrap();
        let act = NewAudit::by_system(START, "subscriber.add", "queued");
        sqlite.insert_subscriber(queue::subscriber(), act).await.unwrap();
        let repository = Faulty::new(sqlite.clone());
        let inbox = Arc::new(Inbox::new(64 << 20));
        let actor = new_actor(nas, &inbox, &repository);
        let clock = ManualClock::new(START);
        let mark = sim.with_world(|world| world.mark());
        let mut stage = Stage {
            sim,
            sqlite,
            nas,
            mark,
            beyond: Beyond::default(),
            facing: Facing::default(),
            bypassed: Bypassed::of(setting.hosts_start_over),
            queue: Queue::of(setting.queue_set_starts_over),
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

    /// Plays one step.
    pub(super) async fn play(&mut self, step: &Step) {
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

    /// Ends all faults and looks often enough that whatever has ended is known to have.
    pub(super) async fn close(&mut self) {
        self.sim.faults().clear();
        self.closing.store(true, Ordering::Relaxed);
        let mut read = 0;
        while read < 6 {
            self.advance(Duration::from_secs(45));
            read += u32::from(self.poll().await);
        }
    }

    fn advance(&self, by: Duration) {
        self.sim.with_world(|world| world.advance(by));
        self.clock.advance(micros(by));
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
            let Ok(link) = Link::open(&self.target()).await else { return false };
            self.connection = Some((link, Round::new()));
        }
        let before = self.sim.with_world(|world| Prints::of(world));
        self.sim.with_world(|world| self.facing.begin(world));
        self.sim.with_world(|world| self.queue.begin(world));
        let Some((link, round)) = &mut self.connection else { return false };
        let asked = self.sqlite.asked_counters(self.nas).await.unwrap();
        match round.run(link, &Ticking(self.clock.clone()), self.wanted, &asked).await {
            Ok(clean) => {
                self.sim.with_world(|world| {
                    self.beyond.read(world, &clean.snapshot, &before);
                    self.facing.read(world, &clean.snapshot);
                    self.queue.read(world, &clean.snapshot);
                    self.bypassed.read(world, &clean.snapshot, &before);
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
        self.actor = new_actor(self.nas, &self.inbox, &self.repository);
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

fn new_actor(nas: NasId, inbox: &Arc<Inbox>, repository: &Faulty) -> Actor {
    let repository = Arc::new(repository.clone());
    let dependencies = ActorDependencies { repository, turns: Turns::new(1) };
    Actor::new(nas, inbox.clone(), Arc::default(), dependencies)
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
        enabled: true,
        origin: NasOrigin::Api,
    }
}

fn world(setting: &Setting) -> World {
    let personality = Personality::ALL[setting.version];
    let mut device = Device::new("property", personality, setting.seed);
    device.uptime_style = if setting.colon_uptime { UptimeStyle::Colon } else { UptimeStyle::Words };
    device.switches = switches(setting);
    let mut world = World::new(device);
    world.add_usual_interfaces();
    world.add_binding(BINDING, LOGINS[BOUND_LOGIN]);
    facing::add(&mut world);
    world.advance(Duration::from_secs(1_000));
    for (login, rate) in [(0, 1_000_000), (2, 5_000_000), (BOUND_LOGIN, 2_000_000)] {
        world.connect(LOGINS[login], Service::Pppoe, mac(login), rate, rate * 3);
    }
    if setting.hotspot_configured {
        world.add_hotspot("hotspot1");
        bypassed::apply(&mut world, DeviceAct::LetThrough);
        bypassed::apply(&mut world, DeviceAct::Come { up_kbps: 500, down_kbps: 2_000 });
    }
    world.log_in(USERS[0], hotspot_mac(0), 3_000_000, 1_000_000);
    world
}

fn switches(setting: &Setting) -> Switches {
    let second = Duration::from_secs(1);
    Switches {
        interface_row: if setting.rows_linger {
            InterfaceRow::Lingers(30 * second)
        } else {
            InterfaceRow::Vanishes
        },
        binding_counters: if setting.bindings_reset {
            BindingCounters::Reset
        } else {
            BindingCounters::Survive
        },
        server_ids: if setting.server_ids_differ { ServerIds::Different } else { ServerIds::Same },
        extra_property: setting.extra_property,
        duplicate_attribute: setting.duplicate_attribute,
        boolean_words: if setting.yes_no { BooleanWords::YesNo } else { BooleanWords::TrueFalse },
        hotspot_ids: if setting.hotspot_ids_in_sequence {
            HotspotIds::InSequence
        } else {
            HotspotIds::FromAddress
        },
        queue_set: if setting.queue_set_starts_over { QueueSet::StartsOver } else { QueueSet::Keeps },
        host_counters: if setting.hosts_start_over { HostCounters::StartOver } else { HostCounters::GoOn },
        roaming: if setting.roaming_keeps_row { Roaming::KeepsRow } else { Roaming::NewRow },
        l2tp_type: if setting.l2tp_type_unknown { L2tpType::Unknown } else { L2tpType::Inferred },
        unknown_property: if setting.unknown_property_drops_rows {
            UnknownProperty::DropsRows
        } else {
            UnknownProperty::Ignored
        },
        name_held: if setting.names_held { 10 * second } else { Duration::ZERO },
        ..Switches::default()
    }
}

/// The MAC address of a device of the hotspot.
fn hotspot_mac(number: usize) -> String {
    format!("2C:54:91:00:00:{number:02X}")
}

fn mac(login: usize) -> String {
    format!("AA:BB:CC:00:00:{login:02X}")
}

fn apply(world: &mut World, act: &Act, resets: &Resets) {
    match *act {
        Act::Connect { login, l2tp, up_kbps, down_kbps } => {
            let service = if l2tp && login != BOUND_LOGIN { Service::L2tp } else { Service::Pppoe };
            world.connect(LOGINS[login], service, mac(login), up_kbps * 1_000, down_kbps * 1_000);
        }
        Act::Disconnect(nth) => with_live(world, nth, |world, key| world.disconnect(key)),
        Act::LogIn { user, device: number, up_kbps, down_kbps } => {
            world.log_in(USERS[user], hotspot_mac(number), up_kbps * 1_000, down_kbps * 1_000);
        }
        Act::Roam { nth, device: number } => with_guest(world, nth, |world, key| {
            let mac = number.map(hotspot_mac);
            world.roam(key, mac.as_deref().map(str::as_bytes));
        }),
        Act::Leave(nth) => with_guest(world, nth, |world, key| world.leave(key)),
        Act::Reconnect(nth) => with_live(world, nth, |world, key| {
            world.reconnect(key);
        }),
        Act::ReconnectFaster(nth) => with_live(world, nth, |world, key| {
            world.reconnect_at(key, 40_000_000, 80_000_000);
        }),
        Act::ReconnectLeavingTwin(nth) => with_ppp(world, nth, |world, key| {
            world.reconnect_leaving_twin(key, Duration::from_secs(20));
        }),
        Act::Transfer { session, up, down } => {
            with_live(world, session, |world, key| world.transfer(key, up, down))
        }
        Act::Reboot { silent_s, redial } => {
            let silent = Duration::from_secs(silent_s);
            if redial {
                world.reboot_and_redial(Duration::from_secs(2), Duration::from_secs(1));
            } else {
                world.reboot_silent_for(silent);
            }
        }
        Act::ResetCounters(nth) => with_ppp(world, nth, |world, key| {
            let name = world.interface_name_of(key).to_vec();
            note_resets(world, resets, &[key]);
            world.reset_counters(name);
        }),
        Act::ResetAllCounters => {
            let live: Vec<SessionKey> = world.live_sessions().collect();
            note_resets(world, resets, &live);
            world.reset_all_counters();
        }
        Act::HandOver { up, down } => hand_over(world, up, down),
        Act::TransferOnFacing { .. } | Act::RenameFacing | Act::ResetFacing | Act::RemakeFacing => {
            facing::apply(world, act);
        }
        Act::OfDevice(act) => bypassed::apply(world, act),
        Act::RatesThroughQueue { up_kbps, down_kbps } => queue::set_rates(world, up_kbps, down_kbps),
        Act::Advance(_) => unreachable!("time moves for both clocks at once"),
    }
}

fn hand_over(world: &mut World, up: u64, down: u64) {
    let bears_it = |key: &SessionKey| world.interface_name_of(*key) == b"<pppoe-bob-1>";
    let Some(holder) = world.live_sessions().find(bears_it) else { return };
    let heir = if world.login_of(holder) == LOGINS[BOB] { BOB + 1 } else { BOB };
    world.disconnect(holder);
    let heir = world.connect(LOGINS[heir], Service::Pppoe, mac(heir), 0, 0);
    world.transfer(heir, up, down);
}

fn with_live(world: &mut World, nth: usize, act: impl FnOnce(&mut World, SessionKey)) {
    with_one_of(world.live_sessions().chain(world.hotspot_sessions()).collect(), world, nth, act);
}

fn with_ppp(world: &mut World, nth: usize, act: impl FnOnce(&mut World, SessionKey)) {
    with_one_of(world.live_sessions().collect(), world, nth, act);
}

fn with_guest(world: &mut World, nth: usize, act: impl FnOnce(&mut World, SessionKey)) {
    with_one_of(world.hotspot_sessions().collect(), world, nth, act);
}

fn with_one_of(
    live: Vec<SessionKey>,
    world: &mut World,
    nth: usize,
    act: impl FnOnce(&mut World, SessionKey),
) {
    if !live.is_empty() {
        act(world, live[nth % live.len()]);
    }
}
