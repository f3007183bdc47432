//! `tikmeter disconnect` against a whole server and a simulated router: what it says, and what is left on the router.

use std::path::Path;
use std::time::Duration;

use accounting::time::Micros;
use routeros_sim::server::{Options, SimRouter, TimeMode};
use routeros_sim::world::{Device, KickedDevice, Personality, Policies, Service, User, World};
use store::{HoldRepository as _, NewAudit, Sqlite};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::program::{Running, stderr, tikmeter};
use crate::server::Server;
use crate::terminal::answered;

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

/// A server that has read the three sessions with that user and password.
fn server_of(folder: &TempDir, sim: &SimRouter, [user, password]: [&str; 2]) -> Server {
    let command = tikmeter(&["serve", "--json", "--data", "data", "--listen", "127.0.0.1:0"]);
    let server = Server::of(Running::spawn(command, folder.path()), folder.path());
    let address = sim.addr().to_string();
    server.text(&["router", "add", "tower", &address, "--user", user, "--password", password]);
    drop(server.json_when(&["sessions"], |sessions| sessions["items"].as_array().unwrap().len() == 3));
    server
}

#[test]
fn a_session_is_ended_and_what_became_of_it_is_told_and_written_down() {
    let runtime = Runtime::new().unwrap();
    let sim = runtime.block_on(SimRouter::start(world(), Options { time: TimeMode::Wall })).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let server = server_of(&folder, &sim, ["reader", "only"]);

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

#[test]
fn all_that_fit_are_shown_first_and_then_ended_each_with_what_became_of_it() {
    let runtime = Runtime::new().unwrap();
    let sim = runtime.block_on(SimRouter::start(world(), Options { time: TimeMode::Wall })).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let server = server_of(&folder, &sim, ["admin", "simulated"]);
    let hotspot = ["disconnect", "--all", "--router", "tower", "--service", "hotspot"];

    let told = server.text(&[&hotspot[..], &["--dry-run"]].concat());
    assert!(told.contains("2 sessions would be ended.") && told.contains(PHONE), "{told}");
    assert!(told.contains(LAPTOP) && !told.contains("eva"), "{told}");
    let output = server.call(&hotspot);
    assert_eq!(output.status.code(), Some(2), "there is nobody to ask");
    assert!(stderr(&output).contains("--dry-run, then say --yes"), "{}", stderr(&output));
    let shown = answered(&server, &hotspot, "no\n");
    assert!(shown.contains(LAPTOP) && shown.contains("Type yes"), "{shown}");
    assert!(shown.contains("no session was ended"), "{shown}");
    assert_eq!(sim.changes(), Vec::<String>::new());

    let told = answered(&server, &hotspot, "yes\n");
    let places = ["2 sessions would be ended", "Type yes", "2 ended"].map(|words| told.find(words));
    assert!(places.is_sorted() && places[0].is_some(), "{told}");
    assert!(told.contains("2 ended, 2 of them back already; 0 left alone, 0 not ended"), "{told}");
    let removed =
        sim.changes().iter().filter(|change| change.starts_with("/ip/hotspot/active/remove")).count();
    assert_eq!((removed, sim.changes().iter().any(|change| change.contains("/ppp/"))), (2, false));
    let nobody = server.text(&["disconnect", "--all", "--router", "tower", "--starts-with", "zz", "--yes"]);
    assert_eq!(nobody.trim_end(), "No open session fits; nothing was sent.");

    let reader = ["router", "edit", "tower", "--user", "reader", "--password", "only"];
    server.text(&reader);
    drop(server.json_when(&["router", "show", "tower"], |router| router["state"] == "online"));
    let output = server.call(&["disconnect", "--all", "--router", "tower", "--service", "pppoe", "--yes"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("1 of 1 session"), "{}", stderr(&output));
    assert!(String::from_utf8_lossy(&output.stdout).contains("not enough permissions (9)"));
}

#[test]
fn whoever_is_kept_out_is_listed_and_let_in_again() {
    let runtime = Runtime::new().unwrap();
    let sim = runtime.block_on(SimRouter::start(world(), Options { time: TimeMode::Wall })).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let server = server_of(&folder, &sim, ["admin", "simulated"]);
    let phone = ["disconnect", "ana", "--router", "tower", "--mac", PHONE, "--hold", "15m"];
    let told = server.text(&phone);
    assert!(told.contains("nobody came back") && told.contains("is kept out until"), "{told}");
    let listed = server.text(&["hold", "list"]);
    assert!(listed.contains(PHONE) && listed.contains("device"), "{listed}");
    let told = refused(&server, &["hold", "release", "--router", "tower", "--login", "eva"]);
    assert!(told.contains("eva is not kept out of router tower"), "{told}");
    let told = server.text(&["hold", "release", "--router", "tower", "--mac", "aa:bb:cc:00:00:01"]);
    assert!(told.contains("is let in again"), "{told}");
    drop(server.json_when(&["hold", "list"], |holds| holds["items"].as_array().unwrap().is_empty()));
    let removed = sim.changes().last().cloned().unwrap();
    assert!(removed.starts_with("/ip/hotspot/ip-binding/remove"), "{removed}");
    assert_eq!(server.call(&["disconnect", "ana", "--hold", "soon"]).status.code(), Some(2));
}

#[test]
fn all_that_fit_are_kept_out_each_and_let_in_on_time_also_where_nobody_ran_then() {
    let runtime = Runtime::new().unwrap();
    let sim = runtime.block_on(SimRouter::start(world(), Options { time: TimeMode::Wall })).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let server = server_of(&folder, &sim, ["admin", "simulated"]);
    let hotspot = ["disconnect", "--all", "--router", "tower", "--service", "hotspot", "--hold", "15m"];
    let told = server.text(&[&hotspot[..], &["--dry-run"]].concat());
    assert!(
        told.contains("2 sessions would be ended, and whoever has them kept out for 15 minutes each."),
        "{told}"
    );
    assert!(server.text(&["hold", "list"]).contains("Nobody is kept out"));
    let shown = answered(&server, &hotspot, "no\n");
    assert!(shown.contains("End them and keep them out now?"), "{shown}");
    assert_eq!(sim.changes(), Vec::<String>::new());

    let told = server.text(&[&hotspot[..], &["--yes"]].concat());
    assert!(told.contains("2 ended, 0 of them back already"), "{told}");
    let binds = |verb: &str| {
        let verb = format!("/ip/hotspot/ip-binding/{verb}");
        sim.changes().iter().filter(|change| change.starts_with(&verb)).count()
    };
    assert_eq!((binds("add"), binds("remove")), (2, 0));
    server.running.signal("KILL");
    server.running.end();
    assert_eq!(runtime.block_on(all_over(&folder.path().join("data/tikmeter.db"))), 2);
    assert_eq!(binds("remove"), 0, "nobody runs");
    let command = tikmeter(&["serve", "--json", "--data", "data", "--listen", "127.0.0.1:0"]);
    let server = Server::of(Running::spawn(command, folder.path()), folder.path());
    drop(server.json_when(&["hold", "list"], |holds| holds["items"].as_array().unwrap().is_empty()));
    assert_eq!((binds("add"), binds("remove")), (2, 2));
}

/// The time of all who are kept out is over; how many those are.
async fn all_over(database: &Path) -> usize {
    let sqlite = Sqlite::open(database).unwrap();
    let holds = sqlite.holds().await.unwrap();
    for hold in &holds {
        let act = NewAudit::by_system(Micros(0), "hold.release", "test");
        sqlite.shorten_hold(hold.nas, hold.subject.clone(), Micros(1), act).await.unwrap();
    }
    holds.len()
}
