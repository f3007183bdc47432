//! The host's wall clock is set by an hour while the server is down.

use std::time::Duration;

use routeros_sim::server::{Options, SimRouter, TimeMode};
use routeros_sim::world::{Device, Personality, Service, SessionKey, World};
use serde_json::Value;

use crate::host_clock::HostClock;
use crate::server::{Server, octets};

const HOUR: i64 = 3_600;
const LINK_BPS: u64 = 1_000_000_000;

fn stop(server: Server) {
    server.running.signal("TERM");
    assert_eq!(server.running.end().code(), Some(0));
}

/// A router with one who stays and one who leaves while nobody looks.
fn street(runtime: &tokio::runtime::Runtime) -> (SimRouter, SessionKey, SessionKey) {
    let mut world = World::new(Device::new("tower", Personality::V7_20, 5));
    world.advance(Duration::from_secs(100_000));
    let [stays, leaves] =
        ["stays", "leaves"].map(|login| world.connect(login, Service::Pppoe, "AA:BB:CC:00:00:01", 0, 0));
    let sim = runtime.block_on(SimRouter::start(world, Options { time: TimeMode::Wall })).unwrap();
    (sim, stays, leaves)
}

fn year(server: &Server) -> Value {
    server.json(&["router", "show", "tower"])["last_read_at"].clone()
}

fn usage_of(server: &Server, login: &str) -> Value {
    let usage = server.json(&["usage", "--username", login]);
    usage["items"].as_array().unwrap().iter().find(|item| item["username"] == login).cloned().unwrap()
}

fn read(server: &Server) {
    server.text(&["router", "read-now", "tower"]);
}

#[test]
fn an_hour_forwards_and_two_back_over_restarts_lose_nothing_and_bound_nothing_by_the_wall_clock() {
    let folder = tempfile::tempdir().unwrap();
    let clock = HostClock::new(folder.path());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (sim, stays, leaves) = street(&runtime);
    let address = sim.addr().to_string();
    let server = clock.serve(folder.path());
    let words = ["router", "add", "tower", &address, "--user", "admin", "--password", "simulated"];
    server.text(&[&words[..], &["--link-speed", "1G"]].concat());
    server.json_when(&["router", "show", "tower"], |router| router["rounds_total"].as_u64() >= Some(1));
    let mut labels = vec![year(&server)];
    stop(server);

    for (no, stepped_by) in [HOUR, -HOUR].into_iter().enumerate() {
        sim.with_world(|world| world.transfer(stays, 1_000, 50_000));
        sim.with_world(|world| world.transfer(leaves, 10, 500));
        clock.set(stepped_by);
        let server = clock.serve(folder.path());
        read(&server);
        labels.push(year(&server));
        let passed = 1_000 * (no as u64 + 1);
        assert_eq!(octets(&usage_of(&server, "stays")), (passed, passed * 50));
        assert_eq!(usage_of(&server, "stays")["unobserved_upper_octets"], 0);
        stop(server);
    }
    let hours = |label: &Value| label.as_str().unwrap()[..13].to_owned();
    assert!(hours(&labels[1]) > hours(&labels[0]) && hours(&labels[2]) < hours(&labels[0]), "{labels:?}");

    sim.with_world(|world| world.disconnect(leaves));
    clock.set(HOUR);
    let server = clock.serve(folder.path());
    for _ in 0..3 {
        read(&server);
        sim.with_world(|world| world.advance(Duration::from_secs(40)));
    }
    let left = usage_of(&server, "leaves");
    assert_eq!(octets(&left), (20, 1_000));
    let bound = left["unobserved_upper_octets"].as_u64().unwrap();
    assert!(bound > 0 && bound < 2 * 600 * LINK_BPS / 8, "two hours by the wall clock: {bound}");
    assert!(server.text(&["verify"]).contains("every total is the sum of its entries"));
    stop(server);
}
