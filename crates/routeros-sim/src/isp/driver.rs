//! The provider as a whole: its lines, and what falls due on them.

use std::collections::BTreeMap;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use super::guest::{Guest, Visit, Visitor, guests};
use super::line::{Act, Line};
use super::people;
use super::standing::{self, Standing};
use crate::server::SimRouter;
use crate::world::{Device, Service, World};

/// How often [`Isp::live`] looks what fell due.
const STEP: Duration = Duration::from_millis(200);
/// Every so many-th line is an L2TP user's.
const L2TP_EVERY: usize = 12;

/// How a provider is made.
#[derive(Clone, Copy, Debug)]
pub struct IspConfig {
    /// Lines; 2 where 1 is asked for, as one user has two of them.
    pub subscribers: usize,
    /// Devices that come to the hotspot; without any, the router has none.
    pub guests: usize,
    /// How long a guest stays at most before it roams, logs in again or leaves.
    pub guests_stay: Duration,
    /// A device that is in sight of the hotspot all the time and waits to be let in.
    pub visitor: Option<Visitor>,
    /// Customers with a static address, counted by an interface (`vlan201`) or a queue (`casa-202`) in turn.
    pub static_addresses: usize,
    /// Everything random follows from it.
    pub seed: u64,
    /// How long the router has been up when the world is handed over; sessions have ages up to that.
    pub history: Duration,
    /// Mean time between reboots; `None` for never.
    pub reboots_every: Option<Duration>,
}

impl Default for IspConfig {
    fn default() -> Self {
        let hour = Duration::from_secs(3600);
        Self {
            subscribers: 120,
            guests: 0,
            guests_stay: hour,
            visitor: None,
            static_addresses: 0,
            seed: 1,
            history: hour * 30,
            reboots_every: Some(hour),
        }
    }
}

/// Who does what next.
#[derive(Clone, Copy, Debug)]
enum Planned {
    OnLine(usize, Act),
    AsGuest(usize, Visit),
    OfStanding(usize),
}

/// The subscribers of one router, to be [stepped](Isp::step) or let [live](Isp::live).
pub struct Isp {
    lines: Vec<Line>,
    guests: Vec<Guest>,
    standing: Vec<Standing>,
    visitor: Option<Visitor>,
    rng: StdRng,
    agenda: BTreeMap<(u64, u64), Planned>,
    planned: u64,
    reboots_every: Option<Duration>,
    next_reboot_us: Option<u64>,
    reboots_seen: u32,
}

impl Isp {
    /// A router with its usual interfaces, one static binding, and lines of which one user has two and some dial
    /// in by L2TP; brought forward by the history asked for. Who is kicked dials again by itself.
    #[must_use]
    pub fn build(mut device: Device, config: IspConfig) -> (World, Self) {
        let mut rng = StdRng::seed_from_u64(config.seed);
        // The lines look after that; twice would be two sessions.
        device.switches.redial_after_kick = None;
        let mut world = World::new(device);
        world.add_usual_interfaces();
        let lines = lines(config.subscribers, &mut world, &mut rng);
        let guests = guests(config.guests, config.guests_stay, &mut world);
        let mut isp = Self {
            lines,
            guests,
            standing: standing::customers(config.static_addresses, &mut world),
            visitor: config.visitor,
            rng,
            agenda: BTreeMap::new(),
            planned: 0,
            reboots_every: config.reboots_every,
            next_reboot_us: None,
            reboots_seen: world.reboots(),
        };
        isp.dial_everybody(&mut world, config.history);
        isp.everybody_comes(&world);
        isp.everybody_surfs(&world);
        isp.plan_reboot(&world);
        (world, isp)
    }

    /// Does everything that fell due up to the world's present.
    pub fn step(&mut self, world: &mut World) {
        if self.next_reboot_us.is_some_and(|at_us| at_us <= world.now_us()) {
            world.reboot_silent_for(Duration::from_secs(4));
        }
        if world.reboots() != self.reboots_seen {
            self.recover(world);
        }
        if let Some(visitor) = self.visitor {
            visitor.stay(world);
        }
        while let Some(entry) = self.agenda.first_entry() {
            if entry.key().0 > world.now_us() {
                break;
            }
            let planned = entry.remove();
            self.act(planned, world);
        }
    }

