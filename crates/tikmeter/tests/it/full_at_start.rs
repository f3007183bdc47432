//! No room, or no right, to write at the very first start: one sentence, and nothing left that stands in the way of the
//! start once there is room.

use std::fs::Permissions;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use rustix::process::{Pid, Resource, Rlimit, prlimit};

use crate::program::{Running, stderr, stdout, tikmeter};

const SERVE: [&str; 5] = ["serve", "--data", "data", "--listen", "127.0.0.1:0"];
const DEMO: [&str; 7] = ["demo", "--data", "data", "--listen", "127.0.0.1:0", "--duration", "20"];
/// Words that run until they are ended.
const SERVERS: [&str; 3] = ["serve", "demo", "simulate"];
/// Octets no file may exceed: not even the lock file can be signed, up to a part of the database.
const ROOMS: [u64; 7] = [0, 1, 100, 4_096, 20_000, 40_000, 100_000];

/// The program, whose files may not grow beyond that, told to take it for an error instead of being ended by it. One that
/// says anything but an error has room enough and is ended, so that no server runs on.
fn cramped(words: &[&str], room: u64, folder: &Path) -> Output {
    let program = tikmeter(words);
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' XFSZ; read go; exec \"$@\"", "sh"]).arg(program.get_program()).args(words);
    command.env_remove("TIKMETER_DATA").current_dir(folder);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let limit = Rlimit { current: Some(room), maximum: None };
    prlimit(Some(Pid::from_child(&child)), Resource::Fsize, limit).unwrap();
    child.stdin.take().unwrap().write_all(b"go\n").unwrap();
    let mut said = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
    if SERVERS.contains(&words[0]) && !said.is_empty() {
        child.kill().unwrap();
    }
    Output { stdout: said.into_bytes(), ..child.wait_with_output().unwrap() }
}

fn one_sentence(output: &Output) -> String {
    let told = stderr(output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    let said: Vec<&str> = told.lines().filter(|line| line.starts_with("tikmeter: ")).collect();
    assert_eq!((said.len(), told.lines().count()), (1, 1), "{told}");
    told
}

fn begins(folder: &Path) {
    let running = Running::start(&SERVE, folder);
    assert!(running.line().contains("Tikmeter serves"));
    running.signal("TERM");
    assert_eq!(running.end().code(), Some(0));
}

#[test]
fn a_disk_that_is_full_at_the_first_start_leaves_nothing_in_the_way_of_the_next() {
    for room in ROOMS {
        let folder = tempfile::tempdir().unwrap();
        let told = one_sentence(&cramped(&SERVE, room, folder.path()));
        assert!(told.contains("space"), "{room}: {told}");
        assert!(!told.contains("owner"), "{room}: {told}");
        for whole in ["key", "key.new", "token", "token.new"] {
            assert!(!folder.path().join("data").join(whole).exists(), "{room}: {whole}");
        }
        begins(folder.path());
        assert!(!folder.path().join("data/tikmeter.db.before-version-1").exists());
    }
}

#[test]
fn a_demo_without_room_says_so_too() {
    let folder = tempfile::tempdir().unwrap();
    let told = one_sentence(&cramped(&DEMO, 4_096, folder.path()));
    assert!(told.contains("space"), "{told}");
    let told = one_sentence(&cramped(&["demo", "--listen", "127.0.0.1:0"], 4_096, folder.path()));
    assert!(told.contains("space"), "{told}");
    begins(folder.path());
}

#[test]
fn simulated_routers_need_no_room_but_for_their_truth() {
    let folder = tempfile::tempdir().unwrap();
    let told = one_sentence(&cramped(&["simulate", "--truth", "truth.json"], 0, folder.path()));
    assert!(told.contains("truth.json cannot be written"), "{told}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "no half file is left");
}

#[test]
fn a_folder_that_cannot_be_made_is_named_by_serve_and_by_config_check() {
    let folder = tempfile::tempdir().unwrap();
    // A file where the folder should be: also root cannot write there.
    std::fs::write(folder.path().join("data"), "").unwrap();
    let told = one_sentence(&tikmeter(&SERVE).current_dir(folder.path()).output().unwrap());
    assert!(told.contains("the data folder data cannot be used"), "{told}");
    let checked =
        tikmeter(&["config", "check", "--data", "data"]).current_dir(folder.path()).output().unwrap();
    assert!(stderr(&checked).contains("the data folder data cannot be used"), "{}", stderr(&checked));
}

#[test]
fn config_check_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), Permissions::from_mode(0o500)).unwrap();
    let checked = cramped(&["config", "check", "--data", "data"], 0, folder.path());
    assert_eq!(checked.status.code(), Some(0), "{}", stderr(&checked));
    assert!(stdout(&checked).contains("The configuration is right"));
    std::fs::set_permissions(folder.path(), Permissions::from_mode(0o700)).unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
