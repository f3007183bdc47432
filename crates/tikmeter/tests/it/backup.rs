//! `tikmeter backup ...`: made beside a running server, put back whole or not at all, and counting goes on from there.

use std::path::Path;
use std::process::Output;
use std::time::Duration;

use routeros_sim::server::{Options, SimRouter, TimeMode};
use routeros_sim::world::{Device, Personality, Service, SessionKey, World};
use serde_json::Value;

use crate::chance::Chance;
use crate::folding::past;
use crate::program::{Running, stderr, stdout, tikmeter};
use crate::server::{Server, octets};

const SEED: u64 = 20_261_201;
const KILLS: usize = 5;
/// Longest time after which a restore is killed, from when its file is there.
const SOON_MS: u64 = 150;
/// The router's password.
const PASSWORD: &str = "simulated";

fn backup(folder: &Path, words: &[&str]) -> Output {
    let mut command = tikmeter(&[&["backup"][..], words].concat());
    command.current_dir(folder).output().unwrap()
}

fn must(output: &Output) -> String {
    assert!(output.status.success(), "{}", stderr(output));
    stdout(output)
}

fn stop(server: Server) {
    server.running.signal("TERM");
    assert_eq!(server.running.end().code(), Some(0));
}

fn tower(runtime: &tokio::runtime::Runtime) -> (SimRouter, SessionKey) {
    let mut world = World::new(Device::new("tower", Personality::V7_20, 5));
    world.advance(Duration::from_secs(100_000));
    let ana = world.connect("ana", Service::Pppoe, "AA:BB:CC:00:00:01", 0, 0);
    (runtime.block_on(SimRouter::start(world, Options { time: TimeMode::Wall })).unwrap(), ana)
}

fn used(server: &Server) -> (u64, u64) {
    server.text(&["router", "read-now", "tower"]);
    octets(&server.json(&["usage", "--username", "ana"])["items"][0])
}

#[test]
fn what_was_restored_counts_on_to_the_octet() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (sim, ana) = tower(&runtime);
    let address = sim.addr().to_string();
    let server = Server::serve(folder);
    server.text(&["router", "add", "tower", &address, "--user", "admin", "--password", PASSWORD]);
    let moves = || sim.with_world(|world| world.transfer(ana, 1_000, 50_000));
    server.json_when(&["router", "show", "tower"], |router| router["rounds_total"].as_u64() >= Some(1));
    moves();
    assert_eq!(used(&server), (1_000, 50_000));
    must(&backup(folder, &["create", "one.backup", "--data", "data"]));
    moves();
    assert_eq!(used(&server), (2_000, 100_000), "beside the backup counting went on");
    let in_use = backup(folder, &["restore", "one.backup", "--replace", "--data", "data"]);
    assert!(!in_use.status.success() && stderr(&in_use).contains("is in use by process"), "{in_use:?}");
    stop(server);
    let refused = backup(folder, &["restore", "one.backup", "--data", "data"]);
    assert!(stderr(&refused).contains("--replace"), "{refused:?}");
    let told = must(&backup(folder, &["restore", "one.backup", "--replace", "--data", "data"]));
    assert!(
        told.contains("sealed with a key that no backup holds") && told.contains("before-restore"),
        "{told}"
    );

    moves();
    let server = Server::serve(folder);
    server.json_when(&["router", "show", "tower"], |router| router["rounds_total"].as_u64() >= Some(1));
    assert_eq!(
        used(&server),
        (3_000, 150_000),
        "what was counted after the backup is counted once, and once more is not"
    );
    assert!(server.text(&["verify"]).contains("every total is the sum of its entries"));
    stop(server);

    let content = std::fs::read(folder.join("one.backup")).unwrap();
    let key = std::fs::read(folder.join("data/key")).unwrap();
    assert!(!content.windows(key.len()).any(|part| part == key), "the key is in it");
}

fn books(folder: &Path) -> (Value, String) {
    let server = Server::serve(folder);
    let told =
        (server.json(&["usage"]), server.json(&["explain", "--subscriber", past::SUBSCRIBER]).to_string());
    stop(server);
    told
}

#[test]
fn a_restore_that_is_killed_is_not_served_half_and_ends_whole() {
    let (old, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::fs::create_dir(old.path().join("data")).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(past::write(&old.path().join("data/tikmeter.db")));
    let before = books(old.path());
    let file = new.path().join("one.backup");
    must(&backup(old.path(), &["create", &file.to_string_lossy(), "--data", "data"]));
    let (mut chance, half) = (Chance::new(SEED), new.path().join("data/tikmeter.db.restoring"));
    for _ in 0..KILLS {
        // One that was quicker than the kill is no matter: it begins anew.
        let _ = std::fs::remove_file(new.path().join("data/tikmeter.db"));
        let _ = std::fs::remove_file(&half);
        let mut running = Running::start(&["backup", "restore", "one.backup", "--data", "data"], new.path());
        while !half.exists() {
            running.assert_runs();
        }
        std::thread::sleep(Duration::from_millis(chance.below(SOON_MS)));
        running.signal("KILL");
        running.end();
        if !new.path().join("data/tikmeter.db").exists() {
            let serve = ["serve", "--data", "data", "--listen", "127.0.0.1:0"];
            let refused = tikmeter(&serve).current_dir(new.path()).output().unwrap();
            assert_eq!(refused.status.code(), Some(1));
            assert!(stderr(&refused).contains("tikmeter backup restore` again"), "{}", stderr(&refused));
        }
    }
    let _ = std::fs::remove_file(new.path().join("data/tikmeter.db"));
    must(&backup(new.path(), &["restore", "one.backup", "--data", "data"]));
    assert_eq!(books(new.path()), before);
}

#[test]
fn a_passphrase_comes_from_a_file_or_the_environment_and_lists_tell_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    stop(Server::serve(folder));
    std::fs::write(folder.join("pass"), "correct horse battery\n").unwrap();
    std::fs::write(folder.join("short"), "short\n").unwrap();
    let lacks = backup(folder, &["create", "--encrypt", "--data", "data"]);
    assert_eq!(lacks.status.code(), Some(2));
    assert!(stderr(&lacks).contains("TIKMETER_BACKUP_PASSPHRASE"), "{lacks:?}");
    let short = backup(folder, &["create", "--passphrase-file", "short", "--data", "data"]);
    assert!(stderr(&short).contains("fewer than 12"), "{short:?}");
    let told = must(&backup(folder, &["create", "--passphrase-file", "pass", "--data", "data", "--json"]));
    let told: Value = serde_json::from_str(&told).unwrap();
    let file = told["file"].as_str().unwrap();
    assert_eq!((&told["encrypted"], file.starts_with("data/backups/tikmeter-")), (&Value::Bool(true), true));
    assert!(stderr(&backup(folder, &["verify", file])).contains("is encrypted"));
    let mut command = tikmeter(&["backup", "verify", file]);
    command.env("TIKMETER_BACKUP_PASSPHRASE", "correct horse battery").current_dir(folder);
    assert!(must(&command.output().unwrap()).contains("Every sum is right"));
    let list = must(&backup(folder, &["list", "--data", "data"]));
    assert!(list.contains("tikmeter-") && list.contains("yes"), "{list}");
}
