//! `tikmeter doctor` against a simulated router and a whole server: one fault after the other is planted, found, and nothing else is; then
//! what it prints is typed on the router, or run here, and it finds nothing any more.

use std::process::Output;
use std::time::Duration;

use operations::{Clock, SystemClock};
use routeros_sim::server::{Options, SimRouter, TimeMode};
use routeros_sim::world::{Device, FixedKind, Personality, Service, World};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::full_disk::{limit_files, that_a_full_disk_does_not_end};
use crate::hand::{tell, type_on};
use crate::program::{Running, run, stderr, stdout, tikmeter};
use crate::server::Server;

const PHONE: &str = "AA:BB:CC:00:00:01";
const TABLET: &str = "AA:BB:CC:00:00:02";
const CPE: &str = "AA:BB:CC:00:00:09";
const MANILA_S: i64 = 8 * 3_600;

/// A router with a line, a login at its hotspot and an interface that receives much more than it sends; and a server that reads it once a
/// second as the user that `router bootstrap` prints.
struct Ward {
    runtime: Runtime,
    sim: SimRouter,
    server: Server,
    folder: TempDir,
}

fn now_s() -> i64 {
    SystemClock::new().now().0 / 1_000_000
}

fn tower(personality: Personality) -> World {
    let mut world = World::new(Device::new("tower", personality, 7));
    world.add_hotspot("hotspot1");
    world.add_fixed_interface("vlan201", FixedKind::Vlan, 9_000_000, 100_000);
    world.connect("eva", Service::Pppoe, CPE, 1_000, 40_000);
    world.log_in("ana", PHONE, 1_000, 4_000);
    world.advance(Duration::from_secs(1_000));
    world.set_calendar(now_s());
    world
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", stderr(output)))
}

impl Ward {
    fn new(personality: Personality) -> Ward {
        let (folder, runtime) = (tempfile::tempdir().unwrap(), Runtime::new().unwrap());
        let sim =
            runtime.block_on(SimRouter::start(tower(personality), Options { time: TimeMode::Wall })).unwrap();
        let printed = json(&run(&["router", "bootstrap", "--json", "--for", "limits,disconnect,vouchers"]));
        for command in printed["commands"].as_array().unwrap() {
            runtime.block_on(type_on(&sim, command.as_str().unwrap()));
        }
        let mut program = tikmeter(&["serve", "--json", "--data", "data", "--listen", "127.0.0.1:0"]);
        program.env("TIKMETER_PORTAL_LISTEN", "127.0.0.1:0");
        let program = that_a_full_disk_does_not_end(&program);
        let server = Server::of(Running::spawn(program, folder.path()), folder.path());
        let ward = Ward { runtime, sim, server, folder };
        let (user, password) = (printed["user"].as_str().unwrap(), printed["password"].as_str().unwrap());
        ward.add("tower", user, password);
        ward.server.text(&["subscriber", "add", "eva"]);
        ward.server.text(&["subscriber", "add", "ana", "--service", "hotspot"]);
        ward
    }

    fn add(&self, name: &str, user: &str, password: &str) {
        let address = self.sim.addr().to_string();
        let login = ["--user", user, "--password", password, "--interval", "1s"];
        self.server.text(&[&["router", "add", name, &address][..], &login].concat());
    }

    fn tell(&self, path: &str, settings: &[(&str, &str)]) {
        self.runtime.block_on(tell(&self.sim, path, settings));
    }