    /// Keeps the router's subscribers alive until it stops; meant for a router on host time.
    pub async fn live(mut self, router: SimRouter) {
        let mut interval = tokio::time::interval(STEP);
        loop {
            tokio::select! {
                _ = interval.tick() => router.with_world(|world| self.step(world)),
                () = router.stopped() => return,
            }
        }
    }

    /// Lines that are up now.
    #[must_use]
    pub fn lines_up(&self, world: &World) -> usize {
        self.lines.iter().filter(|line| line.is_up(world)).count()
    }

    /// Dials every line somewhere in the history, as if its last hang-up had been before.
    fn dial_everybody(&mut self, world: &mut World, history: Duration) {
        let millis = u64::try_from(history.as_millis()).unwrap_or(u64::MAX);
        let mut ages: Vec<u64> = self.lines.iter().map(|_| self.rng.random_range(0..=millis)).collect();
        ages.sort_unstable_by(|a, b| b.cmp(a));
        let mut left = millis;
        let mut plans = Vec::new();
        for (line, age) in ages.into_iter().enumerate() {
            world.advance(Duration::from_millis(left - age));
            left = age;
            let acts = self.lines[line].act(Act::Dial, world, &mut self.rng);
            plans.extend(acts.into_iter().map(|(act, after)| (Planned::OnLine(line, act), after)));
        }
        world.advance(Duration::from_millis(left));
        for (planned, after) in plans {
            self.plan(world, planned, after);
        }
    }

    /// The guests come one by one.
    fn everybody_comes(&mut self, world: &World) {
        for guest in 0..self.guests.len() {
            let after = Duration::from_millis(self.rng.random_range(0..30_000));
            self.plan(world, Planned::AsGuest(guest, Visit::Come), after);
        }
    }

    /// Whoever has a static address is there all the time.
    fn everybody_surfs(&mut self, world: &World) {
        for customer in 0..self.standing.len() {
            self.plan(world, Planned::OfStanding(customer), Duration::ZERO);
        }
    }

    fn act(&mut self, planned: Planned, world: &mut World) {
        match planned {
            Planned::OnLine(line, act) => {
                for (next, after) in self.lines[line].act(act, world, &mut self.rng) {
                    self.plan(world, Planned::OnLine(line, next), after);
                }
            }
            Planned::OfStanding(customer) => {
                let after = self.standing[customer].surf(world, &mut self.rng);
                self.plan(world, planned, after);
            }
            Planned::AsGuest(guest, visit) => {
                for (next, after) in self.guests[guest].act(visit, world, &mut self.rng) {
                    self.plan(world, Planned::AsGuest(guest, next), after);
                }
            }
        }
    }

    fn plan(&mut self, world: &World, planned: Planned, after: Duration) {
        self.planned += 1;
        let after_us = u64::try_from(after.as_micros()).unwrap_or(u64::MAX / 2);
        self.agenda.insert((world.now_us() + after_us, self.planned), planned);
    }

    /// Everybody dials again within the minute after a reboot.
    fn recover(&mut self, world: &World) {
        self.reboots_seen = world.reboots();
        self.agenda.clear();
        for line in 0..self.lines.len() {
            let after = Duration::from_millis(self.rng.random_range(2_000..40_000));
            self.plan(world, Planned::OnLine(line, Act::Dial), after);
        }
        self.everybody_comes(world);
        self.everybody_surfs(world);
        self.plan_reboot(world);
    }

    fn plan_reboot(&mut self, world: &World) {
        self.next_reboot_us = self.reboots_every.map(|mean| {
            let mean_us = u64::try_from(mean.as_micros()).unwrap_or(u64::MAX / 4);
            world.now_us() + self.rng.random_range(mean_us / 2..=mean_us / 2 * 3)
        });
    }
}

/// The first line has the binding; the last belongs to the owner of the second, with a neighbouring MAC.
fn lines(subscribers: usize, world: &mut World, rng: &mut StdRng) -> Vec<Line> {
    if subscribers == 0 {
        return Vec::new();
    }
    let count = subscribers.max(2);
    let mut names = people::names(count - 1, rng);
    world.add_binding("pppoe-tienda", &names[0]);
    names.push(names[1 % names.len()].clone());
    let line = |(number, name): (usize, Vec<u8>)| {
        let is_l2tp = number % L2TP_EVERY == L2TP_EVERY - 1 && number != count - 1;
        let service = if is_l2tp { Service::L2tp } else { Service::Pppoe };
        Line::new(name, service, number, rng)
    };
    names.into_iter().enumerate().map(line).collect()
}
