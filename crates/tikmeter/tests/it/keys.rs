//! `tikmeter key`: replaced while all runs, killed in the middle, refused by a database, and followed by another process.

use std::fs::Permissions;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use serde_json::Value;

use crate::chance::Chance;
use crate::postgres_server::Database;
use crate::program::{Running, stderr, stdout, tikmeter};
use crate::server::Server;

const SEED: u64 = 20_261_204;
const KILLS: usize = 12;
/// So often it is looked whether a change began before the test gives up: for ten seconds at the least.
const MOST_LOOKS: u32 = 10_000_000;
/// Longest time after which a kill comes, microseconds: what comes after a change began takes some milliseconds.
const SOON_US: u64 = 3_000;
const LOGIN: [&str; 4] = ["--user", "meter", "--password", "simulated"];

/// A router that nothing answers for: whether its password can be opened shows in its state.
fn add(server: &Server, name: &str) {
    server.text(&[&["router", "add", name, "127.0.0.1:1"][..], &LOGIN].concat());
}

fn stop(server: Server) {
    server.running.signal("TERM");
    assert_eq!(server.running.end().code(), Some(0));
}

fn opens(server: &Server) -> (u64, Value) {
    let key = server.json(&["key", "show"]);
    (key["opens"].as_u64().unwrap(), key["lost"].clone())
}

fn none() -> Value {
    Value::Array(Vec::new())
}

#[test]
fn a_key_is_replaced_while_routers_are_read_on() {
    let folder = tempfile::tempdir().unwrap();
    let simulate =
        Running::start(&["simulate", "--json", "--routers", "1", "--sessions", "5"], folder.path());
    let address = format!("127.0.0.1:{}", simulate.json_line()["routers"][0]["port"]);
    let server = Server::serve(folder.path());
    server.text(&[&["router", "add", "tower", &address, "--interval", "1s"][..], &LOGIN].concat());
    let online = server.json_when(&["router", "show", "tower"], |router| router["state"] == "online");
    let before = server.json(&["key", "show"]);
    let shown = server.text(&["key", "show"]);
    assert!(shown.contains(before["fingerprint"].as_str().unwrap()) && shown.contains("data/key"), "{shown}");
    let old = std::fs::read(folder.path().join("data/key")).unwrap();

    let told = server.text(&["key", "rotate", "--yes"]);
    assert!(told.contains("the passwords of 1 router"), "{told}");
    let new = std::fs::read(folder.path().join("data/key")).unwrap();
    assert_ne!(new, old);
    let after = server.json(&["key", "show"]);
    assert_ne!(after["fingerprint"], before["fingerprint"]);
    assert_eq!((&after["older"], opens(&server)), (&Value::Null, (1, none())));
    let still = server.json(&["router", "show", "tower"]);
    assert_eq!(
        (&still["state"], &still["state_since"]),
        (&online["state"], &online["state_since"]),
        "{still}"
    );
    server.text(&["router", "read-now", "tower"]);
    let acts = server.json(&["audit", "--action", "key.rotate"]);
    assert_eq!(acts["items"].as_array().unwrap().len(), 1, "{acts}");
    stop(server);

    let server = Server::serve(folder.path());
    server.json_when(&["router", "show", "tower"], |router| router["state"] == "online");
    stop(server);
    // The one before opens nothing any more.
    std::fs::write(folder.path().join("data/key"), old).unwrap();
    let server = Server::serve(folder.path());
    let line = server.running.error_line("cannot be opened with this key file");
    assert!(line.contains("All usage, subscribers, plans and vouchers are safe"), "{line}");
    assert_eq!(opens(&server), (0, serde_json::json!(["tower"])));
    // The right one is taken up without a start.
    std::fs::write(folder.path().join("data/key"), new).unwrap();
    server.json_when(&["router", "show", "tower"], |router| router["state"] == "online");
    assert_eq!(opens(&server), (1, none()));
}

#[test]
fn a_server_that_is_killed_while_it_replaces_the_key_opens_every_password_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let (data, mut chance) = (folder.path().join("data"), Chance::new(SEED));
    let server = Server::serve(folder.path());
    for number in 0..20 {
        add(&server, &format!("tower{number}"));
    }
    stop(server);
    let mut cut_short = 0;
    for kill in 0..KILLS {
        let server = Server::serve(folder.path());
        let words = ["key", "rotate", "--yes", "--url", &server.url, "--token", &server.token];
        let before = std::fs::read(data.join("key")).unwrap();
        // Every other time the database takes nothing meanwhile, so that the kill surely comes before passwords are sealed anew.
        let database = Connection::open(data.join("tikmeter.db")).unwrap();
        if kill % 2 == 1 {
            database.execute_batch("BEGIN IMMEDIATE").unwrap();
        }
        let rotating = Running::start(&words, folder.path());
        let is_new = || std::fs::read(data.join("key")).unwrap() != before;
        let mut looks = 0..MOST_LOOKS;
        while !is_new() && (kill % 2 == 1 || !data.join("key.new").exists()) {
            assert!(looks.next().is_some(), "no change of the key began");
        }
        std::thread::sleep(Duration::from_micros(chance.below(SOON_US) * (kill as u64 / 4)));
        server.running.signal("KILL");
        server.running.end();
        cut_short += usize::from(data.join("key.old").exists() && is_new());
        drop((rotating, database));
        let server = Server::serve(folder.path());
        assert_eq!(opens(&server), (20, none()), "kill {kill} of seed {SEED}");
        assert!(!data.join("key.old").exists(), "it is carried on at the start");
        assert_eq!(std::fs::metadata(data.join("key")).unwrap().mode() & 0o777, 0o600);
        stop(server);
    }
    assert!(cut_short >= KILLS / 2, "{cut_short} kills came between the file and the database");
}

