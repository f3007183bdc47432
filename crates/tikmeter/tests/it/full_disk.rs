//! No room for the database: files of the running server are not allowed to grow any more, as on a full disk. The
//! routers are polled on, the state says so, and when there is room again every octet is there.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use routeros_sim::server::{Options, SimRouter, TimeMode};
use routeros_sim::world::{Device, Personality, Service, SessionKey, World};
use rustix::process::{Pid, Resource, Rlimit, prlimit};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::program::{Running, stderr, tikmeter};
use crate::server::{Server, octets, ready};

/// The server, told to take a file that may not grow for an error instead of being ended by it.
fn serve(folder: &Path) -> Server {
    let program = tikmeter(&["serve", "--json", "--data", "data", "--listen", "127.0.0.1:0"]);
    Server::of(Running::spawn(that_a_full_disk_does_not_end(&program), folder), folder)
}

/// The program, of which no file that may not grow makes an end.
pub(crate) fn that_a_full_disk_does_not_end(program: &Command) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", "trap '' XFSZ; exec \"$@\"", "sh"])
        .arg(program.get_program())
        .args(program.get_args());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

/// From now on no file of the server may be larger; `None`: any size again.
pub(crate) fn limit_files(server: &Server, octets: Option<u64>) {
    let pid = Pid::from_raw(i32::try_from(server.running.pid()).unwrap());
    prlimit(pid, Resource::Fsize, Rlimit { current: octets, maximum: None }).unwrap();
}

pub(crate) fn town(runtime: &Runtime) -> SimRouter {
    let mut world = World::new(Device::new("tower", Personality::V7_20, 3));
    world.advance(Duration::from_secs(1_000));
    for number in 0..50 {
        world.connect(format!("u{number}"), Service::Pppoe, "AA:BB:CC:00:00:01", 0, 0);
    }
    runtime.block_on(SimRouter::start(world, Options { time: TimeMode::Wall })).unwrap()
}

/// A server in a folder with a configuration, which has polled that router once a second.
pub(crate) fn polls(folder: &Path, sim: &SimRouter) -> Server {
    let server = Server::serve(folder);
    let address = sim.addr().to_string();
    let user = ["--user", "admin", "--password", "simulated", "--interval", "1s"];
    server.text(&[&["router", "add", "tower", &address][..], &user].concat());
    server.json_when(&["router", "show", "tower"], |router| router["rounds_total"].as_u64() >= Some(1));
    server
}

pub(crate) fn surf(sim: &SimRouter) {
    sim.with_world(|world| {
        let live: Vec<SessionKey> = world.live_sessions().collect();
        for (number, key) in (1..).zip(live) {
            world.transfer(key, number * 1_001, number * 100_003);
        }
    });
}

pub(crate) fn prints(sim: &SimRouter) -> u64 {
    sim.stats().prints.get("/interface/print").copied().unwrap_or(0)
}

#[test]
fn without_room_on_the_disk_polling_goes_on_and_no_octet_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let sim = town(&runtime);
    let server = serve(folder.path());
    let address = sim.addr().to_string();
    let words = [
        "router",
        "add",
        "tower",
        &address,
        "--user",
        "admin",
        "--password",
        "simulated",
        "--interval",
        "1s",
    ];
    server.text(&words);
    server.json_when(&["router", "show", "tower"], |router| router["rounds_total"].as_u64() >= Some(1));
    sim.with_world(|world| world.advance(Duration::from_secs(10)));
    surf(&sim);
    server.text(&["router", "read-now", "tower"]);
    let counted = server.json(&["usage"])["items"].clone();

    limit_files(&server, Some(4_096));
    surf(&sim);
    let stalled = server.json_when(&["router", "show", "tower"], |router| router["state"] == "store_stalled");
    let message = stalled["message"].as_str().unwrap();
    assert!(message.contains("nothing is lost while sessions live"), "{message}");
    println!("said while nothing can be written: {message}");
    let asked = server.call(&["router", "read-now", "tower"]);
    let told = stderr(&asked);
    assert_eq!(asked.status.code(), Some(1), "{told}");
    assert!(told.contains("the router answered, but its reading waits in memory, because"), "{told}");
    assert_eq!(ready(&server), (503, false));
    let before = prints(&sim);
    let polled_on = |_: &Value| prints(&sim) > before + 2;
    server.json_when(&["router", "show", "tower"], polled_on);
    assert_eq!(server.json(&["usage"])["items"], counted, "only what is committed is said");
    surf(&sim);

    limit_files(&server, None);
    server.json_when(&["router", "show", "tower"], |router| router["state"] == "online");
    surf(&sim);
    server.text(&["router", "read-now", "tower"]);
    assert_eq!(ready(&server), (200, true));
    assert!(server.text(&["verify"]).contains("every total is the sum of its entries"));
    assert_exact(&server, &sim);
    server.running.signal("TERM");
    assert_eq!(server.running.end().code(), Some(0));
}

pub(crate) fn assert_exact(server: &Server, sim: &SimRouter) {
    let truth = sim.with_world(|world| world.truth().by_login());
    let usage = server.json(&["usage"]);
    let items = usage["items"].as_array().unwrap();
    assert_eq!(items.len(), truth.len());
    for item in items {
        let total = truth[item["username"].as_str().unwrap().as_bytes()].total();
        assert_eq!(octets(item), (total.input, total.output), "{item}");
    }
}