    /// What the doctor finds, once it is that.
    fn when(&self, wanted: impl Fn(&Output, &Value) -> bool) -> Value {
        for _ in 0..150 {
            let output = self.server.call(&["doctor", "--json"]);
            let found = json(&output);
            if wanted(&output, &found) {
                return found;
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        let output = self.server.call(&["doctor"]);
        panic!("it never came to be as wanted: {}{}", stdout(&output), stderr(&output));
    }

    /// It finds this and nothing else, and says what mends it.
    fn finds(&self, code: &str) -> Vec<(String, String)> {
        let is_it = |output: &Output, found: &Value| {
            let codes: Vec<&Value> =
                found["findings"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
            codes == [code] && output.status.code() == Some(1)
        };
        let found = self.when(is_it);
        let found = &found["findings"][0];
        assert!(!found["why"].as_str().unwrap().is_empty());
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let mends = found["mend"].as_array().unwrap().iter();
        let mends: Vec<_> = mends.map(|mend| (text(&mend["place"]), text(&mend["command"]))).collect();
        assert!(!mends.is_empty(), "{code}");
        mends
    }

    fn finds_nothing(&self) {
        self.when(|output, found| {
            let is_none = |of: &str| found[of].as_array().unwrap().is_empty();
            is_none("findings") && is_none("unseen") && output.status.success()
        });
    }

    /// Does what was printed.
    fn mend(&self, mends: &[(String, String)]) {
        for (place, command) in mends {
            match place.as_str() {
                "router" => self.runtime.block_on(type_on(&self.sim, command)),
                "shell" => drop(self.server.text(&command.split(' ').skip(1).collect::<Vec<_>>())),
                _ => {}
            }
        }
    }

    /// A fault that is there is found alone, and gone after what is printed was done.
    fn is_mended_of(&self, code: &str) {
        let mends = self.finds(code);
        self.mend(&mends);
        self.finds_nothing();
    }
}

#[test]
fn each_fault_on_a_router_is_found_alone_and_gone_when_its_commands_were_typed() {
    let ward = Ward::new(Personality::V7_20);
    ward.finds_nothing();

    ward.sim.with_world(|world| world.set_calendar(86_400));
    ward.is_mended_of("wrong_clock");

    ward.tell("/system/clock/set", &[("time-zone-name", "Asia/Manila")]);
    ward.is_mended_of("other_zone");
    // An older router writes its dates otherwise.
    ward.sim.with_world(|world| world.set_calendar(now_s() - MANILA_S));
    ward.is_mended_of("wrong_clock");

    ward.sim.with_world(World::add_fasttrack_rule);
    ward.is_mended_of("fasttrack");

    ward.tell("/ip/hotspot/ip-binding/add", &[("mac-address", TABLET), ("type", "bypassed")]);
    ward.is_mended_of("bypassed_device");

    ward.tell("/ip/hotspot/user/add", &[("name", "bob"), ("disabled", "yes")]);
    ward.sim.with_world(|world| world.add_mac_cookie("bob", TABLET));
    ward.is_mended_of("cookie_lets_in");

    ward.tell("/ip/service/set", &[("numbers", "api"), ("max-sessions", "4")]);
    ward.is_mended_of("api_sessions");

    ward.server.text(&["voucher", "create", "1", "--validity", "1h"]);
    ward.is_mended_of("portal_hand_over");
    ward.tell("/ip/hotspot/walled-garden/ip/set", &[("numbers", &portal_rule(&ward)), ("disabled", "yes")]);
    ward.is_mended_of("portal_hand_over");

    ward.server.text(&["limit", "set", "--login", "eva", "--down", "2M"]);
    let before = ("place-before", "tikmeter-ppp-eva");
    ward.tell("/queue/simple/add", &[("name", "all of us"), ("target", "0.0.0.0/0"), before]);
    ward.is_mended_of("foreign_queue");

    ward.tell("/user/group/set", &[("numbers", "tikmeter"), ("policy", "api,read")]);
    ward.is_mended_of("missing_rights");
}

fn portal_rule(ward: &Ward) -> String {
    let rows = ward.runtime.block_on(crate::hand::rows(&ward.sim, "/ip/hotspot/walled-garden/ip"));
    rows[0][".id"].clone()
}

#[test]
fn a_version_with_quirks_is_found_and_gone_after_the_update() {
    let ward = Ward::new(Personality::V6_42);
    let mends = ward.finds("version_quirk");
    let [(place, command)] = &mends[..] else { panic!("{mends:?}") };
    assert_eq!((&**place, &**command), ("router", "/system/package/update/install"));
    // The router restarts, so that nobody is answered.
    let link = crate::hand::link_as(&ward.sim, Device::DEFAULT_USER, Device::DEFAULT_PASSWORD);
    ward.runtime.block_on(async {
        let told = link.await.print(&routeros_proto::Command::new(command), |_| ()).await;
        assert!(told.is_err(), "{told:?}");
    });
    ward.finds_nothing();
}

#[test]
fn each_fault_of_ours_is_found_alone_and_gone_when_its_commands_were_run() {
    let ward = Ward::new(Personality::V7_20);
    ward.finds_nothing();

    let roof = ["subscriber", "add", "roof", "--service", "static_ip", "--router", "tower"];
    ward.server.text(&[&roof[..], &["--interface", "vlan201"]].concat());
    ward.is_mended_of("direction_swapped");

    ward.add("tower2", "admin", "simulated");
    ward.is_mended_of("duplicate_device");

    ward.sim.with_world(|world| world.connect("mia", Service::Pppoe, "AA:BB:CC:00:00:10", 1_000, 9_000));
    ward.is_mended_of("unmatched_login");

    ward.server.text(&["router", "disable", "tower"]);
    ward.is_mended_of("stale_router");

    limit_files(&ward.server, Some(0));
    let mends = ward.finds("database_lag");
    assert!(mends[0].1.contains("data/tikmeter.db"), "{mends:?}");
    // What stands in the way here is no program but a limit.
    limit_files(&ward.server, None);
    ward.finds_nothing();
}

#[test]
fn what_cannot_be_looked_at_is_told_apart_from_what_is_well() {
    let ward = Ward::new(Personality::V7_20);
    ward.finds_nothing();
    let one = ward.server.call(&["doctor", "--router", "tower"]);
    assert_eq!((one.status.code(), stdout(&one).contains("(1 router)")), (Some(0), true), "{}", stdout(&one));
    let none = ward.server.call(&["doctor", "--router", "moon"]);
    assert_eq!(none.status.code(), Some(2), "{}", stderr(&none));
    assert!(stderr(&none).contains("there is no router called moon"), "{}", stderr(&none));
    let nobody = run(&["doctor", "--url", "http://127.0.0.1:1", "--token", "x"]);
    assert_eq!(nobody.status.code(), Some(2), "{}", stderr(&nobody));
}

#[test]
fn without_a_server_the_same_is_found_and_that_none_runs() {
    let ward = Ward::new(Personality::V7_20);
    ward.finds_nothing();
    ward.sim.with_world(World::add_fasttrack_rule);
    let data = ward.folder.path().join("data").display().to_string();
    let alone = |data: &str| run(&["doctor", "--json", "--without-server", "--data", data]);
    let busy = alone(&data);
    assert_eq!(busy.status.code(), Some(2), "a server has the database: {}", stderr(&busy));
    ward.server.running.signal("TERM");
    ward.server.running.end();
    let found = alone(&data);
    assert_eq!(found.status.code(), Some(1), "{}", stderr(&found));
    let told = json(&found);
    let codes: Vec<&Value> = told["findings"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
    assert!(codes == ["not_running", "fasttrack"] && told["unseen"] == serde_json::json!([]), "{told}");
    let nowhere = ward.folder.path().join("nowhere");
    let none = alone(&nowhere.display().to_string());
    assert_eq!(none.status.code(), Some(2), "{}", stderr(&none));
    assert!(stderr(&none).contains("there is no database") && !nowhere.exists(), "{}", stderr(&none));
}
