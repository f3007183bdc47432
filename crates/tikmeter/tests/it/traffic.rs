//! What users of a hotspot move, asked of a process that polls nothing: the one that has the router tells it over Redis, without a row
//! among the commands, and where there is no Redis it is said who has it.

use std::path::Path;
use std::time::Duration;

use routeros_sim::server::{Options, SimRouter, TimeMode};
use routeros_sim::world::{Device, Personality, World};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::postgres_server::Database;
use crate::program::{Running, tikmeter};
use crate::redis_server::{Redis, until};
use crate::server::Server;

const ASK: [&str; 2] = ["hotspot", "--traffic"];

/// Ana's phone at the hotspot moves 40 Mbit/s down.
fn world() -> World {
    let mut world = World::new(Device::new("tower", Personality::V7_20, 7));
    world.add_hotspot("hotspot1");
    world.advance(Duration::from_secs(100_000));
    world.log_in("ana", "AA:BB:CC:00:00:01", 1_000_000, 40_000_000);
    world
}

/// A process of that role; who has a router keeps it longer than any test stops it.
fn process(name: &str, role: &str, folder: &Path, shared: &str) -> Server {
    let own = folder.join(name);
    std::fs::create_dir_all(own.join("data")).unwrap();
    let node =
        format!("[node]\nname = \"{name}\"\nterm = \"10m\"\n\n[polling]\ninterval = \"3s\"\n\n{shared}");
    std::fs::write(own.join("tikmeter.toml"), node).unwrap();
    let key = folder.join("web/data/key");
    if role == "collector" {
        std::fs::copy(key, own.join("data/key")).unwrap();
    }
    let words = ["serve", "--json", "--data", "data", "--listen", "127.0.0.1:0", "--role", role];
    let mut program = tikmeter(&words);
    if role == "api" {
        program.env("TIKMETER_PORTAL_LISTEN", "127.0.0.1:0");
    }
    Server::of(Running::spawn(program, &own), &own)
}

/// Two of them, and a router that east polls: ana was read there.
fn house(folder: &Path, sim: &SimRouter, shared: &str) -> (Server, Server) {
    let web = process("web", "api", folder, shared);
    let address = sim.addr().to_string();
    web.text(&["router", "add", "tower", &address, "--user", "admin", "--password", "simulated"]);
    // It looks for routers when it begins, and then once in a third of its term.
    let east = process("east", "collector", folder, shared);
    until(&|| format!("ana is read: {}", web.json(&["sessions"])), || {
        let sessions = web.json(&["sessions"]);
        (sessions["items"][0]["username"] == "ana").then_some(())
    });
    (web, east)
}

/// Asks until it is told so.
fn told_when(web: &Server, wanted: impl Fn(&Value) -> bool) -> Value {
    until(&|| format!("it is told as wanted: {}", web.json(&ASK)), || Some(web.json(&ASK)).filter(&wanted))
}

fn trouble(told: &Value) -> &str {
    told["routers"][0]["trouble"].as_str().unwrap_or_default()
}

/// Nobody asked for anything but looks.
fn has_no_commands(web: &Server) {
    let commands = web.json(&["router", "commands"]);
    assert_eq!(commands["items"], json!([]), "{commands}");
}

#[test]
fn over_redis_the_process_that_polls_tells_it_and_no_command_is_written_down() {
    let (folder, database, redis) = (tempfile::tempdir().unwrap(), Database::create(), Redis::start());
    let runtime = Runtime::new().unwrap();
    let sim = runtime.block_on(SimRouter::start(world(), Options { time: TimeMode::Wall })).unwrap();
    let shared = format!("[database]\nurl = \"{}\"\n\n[redis]\nurl = \"{}\"\n", database.url(), redis.url());
    let (web, east) = house(folder.path(), &sim, &shared);
    let is_of_now = |told: &Value| told["users"][0]["rate_out"].is_string();
    let told = told_when(&web, is_of_now);
    assert_eq!((&told["users"][0]["user"], &told["routers"][0]["source"]), (&json!("ana"), &json!("router")));
    assert!(web.text(&ASK).contains("ana"), "{told}");
    has_no_commands(&web);

    east.running.signal("STOP");
    let told = told_when(&web, |told| !trouble(told).is_empty());
    east.running.signal("CONT");
    assert!(
        trouble(&told).contains("the process east was asked and did not answer. No answer came within 1 s"),
        "{told}"
    );
    assert_eq!((&told["users"][0]["user"], &told["routers"][0]["source"]), (&json!("ana"), &json!("books")));
    told_when(&web, is_of_now);
    has_no_commands(&web);
}

#[test]
fn over_the_database_alone_it_is_said_who_polls_the_router_and_nothing_is_written_down() {
    let (folder, database) = (tempfile::tempdir().unwrap(), Database::create());
    let runtime = Runtime::new().unwrap();
    let sim = runtime.block_on(SimRouter::start(world(), Options { time: TimeMode::Wall })).unwrap();
    let (web, _east) = house(folder.path(), &sim, &format!("[database]\nurl = \"{}\"\n", database.url()));
    let told = told_when(&web, |told| !trouble(told).is_empty());
    assert!(
        trouble(&told).contains("the process east polls the router, and this one cannot ask it"),
        "{told}"
    );
    let ana = &told["users"][0];
    assert_eq!((&ana["user"], &ana["rate_out"]), (&json!("ana"), &Value::Null), "as the books have her");
    assert!(web.text(&ASK).contains("give all of them the same redis.url"), "{told}");
    has_no_commands(&web);
}
