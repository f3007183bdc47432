//! Help, wrong calls, and no server.

use std::net::TcpListener;

use crate::program::{run, stderr, stdout, tikmeter, with_closed_pipe};

/// An address where nothing listens.
fn nowhere() -> String {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", free.local_addr().unwrap())
}

#[test]
fn help_names_every_command_and_succeeds() {
    let help = run(&["--help"]);
    assert_eq!(help.status.code(), Some(0));
    let commands = [
        "serve",
        "demo",
        "simulate",
        "router",
        "subscriber",
        "plan",
        "sessions",
        "audit",
        "usage",
        "explain",
        "verify",
        "held",
        "token",
        "status",
        "config",
    ];
    for command in commands {
        assert!(stdout(&help).contains(&format!("\n  {command} ")), "{command}: {}", stdout(&help));
        assert_eq!(run(&[command, "--help"]).status.code(), Some(0), "{command}");
    }
}

#[test]
fn wrong_calls_end_with_2() {
    let calls: [&[&str]; 15] = [
        &[],
        &["fly"],
        &["usage", "--colour"],
        &["explain"],
        &["explain", "--router", "a", "--subscriber", "b"],
        &["router", "add", "tower", "10.0.0.1", "--user", "u", "--interval", "soon"],
        &["status", "--url", "https://127.0.0.1", "--token", "t"],
        &["usage", "--from", "2026-13-01"],
        &["usage", "--to", "yesterday"],
        &["usage", "--step", "day", "--zone", "Mars/Phobos"],
        &["renew", "ana", "--until", "2020-99-01"],
        &["subscriber", "add", "ana", "--expiry", "2020-99-01"],
        &["token", "create", "x", "--expires", "soon"],
        &["plan", "add", "x", "--price", "1,5"],
        &["plan", "edit", "x", "--validity", "0d"],
    ];
    for call in calls {
        let ended = run(call);
        assert_eq!(ended.status.code(), Some(2), "{call:?}: {}", stderr(&ended));
        assert!(!ended.stderr.is_empty(), "{call:?}");
    }
}

#[test]
fn a_wrong_value_is_said_of_its_flag() {
    for (call, flag) in [
        (&["usage", "--from", "2026-13-01"][..], "--from"),
        (&["subscriber", "add", "ana", "--expiry", "2020-99-01"], "--expiry"),
    ] {
        let said = stderr(&run(call));
        assert!(said.contains(flag) && said.contains(call[call.len() - 1]), "{said}");
        assert!(!said.contains("address after ?") && !said.contains("column"), "{said}");
    }
}

#[test]
fn other_machines_are_not_let_in_unless_somebody_says_so() {
    let ended = run(&["serve", "--listen", "0.0.0.0:0"]);
    assert_eq!(ended.status.code(), Some(1));
    assert!(stderr(&ended).contains("serve --listen-anywhere"), "{}", stderr(&ended));
}

#[test]
fn without_a_server_it_is_said_in_one_sentence() {
    let ended = run(&["status", "--url", &nowhere(), "--token", "tkm_x"]);
    assert_eq!(ended.status.code(), Some(1));
    assert!(stderr(&ended).contains("is `tikmeter serve` running?"), "{}", stderr(&ended));
    assert_eq!(stderr(&ended).lines().count(), 1);
    assert!(ended.stdout.is_empty());
}

#[test]
fn without_a_token_it_is_said_where_one_was_looked_for() {
    let folder = tempfile::tempdir().unwrap();
    let ended = run(&["status", "--data", folder.path().to_str().unwrap()]);
    assert_eq!(ended.status.code(), Some(1));
    assert!(stderr(&ended).contains("/token does not exist"), "{}", stderr(&ended));
}

#[test]
fn a_closed_pipe_ends_it_quietly() {
    for call in [&["--help"][..], &["config", "show"], &["simulate", "--sessions", "2", "--routers", "1"]] {
        let ended = with_closed_pipe(call);
        assert_eq!(ended.status.code(), Some(0), "{call:?}: {}", stderr(&ended));
        assert_eq!(stderr(&ended), "", "{call:?}");
    }
}

#[test]
fn a_password_on_the_command_line_is_in_no_message() {
    let words = ["router", "add", "tower", "10.0.0.1", "--user", "u", "--password", "geheim", "--url"];
    let ended = tikmeter(&words).arg(nowhere()).args(["--token", "tkm_x"]).output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    assert!(!stderr(&ended).contains("geheim"), "{}", stderr(&ended));
}
