//! Many small routers whose subscribers stay connected and surf all the while; some have a hotspot.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use routeros_sim::server::{Options, SimRouter, TimeMode};
use routeros_sim::world::{Device, Mark, Personality, Service, SessionKey, World};
use serde_json::Value;
use tokio::runtime::Runtime;

use super::town;
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
            let started = SimRouter::start(world(number), Options { time: TimeMode::Wall });
            let sim = runtime.block_on(started).unwrap();
            if town::is_one(number) {
                runtime.block_on(town::set_up(&sim, &login(number, 1)));
            }
            (sim, None)
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
                for (session, key) in (1..).zip(world.live_sessions().collect::<Vec<_>>()) {
                    world.set_rates(key, 10_000 * number + session, 90_000 * number + session);
                }
                mark
            }));
        }
    }

    /// Nothing passes any more.
    pub(super) fn rest(&self) {
        for (sim, _) in &self.routers {
            sim.with_world(|world| everybody(world).into_iter().for_each(|key| world.set_rates(key, 0, 0)));
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

    /// Every octet that passed since, and none twice; of `cut_off`, whom the router itself ended, what was read and what may lack.
    pub(super) fn assert_exact(&self, server: &Server, cut_off: &str) {
        let (counted, mut known) = (usage(server), BTreeSet::new());
        for (sim, mark) in &self.routers {
            let mark = mark.as_ref().unwrap();
            for (login, truth) in sim.with_world(|world| world.truth_since(mark).by_login()) {
                let (name, moved) = (String::from_utf8(login).unwrap(), truth.total());
                let moved = (moved.input, moved.output);
                assert!(moved.1 > 0 || !name.starts_with('u'), "{name} moved nothing");
                let (said, lacks) = counted.get(&name).copied().unwrap_or_default();
                let is_so = match name == cut_off {
                    true => {
                        (1..=moved.0).contains(&said.0) && lacks.is_none_or(|lacks| lacks >= moved.0 - said.0)
                    }
                    false => said == moved,
                };
                assert!(is_so, "{name}: {said:?} and {lacks:?} of {moved:?}");
                known.insert(name);
            }
        }
        assert!(counted.len() as u64 >= self.routers.len() as u64 * SESSIONS);
        assert!(counted.keys().all(|login| known.contains(login)), "nobody else is counted");
    }
}

/// What each login moved, and what it may have moved besides: `None` where nobody knows.
fn usage(server: &Server) -> BTreeMap<String, ((u64, u64), Option<u64>)> {
    let usage = server.json(&["usage"]);
    let items = usage["items"].as_array().unwrap().iter();
    let of = |item: &Value| (octets(item), item["unobserved_upper_octets"].as_u64());
    items.map(|item| (item["username"].as_str().unwrap().to_owned(), of(item))).collect()
}

fn world(number: u64) -> World {
    let mut world = World::new(Device::new(&name(number), Personality::V7_20, number));
    world.advance(Duration::from_secs(100_000));
    for session in 0..SESSIONS {
        world.connect(login(number, session), Service::Pppoe, "AA:BB:CC:00:00:01", 0, 0);
    }
    if town::is_one(number) {
        town::found(&mut world, number);
    }
    world
}

fn everybody(world: &World) -> Vec<SessionKey> {
    world.live_sessions().chain(world.hotspot_sessions()).collect()
}

fn name(number: u64) -> String {
    format!("r{number:03}")
}

fn login(number: u64, session: u64) -> String {
    format!("u{number:03}-{session}")
}
