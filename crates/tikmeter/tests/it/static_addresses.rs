//! Customers with a static address, as an operator watches them: an interface and a queue against what really passed.

use std::time::Duration;

use collector::link::{Link, Target};
use routeros_proto::Command;
use routeros_sim::server::{Options, SimRouter, TimeMode};
use routeros_sim::world::{Device, FixedKind, Octets, Personality, Service, World};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::program::Running;
use crate::server::{Server, octets};

const VLAN: &str = "interface:vlan201";
const QUEUE: &str = "queue:casa-202";

/// A router with a VLAN and a queue, each of somebody who surfs, and the runtime it lives in.
struct Street {
    runtime: Runtime,
    sim: SimRouter,
    server: Server,
}

impl Street {
    fn new(folder: &std::path::Path) -> Street {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let mut world = World::new(Device::new("tower", Personality::V7_20, 3));
        world.add_usual_interfaces();
        world.add_fixed_interface("vlan201", FixedKind::Vlan, 1_000_000, 9_000_000);
        world.add_queue("casa-202", "10.20.0.4/32", 700_000, 7_000_000);
        world.advance(Duration::from_secs(1_000));
        world.connect("uma", Service::Pppoe, "AA:BB:CC:00:00:01", 0, 0);
        let sim = runtime.block_on(SimRouter::start(world, Options { time: TimeMode::Wall })).unwrap();
        let server = Server::serve(folder);
        let address = sim.addr().to_string();
        let words = ["router", "add", "tower", &address, "--user", "admin", "--password", "simulated"];
        server.text(&[&words[..], &["--link-speed", "100M", "--interval", "1s"]].concat());
        Street { runtime, sim, server }
    }

    /// What their counters said, and what had passed, at one instant: nobody surfs until they are read.
    fn stand(&self) -> [(Octets, (u64, u64)); 2] {
        self.surf(0, 0);
        self.server.text(&["router", "read-now", "tower"]);
        let usage = self.server.json(&["usage"]);
        let counted = |login: &str| {
            let items = usage["items"].as_array().unwrap().iter();
            items.filter(|item| item["username"] == login).map(octets).next().unwrap_or_default()
        };
        let passed =
            self.sim.with_world(|world| [world.passed_on("vlan201"), world.traffic_of_queue("casa-202")]);
        [(passed[0], counted(VLAN)), (passed[1], counted(QUEUE))]
    }

    /// They surf for some readings, each at rates of their own.
    fn surf(&self, up_bps: u64, down_bps: u64) {
        self.sim.with_world(|world| {
            for name in ["vlan201", "to the roof"] {
                world.set_rates_on(name, up_bps, down_bps);
            }
            world.set_rates_through("casa-202", up_bps / 2, down_bps / 2);
        });
    }

    /// Some readings pass while they surf; what passed and what was counted of the interface and of the queue.
    fn after_a_while(&self, since: &[(Octets, (u64, u64)); 2]) -> [((u64, u64), (u64, u64)); 2] {
        self.surf(2_000_000, 16_000_000);
        for _ in 0..3 {
            self.server.text(&["router", "read-now", "tower"]);
        }
        let now = self.stand();
        [0, 1].map(|of| {
            let ((passed, counted), (before, counted_before)) = (now[of], since[of]);
            let passed = passed.since(before);
            ((passed.input, passed.output), (counted.0 - counted_before.0, counted.1 - counted_before.1))
        })
    }

    /// An admin does something to the router.
    fn tell(&self, path: &str, settings: &[(&str, &str)]) {
        let (host, port) = (self.sim.addr().ip().to_string(), self.sim.addr().port());
        let password = Device::DEFAULT_PASSWORD.to_owned().into();
        let target = Target::new(host, port, Device::DEFAULT_USER, password);
        let command =
            settings.iter().fold(Command::new(path), |command, (name, value)| command.attr(name, value));
        self.runtime.block_on(async {
            let mut link = Link::open(&target).await.unwrap();
            link.print(&command, |_| ()).await.unwrap();
        });
    }

    fn bound(&self, username: &str) -> Value {
        self.server.json(&["subscriber", "show", username])["cycle"]["unobserved_upper_octets"].clone()
    }
}

fn is_exact(moved: ((u64, u64), (u64, u64))) -> bool {
    moved.0 == moved.1 && moved.0 != (0, 0)
}

