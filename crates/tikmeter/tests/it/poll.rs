//! `tikmeter router poll` against `tikmeter simulate`.

use std::net::TcpListener;
use std::process::Output;

use serde_json::Value;

use crate::program::{Running, run, stderr, stdout, tikmeter};
use crate::server::Server;

struct Simulated {
    _program: Running,
    _folder: tempfile::TempDir,
    address: String,
}

fn simulate(sessions: &str) -> Simulated {
    simulate_with(&["--sessions", sessions])
}

fn simulate_with(more: &[&str]) -> Simulated {
    let folder = tempfile::tempdir().unwrap();
    let words = [&["simulate", "--json", "--routers", "1"], more].concat();
    let program = Running::start(&words, folder.path());
    let told = program.json_line();
    let address = format!("127.0.0.1:{}", told["routers"][0]["port"]);
    Simulated { _program: program, _folder: folder, address }
}

fn poll(address: &str, more: &[&str]) -> Output {
    run(&[&["router", "poll", address, "--user", "meter"], more].concat())
}

#[test]
fn each_round_is_one_line_of_json_whose_parts_add_up() {
    let router = simulate("40");
    let polled =
        poll(&router.address, &["--password", "simulated", "--repeat", "3", "--interval-ms", "50", "--json"]);
    assert_eq!(polled.status.code(), Some(0), "{}", stderr(&polled));
    let rounds: Vec<Value> =
        stdout(&polled).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rounds.len(), 3);
    for (index, round) in rounds.iter().enumerate() {
        assert_eq!(round["round"], index + 1);
        let by_table: u64 =
            round["tables"].as_array().unwrap().iter().map(|one| one["bytes_in"].as_u64().unwrap()).sum();
        assert_eq!(round["bytes_in"], by_table);
        assert!(round["rows"].as_u64().unwrap() >= 30 && round["bytes_out"].as_u64().unwrap() > 0);
        assert_eq!(round["rows_unreadable"], 0);
        assert!(round["device"].as_str().unwrap().starts_with("serial:"));
    }
    assert_eq!(rounds[0]["owners"], rounds[0]["rows"], "the first round knows whose each counter is");
    let download = |round: &Value| round["download_octets"].as_u64().unwrap();
    assert!(download(&rounds[0]) > 0);
}

/// Guests come within half a minute; devices let through are read as soon as one is in sight.
#[test]
fn what_a_hotspot_shows_is_told_beside_the_ppp_counters() {
    let router = simulate_with(&["--sessions", "3", "--guests", "40"]);
    let polled = || poll(&router.address, &["--password", "simulated", "--json"]);
    let logins = |round: &Value| round["hotspot"]["logins"].as_u64().unwrap();
    let first = || serde_json::from_str::<Value>(stdout(&polled()).trim()).unwrap();
    let some = |_| {
        std::thread::sleep(std::time::Duration::from_millis(200));
        Some(first())
            .filter(|round| logins(round) > 0 && round["hotspot"]["download_octets"].as_u64() > Some(0))
    };
    let round = (0..100).find_map(some).expect("guests log in");
    assert_eq!(round["rows"], 3, "PPP counters alone: {round}");
    let told = stdout(&poll(&router.address, &["--password", "simulated"]));
    assert!(told.contains("  hotspot: ") && told.contains(" let through; upload "), "{told}");
    let none = stdout(&poll(&simulate_with(&["--guests", "0"]).address, &["--password", "simulated"]));
    assert!(!none.contains("hotspot:"), "{none}");
}

#[test]
fn the_password_may_come_from_a_file_or_the_environment() {
    let router = simulate("3");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password");
    std::fs::write(&file, "simulated\n").unwrap();
    let from_file = poll(&router.address, &["--password-file", file.to_str().unwrap()]);
    assert!(stdout(&from_file).contains("round 1: 3 PPP counters"), "{}", stderr(&from_file));
    let mut command = tikmeter(&["router", "poll", &router.address, "--user", "meter"]);
    let from_variable = command.env("TIKMETER_ROUTER_PASSWORD", "simulated").output().unwrap();
    assert_eq!(from_variable.status.code(), Some(0), "{}", stderr(&from_variable));
}

#[test]
fn what_goes_wrong_is_said_with_the_command_that_mends_it() {
    let router = simulate("3");
    let refused = poll(&router.address, &["--password", "guess"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("/user group set GROUP policy=api,read"), "{}", stderr(&refused));
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let closed = poll(&free, &["--password", "guess"]);
    assert_eq!(closed.status.code(), Some(1));
    assert!(stderr(&closed).contains("/ip service enable api"), "{}", stderr(&closed));
    assert_eq!(poll(&router.address, &[]).status.code(), Some(2), "a password is needed");
    assert!(![&refused, &closed].iter().any(|output| stderr(output).contains("guess")));
}

/// One sentence each, with the command that mends it: by `router poll`, and at once in `router show` and the API.
#[test]
fn what_the_router_refuses_is_said_at_once_everywhere() {
    let troubles = [
        ("no-rights", ["--trouble", "no-rights"], "no_rights", "/user group set GROUP policy=api,read"),
        ("no-api", ["--trouble", "no-api"], "login_refused", "/user group set GROUP policy=api,read"),
        (
            "no-menu",
            ["--fault", "missing-menu@/ppp/active"],
            "protocol_error",
            "does not know /ppp/active/print",
        ),
    ];
    let folder = tempfile::tempdir().unwrap();
    let server = Server::serve(folder.path());
    for (trouble, words, state, says) in troubles {
        let router = simulate_with(&[&["--sessions", "3"], &words[..]].concat());
        let polled = poll(&router.address, &["--password", "simulated"]);
        assert_eq!(polled.status.code(), Some(1));
        assert!(
            stderr(&polled).contains(says) && stderr(&polled).trim().lines().count() == 1,
            "{}",
            stderr(&polled)
        );
        let words = ["router", "add", trouble, &router.address, "--user", "meter", "--password", "simulated"];
        server.text(&[&words[..], &["--interval", "1h"]].concat());
        let shown = server.json_when(&["router", "show", trouble], |router| router["state"] == state);
        assert!(shown["message"].as_str().unwrap().contains(says), "{shown}");
        assert!(shown["errors"].as_u64() <= Some(2), "after the first tries: {shown}");
        assert!(server.text(&["router", "show", trouble]).contains(says));
    }
}

#[test]
fn a_round_that_breaks_is_told_and_the_next_ones_go_on() {
    let router = simulate_with(&["--sessions", "3", "--fault", "trap=1@/interface/print*1"]);
    let words = ["--password", "simulated", "--repeat", "3", "--interval-ms", "1", "--json"];
    let polled = poll(&router.address, &words);
    let told = stderr(&polled);
    assert_eq!(polled.status.code(), Some(1), "{told}");
    assert!(told.starts_with("round 1: ") && told.contains("1 of 3 rounds gave nothing"), "{told}");
    assert_eq!(stdout(&polled).lines().count(), 2, "{}", stdout(&polled));
}

#[test]
fn a_router_without_ppp_is_said_to_have_none() {
    let router = simulate_with(&["--sessions", "2", "--trouble", "missing-menu"]);
    let polled = poll(&router.address, &["--password", "simulated"]);
    assert_eq!(polled.status.code(), Some(0));
    let said = stdout(&polled);
    assert!(said.contains("sessions not read") && said.contains("`/system package print`"), "{said}");
}
