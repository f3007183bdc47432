//! A plan's day comes while the server runs and people surf: what passed is in the two cycles together, to the octet.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use operations::{Clock, SystemClock};
use routeros_sim::faults::{Cut, Fault};
use routeros_sim::server::{Options, SimRouter, TimeMode};
use routeros_sim::world::{Device, Personality, Service, SessionKey, World};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::host_clock::HostClock;
use crate::server::{Server, octets};

const DAY: i64 = 86_400;
const MAC: &str = "AA:BB:CC:00:00:01";
const UP_BPS: u64 = 800_000;
const DOWN_BPS: u64 = 9_000_000;

/// The next midnight of this host, in seconds of Unix time; every day of the test is counted from it.
fn midnight() -> i64 {
    (now() / DAY + 1) * DAY
}

fn now() -> i64 {
    SystemClock::new().now().0 / 1_000_000
}

fn router(runtime: &Runtime, name: &str, seed: u64) -> SimRouter {
    let mut world = World::new(Device::new(name, Personality::V7_20, seed));
    world.advance(Duration::from_secs(100_000));
    runtime.block_on(SimRouter::start(world, Options { time: TimeMode::Wall })).unwrap()
}

/// Whose login is their name; each of another plan's cycle.
fn add(server: &Server, sim: &SimRouter, name: &str, subscribers: &[(&str, &str)]) {
    let address = sim.addr().to_string();
    let words = ["router", "add", name, &address, "--user", "admin", "--password", "simulated"];
    server.text(&[&words[..], &["--link-speed", "1G", "--interval", "1s"]].concat());
    server.json_when(&["router", "show", name], |router| router["rounds_total"].as_u64() >= Some(1));
    // Whoever dials in from here on did surely not before the first reading.
    sim.with_world(|world| world.advance(Duration::from_secs(10)));
    for (username, plan) in subscribers {
        server.text(&["subscriber", "add", username, "--plan", plan]);
    }
}

fn dial(sim: &SimRouter, login: &str) -> SessionKey {
    sim.with_world(|world| world.connect(login, Service::Pppoe, MAC, UP_BPS, DOWN_BPS))
}

fn read(server: &Server) {
    ["tower", "hill"].iter().for_each(|name| _ = server.text(&["router", "read-now", name]));
}

/// The cycles of a subscriber, the open one first, once the one before is final; each is what its entries explain.
fn two_cycles(server: &Server, username: &str) -> [Value; 2] {
    let words = ["subscriber", "cycles", username];
    let cycles = server.json_when(&words, |cycles| cycles["items"][1]["final"] == true);
    let [open, closed] = &cycles["items"].as_array().unwrap()[..] else { panic!("{cycles}") };
    assert_eq!((&open["opened_by"], &open["opened_at"]), (&"plan".into(), &closed["closed_at"]), "{cycles}");
    for cycle in [open, closed] {
        let no = cycle["seq_no"].to_string();
        let explained = server.text(&["explain", "--subscriber", username, "--cycle", &no]);
        assert!(explained.contains("to the total to the octet"), "{explained}");
    }
    [open.clone(), closed.clone()]
}

fn passed(sim: &SimRouter, login: &str) -> (u64, u64) {
    let truth = sim.with_world(|world| world.truth().by_login()[login.as_bytes()].total());
    (truth.input, truth.output)
}

fn sum(cycles: &[Value; 2]) -> (u64, u64) {
    let [open, closed] = [octets(&cycles[0]), octets(&cycles[1])];
    (open.0 + closed.0, open.1 + closed.1)
}

#[test]
fn when_a_day_begins_two_cycles_have_all_that_passed_and_what_was_not_seen_is_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let (clock, midnight) = (HostClock::new(folder.path()), midnight());
    clock.set(midnight - 3_600 - now());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (tower, hill) = (router(&runtime, "tower", 5), router(&runtime, "hill", 6));
    let server = clock.serve(folder.path());
    server.text(&["plan", "add", "daily", "--cycle", "every 1 days"]);
    let day = Timestamp::from_second(midnight).unwrap().to_zoned(TimeZone::UTC).day();
    server.text(&["plan", "add", "monthly", "--cycle", &format!("day {day}")]);
    let of_tower = [("stays", "monthly"), ("leaves", "daily"), ("returns", "daily"), ("comes", "daily")];
    add(&server, &tower, "tower", &of_tower);
    add(&server, &hill, "hill", &[("unread", "daily")]);
    let [stays, leaves, returns] = ["stays", "leaves", "returns"].map(|login| dial(&tower, login));
    let unread = dial(&hill, "unread");
    read(&server);

    clock.set(midnight - 2 - now());
    let broken = hill.faults().always_on("/interface/print", Fault::cut_after(0, Cut::Drop));
    let returned = tower.with_world(|world| world.reconnect(returns));
    server.json_when(&["subscriber", "show", "stays"], |stays| stays["cycle"]["seq_no"] == 2);
    let waits = server.json(&["subscriber", "cycles", "unread"]);
    let closed = &waits["items"][1];
    assert_eq!((&closed["final"], &closed["unsettled_routers"]), (&false.into(), &1.into()), "{waits}");
    let came = dial(&tower, "comes");
    tower.with_world(|world| world.disconnect(leaves));
    hill.faults().disarm(broken);
    server.json_when(&["router", "show", "hill"], |hill| hill["state"] == "online");
    read(&server);
    tower.with_world(|world| [stays, returned, came].map(|session| world.set_rates(session, 0, 0)));
    hill.with_world(|world| world.set_rates(unread, 0, 0));
    until_who_left_is_gone(&server, &tower);

    for (sim, login) in [(&tower, "stays"), (&tower, "comes"), (&hill, "unread")] {
        let cycles = two_cycles(&server, login);
        assert_eq!(sum(&cycles), passed(sim, login), "{login}: {cycles:?}");
        assert!(cycles.iter().all(|cycle| cycle["unobserved_upper_octets"] == 0), "{login}: {cycles:?}");
        let closed = octets(&cycles[1]);
        assert_eq!(closed != (0, 0), login != "comes", "{cycles:?}");
        assert_ne!(octets(&cycles[0]), (0, 0), "{cycles:?}");
    }
    for login in ["leaves", "returns"] {
        let cycles = two_cycles(&server, login);
        let (counted, passed) = (sum(&cycles), passed(&tower, login));
        let missing = (passed.0 - counted.0) + (passed.1 - counted.1);
        let bound: u64 = cycles.iter().map(|cycle| cycle["unobserved_upper_octets"].as_u64().unwrap()).sum();
        assert!(0 < missing && missing <= bound, "{login}: {missing} of {bound} in {cycles:?}");
    }
    let told = server.text(&["explain", "--subscriber", "unread", "--cycle", "1"]);
    assert!(told.contains("between two cycles, at which this router could not be read"), "{told}");
    assert!(server.text(&["verify"]).contains("every total is the sum of its entries"));
}

/// A session is over when it was away for a minute, by the router's clock.
fn until_who_left_is_gone(server: &Server, tower: &SimRouter) {
    for _ in 0..3 {
        read(server);
        tower.with_world(|world| world.advance(Duration::from_secs(40)));
    }
    server.json_when(&["subscriber", "show", "leaves"], |leaves| leaves["sessions_open"] == 0);
}