#[test]
fn both_are_counted_to_the_octet_and_what_a_reset_hides_or_passes_the_queue_by_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let street = Street::new(folder.path());
    let server = &street.server;
    let add = |username: &str, counter: [&str; 2]| {
        let words = ["subscriber", "add", username, "--service", "static_ip", "--router", "tower"];
        server.call(&[&words[..], &counter].concat())
    };
    assert!(!add("transit", ["--interface", "vlan100"]).status.success(), "sessions come in there");
    assert!(add("roof", ["--interface", "vlan201"]).status.success());
    assert!(add("casa", ["--queue", "casa-202"]).status.success());

    let begun = street.stand();
    let moved = street.after_a_while(&begun);
    assert!(moved.into_iter().all(is_exact), "{moved:?}");
    assert_eq!((street.bound("roof"), street.bound("casa")), (0.into(), 0.into()));
    assert!(server.text(&["held", "list"]).contains("Nothing is held back."));

    street.sim.with_world(|world| assert!(world.rename_interface("vlan201", "to the roof")));
    let renamed = street.stand();
    let moved = street.after_a_while(&renamed);
    assert!(moved.into_iter().all(is_exact), "renamed: {moved:?}");
    let told = server.text(&["explain", "--subscriber", "roof"]);
    assert!(
        told.contains("interface to the roof went from") && told.contains("to the total to the octet"),
        "{told}"
    );

    street.tell("/queue/simple/reset-counters", &[("numbers", "casa-202")]);
    let reset = street.stand();
    let moved = street.after_a_while(&reset);
    assert!(moved.into_iter().all(is_exact), "after a reset: {moved:?}");
    let bound = street.bound("casa").as_u64().unwrap();
    assert!(bound > 0 && street.bound("roof") == 0, "{bound}");
    assert!(server.text(&["explain", "--subscriber", "casa"]).contains("it was reset, so it counts from 0"));

    street.sim.with_world(World::add_fasttrack_rule);
    let fasttracked = street.stand();
    let [vlan, (passed, counted)] = street.after_a_while(&fasttracked);
    assert!(is_exact(vlan) && passed.1 > 0 && counted == (0, 0), "{vlan:?}, {passed:?} {counted:?}");
    assert_eq!((street.bound("roof"), street.bound("casa")), (0.into(), Value::Null));
    assert!(
        server
            .text(&["explain", "--subscriber", "casa"])
            .contains("FastTrack traffic, which passes queues by")
    );
    assert!(server.text(&["subscriber", "show", "casa"]).contains("unseen no bound"));

    street.tell("/queue/simple/remove", &[("numbers", "casa-202")]);
    street.stand();
    let told = server.text(&["router", "list"]);
    assert!(told.contains("The router does not show the queue casa-202, which static addresses"), "{told}");
    server.text(&["subscriber", "unbind", "casa", QUEUE, "--service", "static_ip", "--router", "tower"]);
    street.stand();
    assert!(!server.text(&["router", "list"]).contains("does not show"));
    assert!(server.every_total_is_explained() >= 2);
    assert!(server.text(&["verify"]).contains("every total is the sum of its entries"));
}

/// With the routers of `simulate`: no rate outruns a link of 100 Mbit/s, so nothing is held, and no more is counted than passed.
#[test]
fn simulated_static_addresses_can_be_enrolled_and_watched() {
    let folder = tempfile::tempdir().unwrap();
    let words = ["simulate", "--json", "--routers", "1", "--sessions", "2", "--guests", "0"];
    let truth = ["--static-addresses", "2", "--fasttrack", "--truth", "truth.json"];
    let simulate = Running::start(&[&words[..], &truth].concat(), folder.path());
    let address = format!("127.0.0.1:{}", simulate.json_line()["routers"][0]["port"]);
    let server = Server::serve(folder.path());
    let words = ["router", "add", "sim1", &address, "--user", "meter", "--password", "simulated"];
    server.text(&[&words[..], &["--link-speed", "100M", "--interval", "1s"]].concat());
    for counter in [["--interface", "vlan201"], ["--queue", "casa-202"], ["--interface", "ether1"]] {
        let words = ["subscriber", "add", counter[1], "--service", "static_ip", "--router", "sim1"];
        server.text(&[&words[..], &counter].concat());
    }
    server.json_when(&["subscriber", "show", "vlan201"], |vlan| octets(&vlan["cycle"]).1 > 0);
    server.text(&["router", "read-now", "sim1"]);
    let usage = server.json(&["usage"]);
    simulate.signal("INT");
    assert_eq!(simulate.end().code(), Some(0));
    let truth: Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("truth.json")).unwrap()).unwrap();
    for login in [VLAN, QUEUE, "interface:ether1"] {
        let items = usage["items"].as_array().unwrap();
        let item = items.iter().find(|item| item["username"] == login).unwrap();
        let (counted, passed) = (octets(item), octets(&truth["sim1"][login]));
        assert!(counted.0 <= passed.0 && counted.1 <= passed.1 && passed.1 > 0, "{item} of {passed:?}");
        assert_eq!(item["unobserved_upper_octets"].is_null(), login == QUEUE, "{item}");
    }
    assert!(server.text(&["held", "list"]).contains("Nothing is held back."));
}
