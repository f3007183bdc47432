//! The plant on simulated routers that speak the real protocol on loopback, on a thread of their own.

use std::net::SocketAddr;
use std::time::Duration;

use accounting::Octets;
use collector::link::Target;
use routeros_sim::faults::{Cut, Fault};
use routeros_sim::server::{ApiSsl, Certificate, KeyKind, Options, SimRouter};
use routeros_sim::world::{Device, Mark, Personality, Service, SessionKey, World};
use secrecy::SecretString;
use tokio::runtime::Runtime;

use super::numbers;
use crate::figure::Result;
use crate::sums::Sums;

/// How long the routers have been up before anybody looks.
const HISTORY: Duration = Duration::from_secs(100_000);

/// Simulated routers that share the plant's subscribers evenly.
pub(crate) struct Routers {
    routers: Vec<SimRouter>,
    // Dropped last: the routers run on it.
    runtime: Runtime,
}

impl Routers {
    /// Starts `count` routers with `each` sessions; only [`Self::pass`] moves their clocks.
    pub(crate) fn start(count: u32, each: u32) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let worlds = (0..count).map(|router| world(router, router * each, each));
        let routers = worlds
            .map(|world| runtime.block_on(SimRouter::start(world, Options::default())))
            .collect::<std::io::Result<Vec<_>>>()?;
        Ok(Routers { routers, runtime })
    }

    /// One of them, as its poller is configured.
    pub(crate) fn target(&self, router: usize) -> Result<Target> {
        let addr = self.addr(router)?;
        let password = SecretString::from(Device::DEFAULT_PASSWORD);
        Ok(Target::new(addr.ip().to_string(), addr.port(), Device::DEFAULT_USER, password))
    }

    /// Where one of them listens.
    pub(crate) fn addr(&self, router: usize) -> Result<SocketAddr> {
        Ok(self.routers.get(router).ok_or("there is no such router")?.addr())
    }

    /// Where each of them listens.
    pub(crate) fn addrs(&self) -> Vec<SocketAddr> {
        self.routers.iter().map(SimRouter::addr).collect()
    }

    /// Opens `api-ssl` on each of them, all with one certificate. Says where, in their order.
    pub(crate) fn open_api_ssl(&self) -> Result<Vec<SocketAddr>> {
        let service = ApiSsl::Certificate(Certificate::self_signed(KeyKind::P256, "127.0.0.1")?);
        let _on_their_runtime = self.runtime.enter();
        let opened = self.routers.iter().map(|router| router.open_api_ssl(&service));
        Ok(opened.collect::<std::io::Result<_>>()?)
    }

    /// Time passes, and every session transfers something.
    pub(crate) fn pass(&self, time: Duration) {
        self.each(|world| {
            world.advance(time);
            move_all(world);
        });
    }

    /// The oldest `share` of each router's sessions hang up, dial again, and transfer this much at once.
    pub(crate) fn reconnect(&self, share: f64, first: Octets) {
        self.each(|world| {
            let count = part_of(world.live_session_count(), share);
            let oldest: Vec<SessionKey> = world.live_sessions().take(count).collect();
            for old in oldest {
                let new = world.reconnect(old);
                world.transfer(new, first.input, first.output);
            }
        });
    }

    /// The nth time that something goes wrong: the connections of one of them are lost, or its next answer with counters is broken.
    pub(crate) fn go_wrong(&self, nth: usize) {
        let Some(router) = self.routers.get(nth % self.routers.len().max(1)) else { return };
        let breaks = |how| _ = router.faults().once_on("/interface/print", Fault::cut_after(7, how));
        match nth % 4 {
            0 => router.drop_connections(),
            1 => breaks(Cut::HalfSentence),
            2 => breaks(Cut::Trap("no such item (4)".to_owned())),
            _ => breaks(Cut::Garbage(vec![0xFF; 9])),
        }
    }

    /// Marks this instant on every router.
    pub(crate) fn mark(&self) -> Vec<Mark> {
        self.routers.iter().map(|router| router.with_world(|world| world.mark())).collect()
    }

    /// What all sessions really transferred since, those that ended included.
    pub(crate) fn truth_since(&self, marks: &[Mark]) -> Octets {
        let truths = self.routers.iter().zip(marks).map(|(router, mark)| {
            let total = router.with_world(|world| world.truth_since(mark)).total();
            Octets::new(total.input, total.output)
        });
        truths.sum()
    }

    /// What all counters show now.
    pub(crate) fn sums(&self) -> Sums {
        let mut sums = Sums::default();
        self.each(|world| {
            for key in world.live_sessions() {
                let shown = world.counter_of(key);
                sums.add(Octets::new(shown.input, shown.output));
            }
        });
        sums
    }

    /// How often each was asked for its counters so far.
    pub(crate) fn counter_prints(&self) -> Vec<u64> {
        let prints = |router: &SimRouter| router.stats().prints.get("/interface/print").copied().unwrap_or(0);
        self.routers.iter().map(prints).collect()
    }

    fn each(&self, mut act: impl FnMut(&mut World)) {
        for router in &self.routers {
            router.with_world(&mut act);
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a small number")]
fn part_of(count: usize, share: f64) -> usize {
    (f64::from(u32::try_from(count).unwrap_or(u32::MAX)) * share).round() as usize
}

fn world(router: u32, first: u32, count: u32) -> World {
    let mut world =
        World::new(Device::new(&format!("bench-{router}"), Personality::V7_20, u64::from(router) + 1));
    world.advance(HISTORY);
    for i in first..first + count {
        let [_, a, b, c] = i.to_be_bytes();
        let caller = format!("02:00:00:{a:02X}:{b:02X}:{c:02X}");
        let key = world.connect(numbers::login(i), Service::Pppoe, caller, 0, 0);
        let octets = numbers::octets(i, 0);
        world.transfer(key, octets.input, octets.output);
    }
    world.advance(HISTORY);
    world
}

fn move_all(world: &mut World) {
    let keys: Vec<SessionKey> = world.live_sessions().collect();
    for (i, key) in (0_u64..).zip(keys) {
        world.transfer(key, 100_003 + i % 997, 1_000_003 + i % 9_973);
    }
}
