//! Many small routers whose subscribers stay connected and surf all the while.

use std::collections::BTreeMap;
use std::time::Duration;

use routeros_sim::server::{Options, SimRouter, TimeMode};
use routeros_sim::world::{Device, Mark, Personality, Service, SessionKey, World};
use tokio::runtime::Runtime;

use crate::server::{Server, octets};

/// Subscribers of each router.
pub(super) const SESSIONS: u64 = 3;

/// See the module.
pub(super) struct Fleet {
    routers: Vec<(SimRouter, Option<Mark>)>,
    /// Is not asked once an interval.
    seldom: Option<usize>,
}

impl Fleet {
    /// Silent ones, on the host's time.
    pub(super) fn found(runtime: &Runtime, routers: u64) -> Fleet {
        let found = |number| {
            let mut world = World::new(Device::new(&name(number), Personality::V7_20, number));
            world.advance(Duration::from_secs(100_000));
            for session in 0..SESSIONS {
                world.connect(login(number, session), Service::Pppoe, "AA:BB:CC:00:00:01", 0, 0);
            }
            let started = runtime.block_on(SimRouter::start(world, Options { time: TimeMode::Wall }));
            (started.unwrap(), None)
        };
        Fleet { routers: (0..routers).map(found).collect(), seldom: None }
    }

    /// Their names and addresses.
    pub(super) fn addresses(&self) -> impl Iterator<Item = (String, String)> {
        (0..).zip(&self.routers).map(|(number, (sim, _))| (name(number), sim.addr().to_string()))
    }

    /// From here on all that passes is to be counted, and much does.
    pub(super) fn surf(&mut self) {
        for (number, (sim, mark)) in (1..).zip(&mut self.routers) {
            *mark = Some(sim.with_world(|world| {
                let mark = world.mark();
                for (session, key) in (1..).zip(live(world)) {
                    world.set_rates(key, 10_000 * number + session, 90_000 * number + session);
                }
                mark
            }));
        }
    }

    /// Nothing passes any more.
    pub(super) fn rest(&self) {
        for (sim, _) in &self.routers {
            sim.with_world(|world| live(world).into_iter().for_each(|key| world.set_rates(key, 0, 0)));
        }
    }

    /// The one of that name.
    pub(super) fn router(&self, name: &str) -> &SimRouter {
        &self.routers[self.place(name)].0
    }

    fn place(&self, name: &str) -> usize {
        self.addresses().position(|(other, _)| other == name).unwrap()
    }

    /// Nobody waits for that one to be asked any more.
    pub(super) fn seldom(&mut self, name: &str) {
        self.seldom = Some(self.place(name));
    }

    /// All are asked once an interval.
    pub(super) fn each_in_its_turn(&mut self) {
        self.seldom = None;
    }

    /// How often each was asked for its counters, of those that are asked once an interval.
    pub(super) fn polls(&self) -> Vec<u64> {
        let prints = |(sim, _): &(SimRouter, _)| sim.stats().prints.get("/interface/print").copied();
        let asked = self.routers.iter().enumerate().filter(|(place, _)| Some(*place) != self.seldom);
        asked.map(|(_, router)| prints(router).unwrap_or(0)).collect()
    }

    /// Every octet that passed since, and none twice.
    pub(super) fn assert_exact(&self, server: &Server) {
        let counted: BTreeMap<Vec<u8>, (u64, u64)> = usage(server);
        for (sim, mark) in &self.routers {
            let mark = mark.as_ref().unwrap();
            for (login, truth) in sim.with_world(|world| world.truth_since(mark).by_login()) {
                let total = truth.total();
                let name = String::from_utf8_lossy(&login).into_owned();
                assert!(total.output > 0, "{name} moved nothing");
                assert_eq!(counted.get(&login), Some(&(total.input, total.output)), "{name}");
            }
        }
        assert_eq!(counted.len() as u64, self.routers.len() as u64 * SESSIONS);
    }
}

fn usage(server: &Server) -> BTreeMap<Vec<u8>, (u64, u64)> {
    let usage = server.json(&["usage"]);
    let items = usage["items"].as_array().unwrap();
    items.iter().map(|item| (item["username"].as_str().unwrap().into(), octets(item))).collect()
}

fn live(world: &World) -> Vec<SessionKey> {
    world.live_sessions().collect()
}

fn name(number: u64) -> String {
    format!("r{number:03}")
}

fn login(number: u64, session: u64) -> String {
    format!("u{number:03}-{session}")
}