/// The database takes no password: both keys stay, routers are read, and it is carried on when it does.
#[test]
fn what_the_database_does_not_take_is_tried_again_with_both_keys_there() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = Server::serve(folder.path());
    add(&server, "tower");
    let database = Connection::open(data.join("tikmeter.db")).unwrap();
    let refuse =
        "CREATE TRIGGER refuse BEFORE UPDATE OF password ON nas BEGIN SELECT RAISE(ABORT, 'for a test'); END";
    database.execute_batch(refuse).unwrap();
    let refused = server.call(&["key", "rotate", "--yes"]);
    let told = stderr(&refused);
    assert!(!refused.status.success() && told.contains("the new key is in its place"), "{told}");
    assert!(data.join("key.old").exists() && !data.join("key.new").exists());
    assert_eq!(opens(&server), (1, none()));
    assert!(server.json(&["key", "show"])["older"].is_string());
    server.running.signal("KILL");
    server.running.end();

    let server = Server::serve(folder.path());
    server.running.error_line("sealed with the key before still");
    assert_eq!(opens(&server), (1, none()));
    database.execute_batch("DROP TRIGGER refuse").unwrap();
    server.json_when(&["key", "show"], |key| key["older"].is_null());
    assert!(!data.join("key.old").exists());
    assert_eq!(opens(&server), (1, none()));
}

#[test]
fn a_key_that_is_handed_over_is_read_and_is_replaced_by_handing_over_both() {
    let folder = tempfile::tempdir().unwrap();
    let credentials = folder.path().join("credentials");
    std::fs::create_dir(&credentials).unwrap();
    let hand_over = |name: &str, key: [u8; 32]| {
        std::fs::write(credentials.join(name), key).unwrap();
        std::fs::set_permissions(credentials.join(name), Permissions::from_mode(0o440)).unwrap();
    };
    hand_over("tikmeter.key", [1; 32]);
    let serve = || {
        let mut program = tikmeter(&["serve", "--json", "--data", "data", "--listen", "127.0.0.1:0"]);
        program.env("CREDENTIALS_DIRECTORY", &credentials);
        Server::of(Running::spawn(program, folder.path()), folder.path())
    };
    let server = serve();
    add(&server, "tower");
    assert!(!folder.path().join("data/key").exists(), "none is made beside it");
    assert_eq!(server.json(&["key", "show"])["source"], "credential");
    let refused = server.call(&["key", "rotate", "--yes"]);
    assert!(stderr(&refused).contains("tikmeter.key.old"), "{}", stderr(&refused));
    stop(server);
    hand_over("tikmeter.key.old", [1; 32]);
    hand_over("tikmeter.key", [2; 32]);
    let server = serve();
    assert_eq!((opens(&server), server.json(&["key", "show"])["older"].is_null()), ((1, none()), true));
    stop(server);
    std::fs::remove_file(credentials.join("tikmeter.key.old")).unwrap();
    let server = serve();
    assert_eq!(opens(&server), (1, none()));
}

fn node(name: &str, folder: &Path, database: &Database) -> Server {
    let mut program = tikmeter(&["serve", "--json", "--data", "data", "--listen", "127.0.0.1:0"]);
    program.env("TIKMETER_NODE_NAME", name).env("TIKMETER_NODE_TERM", "3s");
    program.env("TIKMETER_DATABASE_URL", database.url());
    Server::of(Running::spawn(program, folder), folder)
}

#[test]
fn a_process_on_the_same_database_says_that_the_key_is_another_and_takes_a_copy_up() {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let database = Database::create();
    let east = node("east", first.path(), &database);
    add(&east, "tower");
    let (key, copy) = (first.path().join("data/key"), second.path().join("data/key"));
    std::fs::create_dir(second.path().join("data")).unwrap();
    std::fs::copy(&key, &copy).unwrap();
    let west = node("west", second.path(), &database);
    assert_eq!(opens(&west), (1, none()));

    let told = east.text(&["key", "rotate", "--yes"]);
    assert!(told.contains("west") && told.contains("copy this one's file"), "{told}");
    let shown = west.json_when(&["key", "show"], |key| key["lost"][0] == "tower");
    assert_eq!(shown["unlike"], serde_json::json!(["east"]));
    let refused = stderr(&west.call(&["key", "rotate", "--yes"]));
    assert!(refused.contains("east on the same database has another key"), "{refused}");
    add(&west, "shore");

    std::fs::copy(&key, &copy).unwrap();
    west.json_when(&["key", "show"], |key| key["lost"] == none() && key["opens"] == 2);
    east.json_when(&["key", "show"], |key| key["lost"] == none() && key["unlike"] == none());
    let words = ["key", "show", "--url", &west.url, "--token", &west.token];
    let shown = tikmeter(&words).output().unwrap();
    assert!(stdout(&shown).contains("2 routers"), "{}", stdout(&shown));
}
