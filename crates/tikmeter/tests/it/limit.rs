//! `tikmeter limit` against a whole server and a simulated router: what is slowed, what it says, and how a limit ends.

use std::time::Duration;

use routeros_sim::server::{Options, SimRouter, TimeMode};
use routeros_sim::world::{Device, Personality, Service, World};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::program::{Running, stderr, tikmeter};
use crate::server::Server;

const PHONE: &str = "AA:BB:CC:00:00:01";

/// Eva's line and ana's phone at the hotspot, both of which move 40 Mbit/s down.
fn world() -> World {
    let mut world = World::new(Device::new("tower", Personality::V7_20, 7));
    world.add_hotspot("hotspot1");
    world.advance(Duration::from_secs(100_000));
    world.connect("eva", Service::Pppoe, PHONE, 1_000_000, 40_000_000);
    world.log_in("ana", PHONE, 1_000_000, 40_000_000);
    world.advance(Duration::from_secs(60));
    world
}

/// What both move in a minute, download, in bits per second.
fn speed(sim: &SimRouter) -> u64 {
    sim.with_world(|world| {
        let mark = world.mark();
        world.advance(Duration::from_secs(60));
        let moved: u64 =
            world.truth_since(&mark).by_login().into_values().map(|truth| truth.total().output).sum();
        moved * 8 / 60
    })
}

fn states(limits: &Value) -> Vec<&str> {
    limits["items"].as_array().unwrap().iter().filter_map(|limit| limit["state"].as_str()).collect()
}

#[test]
fn who_is_limited_is_slowed_until_it_ends_also_over_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = Runtime::new().unwrap();
    let sim = runtime.block_on(SimRouter::start(world(), Options { time: TimeMode::Wall })).unwrap();
    let serve = || {
        let command = tikmeter(&["serve", "--json", "--data", "data", "--listen", "127.0.0.1:0"]);
        Server::of(Running::spawn(command, folder.path()), folder.path())
    };
    let mut server = serve();
    let address = sim.addr().to_string();
    server.text(&["router", "add", "tower", &address, "--user", "admin", "--password", "simulated"]);
    drop(server.json_when(&["sessions"], |sessions| sessions["items"].as_array().unwrap().len() == 2));
    assert_eq!(speed(&sim), 80_000_000);

    let phone = ["limit", "set", "--mac", "aa:bb:cc:00:00:01", "--up", "512K", "--down", "2M"];
    let planned = server.text(&[&phone[..], &["--dry-run"]].concat());
    let commands: Vec<&str> = planned.lines().skip(1).collect();
    assert_eq!((commands.len(), sim.changes().len()), (1, 0), "{planned}");
    let told = server.text(&phone);
    assert!(told.contains("on router tower: The router shows it as wanted."), "{told}");
    assert_eq!(sim.changes(), commands, "exactly what the dry run showed");
    server.text(&["limit", "set", "--login", "eva", "--down", "10M", "--sticky"]);
    assert_eq!(speed(&sim), 12_000_000);
    let listed = server.json_when(&["limit", "list"], |limits| states(limits) == ["set", "set"]);
    assert_eq!(listed["items"][0]["subject"], PHONE);

    server.running.signal("KILL");
    server.running.end();
    server = serve();
    drop(server.json_when(&["limit", "list"], |limits| states(limits) == ["set", "set"]));
    assert_eq!((speed(&sim), sim.changes().len()), (12_000_000, 2), "nothing had to be set anew");

    let foreign = World::add_fasttrack_rule;
    sim.with_world(foreign);
    drop(server.json_when(&["limit", "list"], |limits| states(limits) == ["without_effect"; 2]));
    let told = server.text(&["limit", "list"]);
    assert!(told.contains("action=fasttrack-connection"), "{told}");
    server.text(&["limit", "remove", "--login", "eva"]);
    sim.with_world(|world| {
        let phone = world.hotspot_sessions().next().unwrap();
        world.leave(phone);
    });
    for _ in 0..3 {
        // Twice missed and a minute, by which a session ends.
        server.text(&["router", "read-now", "tower"]);
        sim.with_world(|world| world.advance(Duration::from_secs(60)));
    }
    drop(server.json_when(&["limit", "list"], |limits| limits["items"] == serde_json::json!([])));
    let told = server.text(&["audit", "--action", "limit.end"]);
    assert!(told.contains(PHONE) && told.contains("system"), "{told}");
    let refused = server.call(&["limit", "set", "--mac", PHONE, "--down", "2M"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("no such hotspot user is active"), "{}", stderr(&refused));
}

