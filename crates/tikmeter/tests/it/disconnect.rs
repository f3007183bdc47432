//! `tikmeter disconnect` against a whole server and a simulated router: what it says, and what is left on the router.

use std::time::Duration;

use routeros_sim::server::{Options, SimRouter, TimeMode};
use routeros_sim::world::{Device, KickedDevice, Personality, Policies, Service, User, World};
use tokio::runtime::Runtime;

use crate::program::{Running, stderr, tikmeter};
use crate::server::Server;

const PHONE: &str = "AA:BB:CC:00:00:01";
const LAPTOP: &str = "AA:BB:CC:00:00:02";

/// Eva's line, and ana's phone and laptop at the hotspot; who is kicked is back a second later.
fn world() -> World {
    let mut device = Device::new("tower", Personality::V7_20, 7);
    device.users.push(User::new("reader", "only", Policies::READ_ONLY));
    let switches = &mut device.switches;
    switches.redial_after_kick = Some(Duration::from_secs(1));
    switches.kicked_device = KickedDevice::ByLogin;
    let mut world = World::new(device);
    world.add_hotspot("hotspot1");
    world.advance(Duration::from_secs(100_000));
    world.connect("eva", Service::Pppoe, PHONE, 0, 0);
    world.log_in("ana", PHONE, 0, 0);
    world.log_in("ana", LAPTOP, 0, 0);
    world.advance(Duration::from_secs(60));
    world
}

fn refused(server: &Server, words: &[&str]) -> String {
    let output = server.call(words);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    stderr(&output)
}

#[test]
fn a_session_is_ended_and_what_became_of_it_is_told_and_written_down() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = Runtime::new().unwrap();
    let sim = runtime.block_on(SimRouter::start(world(), Options { time: TimeMode::Wall })).unwrap();
    let command = tikmeter(&["serve", "--json", "--data", "data", "--listen", "127.0.0.1:0"]);
    let server = Server::of(Running::spawn(command, folder.path()), folder.path());
    let address = sim.addr().to_string();
    server.text(&["router", "add", "tower", &address, "--user", "reader", "--password", "only"]);
    drop(server.json_when(&["sessions"], |sessions| sessions["items"].as_array().unwrap().len() == 3));

    let told = refused(&server, &["disconnect", "eva"]);
    assert!(told.contains("not enough permissions (9)") && told.contains("policy=api,read,write"), "{told}");
    server.text(&["router", "edit", "tower", "--user", "admin", "--password", "simulated"]);
    drop(server.json_when(&["router", "show", "tower"], |router| router["state"] == "online"));

    let told = refused(&server, &["disconnect", "ana"]);
    assert!(told.contains("2 sessions fit") && told.contains(PHONE) && told.contains(LAPTOP), "{told}");
    let phone = ["disconnect", "ana", "--router", "tower", "--mac", "aa:bb:cc:00:00:01"];
    let planned = server.text(&[&phone[..], &["--dry-run"]].concat());
    let commands: Vec<&str> = planned.lines().skip(1).collect();
    assert_eq!(commands.len(), 2, "{planned}");
    assert_eq!(sim.changes().len(), 1, "the one that was refused");
    let told = server.text(&phone);
    assert!(told.contains("came back after") && told.contains("by a login"), "{told}");
    assert_eq!(sim.changes()[1..], commands, "exactly what the dry run showed");
    let told = server.json(&["disconnect", "eva", "--router", "tower"]);
    assert_eq!((&told["outcome"], &told["back_by"]), (&"came_back".into(), &"redial".into()), "{told}");

    let commands = server.json(&["router", "commands"]);
    let mut states: Vec<&str> = commands["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|command| command["state"].as_str().unwrap())
        .collect();
    states.sort_unstable();
    assert_eq!(states, ["done", "done", "failed"]);
    let told = server.text(&["audit", "--action", "session.disconnected"]);
    assert!(told.contains("came_back") && told.contains("/ppp/active/remove"), "{told}");
    let told = refused(&server, &["disconnect", "nobody", "--router", "tower"]);
    assert!(told.contains("no such session of nobody"), "{told}");
}
