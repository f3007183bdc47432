//! A router whose subscribers live on while servers come and go: some stay connected once they are, others visit for
//! a moment.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::Duration;

use accounting::time::Micros;
use operations::{Clock, SystemClock};
use routeros_sim::server::{Options, SimRouter, TimeMode};
use routeros_sim::world::{Device, LoginTruth, Mark, Personality, Service, SessionKey, World};
use tokio::runtime::Runtime;

use crate::chance::Chance;

const AT_FIRST: u64 = 150;
const MOST_VISITORS: usize = 60;

/// One who dials in once and hangs up again.
#[derive(Clone, Debug)]
pub(super) struct Visit {
    pub(super) login: Vec<u8>,
    pub(super) from: Micros,
    pub(super) to: Option<Micros>,
    key: SessionKey,
}

/// See the module.
pub(super) struct Town {
    sim: SimRouter,
    /// Before it nothing is counted.
    mark: Mark,
    visits: Arc<Mutex<Vec<Visit>>>,
    /// Whoever holds it keeps everybody from doing anything.
    hush: Arc<Mutex<()>>,
    seed: u64,
}

/// What goes on, until it is told to end.
pub(super) struct Life {
    over: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Town {
    /// A router on the host's time with subscribers who are silent at first, and were not before.
    pub(super) fn found(runtime: &Runtime, seed: u64) -> Town {
        let mut world = World::new(Device::new("tower", Personality::V7_20, seed));
        world.add_usual_interfaces();
        world.advance(Duration::from_secs(100_000));
        for number in 0..AT_FIRST {
            let key = dial(&mut world, format!("steady-{number}"), 0);
            world.transfer(key, 1_000_000 + number, 9_000_000);
        }
        let mark = world.mark();
        let options = Options { time: TimeMode::Wall };
        let sim = runtime.block_on(SimRouter::start(world, options)).unwrap();
        Town { sim, mark, visits: Arc::default(), hush: Arc::default(), seed }
    }

    pub(super) fn address(&self) -> String {
        self.sim.addr().to_string()
    }

    /// Waits until the router is asked for its counters three times more: the first round asks twice.
    pub(super) fn until_polled_again(&self) {
        let prints = || self.sim.stats().prints.get("/interface/print").copied().unwrap_or(0);
        let before = prints();
        for _ in 0..4_000 {
            if prints() >= before + 3 {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("nobody polls the router");
    }

    /// The router's clock goes forward; nothing else happens.
    pub(super) fn later(&self, by: Duration) {
        self.sim.with_world(|world| world.advance(by));
    }

    /// Everybody surfs, and some come and go, until [`Self::rest`].
    pub(super) fn live(&self) -> Life {
        let over = Arc::new(AtomicBool::new(false));
        let mut streets = Streets {
            sim: self.sim.clone(),
            visits: self.visits.clone(),
            chance: Chance::new(self.seed + 1),
            clock: SystemClock::new(),
            steady: AT_FIRST,
        };
        let (told, hush) = (over.clone(), self.hush.clone());
        let thread = std::thread::spawn(move || {
            streets.everybody_surfs();
            while !told.load(Ordering::SeqCst) {
                let lively = hush.lock().unwrap();
                streets.something_happens();
                drop(lively);
                std::thread::sleep(Duration::from_millis(4));
            }
        });
        Life { over, thread }
    }

    /// Nobody surfs any more; whoever is connected stays so.
    pub(super) fn rest(&self, life: Life) {
        life.over.store(true, Ordering::SeqCst);
        life.thread.join().unwrap();
        self.sim.with_world(silence);
    }

    /// Nobody surfs, dials in or hangs up as long as the answer lives.
    pub(super) fn hush(&self) -> MutexGuard<'_, ()> {
        let hush = self.hush.lock().unwrap();
        self.sim.with_world(silence);
        hush
    }

    /// The router reboots. Who stays connected dials in again and surfs; visitors do not come back.
    pub(super) fn reboot(&self, hush: MutexGuard<'_, ()>) {
        let now = SystemClock::new().now();
        for visit in self.visits.lock().unwrap().iter_mut() {
            visit.to.get_or_insert(now);
        }
        self.sim.with_world(|world| {
            let logins = world.live_sessions().map(|key| world.login_of(key).to_vec());
            let steady: Vec<Vec<u8>> = logins.filter(|login| login.starts_with(b"steady")).collect();
            world.reboot();
            for login in steady {
                dial(world, login, 700_000);
            }
        });
        drop(hush);
    }

    pub(super) fn truth(&self) -> BTreeMap<Vec<u8>, LoginTruth> {
        self.sim.with_world(|world| world.truth_since(&self.mark).by_login())
    }

    pub(super) fn visits(&self) -> Vec<Visit> {
        self.visits.lock().unwrap().clone()
    }
}

struct Streets {
    sim: SimRouter,
    visits: Arc<Mutex<Vec<Visit>>>,
    chance: Chance,
    clock: SystemClock,
    steady: u64,
}

impl Streets {
    fn everybody_surfs(&mut self) {
        let chance = &mut self.chance;
        self.sim.with_world(|world| {
            for key in world.live_sessions().collect::<Vec<_>>() {
                world.set_rates(key, chance.below(2_000_000), chance.below(6_000_000));
            }
        });
    }

    fn something_happens(&mut self) {
        match self.chance.below(10) {
            0 => self.one_more_stays(),
            1..=4 => self.one_visits(),
            5..=8 => self.one_leaves(),
            _ => self.one_surfs_otherwise(),
        }
    }

    fn one_more_stays(&mut self) {
        let (login, rate) = (format!("steady-{}", self.steady), self.chance.below(3_000_000));
        self.steady += 1;
        self.sim.with_world(|world| dial(world, &login, rate));
    }

    fn one_visits(&mut self) {
        let mut visits = self.visits.lock().unwrap();
        if visits.iter().filter(|visit| visit.to.is_none()).count() < MOST_VISITORS {
            let (login, rate) = (format!("visitor-{}", visits.len()), self.chance.below(20_000_000));
            let key = self.sim.with_world(|world| dial(world, &login, rate));
            visits.push(Visit { login: login.into_bytes(), from: self.clock.now(), to: None, key });
        }
    }

    fn one_leaves(&mut self) {
        let mut visits = self.visits.lock().unwrap();
        let mut here: Vec<&mut Visit> = visits.iter_mut().filter(|visit| visit.to.is_none()).collect();
        if here.is_empty() {
            return;
        }
        let number = usize::try_from(self.chance.below(here.len() as u64)).unwrap();
        let visit = &mut here[number];
        self.sim.with_world(|world| world.disconnect(visit.key));
        visit.to = Some(self.clock.now());
    }

    fn one_surfs_otherwise(&mut self) {
        let chance = &mut self.chance;
        self.sim.with_world(|world| {
            let live: Vec<SessionKey> = world.live_sessions().collect();
            let number = usize::try_from(chance.below(live.len() as u64)).unwrap();
            world.set_rates(live[number], chance.below(3_000_000), chance.below(9_000_000));
        });
    }
}

fn silence(world: &mut World) {
    for key in world.live_sessions().collect::<Vec<_>>() {
        world.set_rates(key, 0, 0);
    }
}

fn dial(world: &mut World, login: impl AsRef<[u8]>, rate_bps: u64) -> SessionKey {
    let number = world.live_session_count();
    let mac = format!("AA:BB:CC:00:{:02X}:{:02X}", number / 256, number % 256);
    world.connect(login, Service::Pppoe, mac, rate_bps, rate_bps * 3)
}