#[test]
fn queues_are_shown_as_the_router_has_them_and_hotspot_users_over_all_routers() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = Runtime::new().unwrap();
    let sim = runtime.block_on(SimRouter::start(world(), Options { time: TimeMode::Wall })).unwrap();
    let server = Server::serve(folder.path());
    let address = sim.addr().to_string();
    server.text(&["router", "add", "tower", &address, "--user", "admin", "--password", "simulated"]);
    server.text(&[
        "router",
        "add",
        "away",
        "127.0.0.1:1",
        "--user",
        "admin",
        "--password",
        "x",
        "--disabled",
    ]);
    drop(server.json_when(&["sessions"], |sessions| sessions["items"].as_array().unwrap().len() == 2));
    server.text(&["plan", "add", "home", "--rate-up", "1M", "--rate-down", "2M"]);
    server.text(&["limit", "set", "--mac", PHONE, "--plan", "home"]);
    sim.with_world(|world| world.advance(Duration::from_secs(8)));
    let queues = server.json(&["limit", "queues", "--router", "tower"]);
    let queue = &queues["items"][0];
    assert_eq!(
        (&queue["name"], &queue["is_ours"]),
        (&format!("pisonet-{PHONE}").into(), &true.into()),
        "{queues}"
    );
    assert_eq!((&queue["up_bps"], &queue["down_bps"]), (&1_000_000.into(), &2_000_000.into()));
    assert!(queue["download_octets"].as_u64() > Some(0), "{queue}");
    let told = server.text(&["limit", "queues"]);
    assert!(told.contains(&format!("pisonet-{PHONE}")) && told.contains("ours"), "{told}");
    let output = server.call(&["limit", "queues", "--router", "away"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));

    server.text(&["router", "read-now", "tower"]);
    let users = server.text(&["hotspot"]);
    let row = users.lines().nth(1).unwrap();
    assert!(
        row.contains("tower") && row.contains("ana") && row.contains(PHONE) && !users.contains("eva"),
        "{users}"
    );
    assert!(row.contains("00:01:"), "a minute of uptime: {users}");
    let users = server.json(&["hotspot", "--router", "tower"]);
    assert_eq!(
        (users["items"].as_array().unwrap().len(), &users["items"][0]["username"]),
        (1, &"ana".into())
    );
}

#[test]
fn a_plan_sets_a_speed_a_boost_goes_before_it_and_a_block_keeps_somebody_out() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = Runtime::new().unwrap();
    let sim = runtime.block_on(SimRouter::start(world(), Options { time: TimeMode::Wall })).unwrap();
    let server = Server::serve(folder.path());
    server.text(&["plan", "add", "home", "--rate-up", "1M", "--rate-down", "2M", "--sets-speed"]);
    server.text(&["subscriber", "add", "eva", "--plan", "home"]);
    let address = sim.addr().to_string();
    server.text(&["router", "add", "tower", &address, "--user", "admin", "--password", "simulated"]);
    let listed = server.json_when(&["limit", "list"], |limits| states(limits) == ["set"]);
    let limit = &listed["items"][0];
    assert_eq!((&limit["set_by"], &limit["is_planned"]), (&"plan home".into(), &true.into()), "{limit}");
    assert_eq!(speed(&sim), 42_000_000, "ana is on no plan");

    let boost = ["limit", "boost", "--login", "eva", "--down", "10M", "--for", "2h"];
    let sent = sim.changes().len();
    let planned = server.text(&[&boost[..], &["--dry-run"]].concat());
    let commands: Vec<&str> = planned.lines().skip(1).collect();
    assert_eq!((commands.len(), sim.changes().len()), (1, sent), "{planned}");
    server.text(&boost);
    assert_eq!((&sim.changes()[sent..], speed(&sim)), (&[commands[0].to_owned()][..], 50_000_000));
    server.text(&["limit", "reset", "--subscriber", "eva"]);
    assert_eq!(speed(&sim), 42_000_000, "what the plan says is set again");
    server.text(&["limit", "remove", "--subscriber", "eva"]);
    assert_eq!(speed(&sim), 80_000_000, "as fast as she can be");

    let told = server.text(&["limit", "block", "--mac", PHONE, "--for", "15m", "--dry-run"]);
    assert!(told.contains("type=blocked"), "{told}");
    assert_eq!(sim.with_world(|world| world.hotspot_sessions().count()), 1);
    server.text(&["limit", "block", "--mac", PHONE, "--for", "15m"]);
    assert_eq!(sim.with_world(|world| world.hotspot_sessions().count()), 0);
    let held = server.text(&["hold", "list"]);
    assert!(held.contains(PHONE), "{held}");
    server.text(&["limit", "reset", "--subscriber", "eva"]);
    server.text(&["router", "remove", "tower"]);
    let (changes, last) = (sim.changes(), ["/queue/simple/remove", "/ip/hotspot/ip-binding/remove"]);
    let is_last = changes.iter().rev().zip(last.iter().rev()).all(|(sent, path)| sent.starts_with(path));
    assert!(is_last, "nobody would look after them: {changes:?}");
}
