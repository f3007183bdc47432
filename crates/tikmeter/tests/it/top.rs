//! `tikmeter top`, as an operator sees it: against the simulator's own counters, and on a terminal.

use std::path::Path;
use std::time::Duration;

use routeros_sim::server::{Options, SimRouter, TimeMode};
use routeros_sim::world::{Device, Personality, Service, SessionKey, World};
use rustix::process::Signal;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::program::{Running, stderr, tikmeter};
use crate::pseudo_terminal::PseudoTerminal;
use crate::server::Server;

const EVIL: &str = "evil\u{1b}[31m\u{1b}]0;pwn\u{7}\u{9b}\u{202e}";

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// A router with these logins, who move so many bits per second: up and down.
fn tower(runtime: &Runtime, logins: &[(&str, u64, u64)]) -> (SimRouter, Vec<SessionKey>) {
    let mut world = World::new(Device::new("tower", Personality::V7_20, 3));
    world.advance(Duration::from_secs(1_000));
    let connected = logins
        .iter()
        .map(|(login, up, down)| world.connect(login, Service::Pppoe, "AA:BB:CC:00:00:01", *up, *down));
    let keys = connected.collect();
    (runtime.block_on(SimRouter::start(world, Options { time: TimeMode::Wall })).unwrap(), keys)
}

fn add(server: &Server, sim: &SimRouter, interval: &str) {
    let address = sim.addr().to_string();
    let words = ["router", "add", "tower", &address, "--user", "admin", "--password", "simulated"];
    server.text(&[&words[..], &["--interval", interval]].concat());
}

fn item<'t>(top: &'t Value, login: &str) -> &'t Value {
    let mut items = top["items"].as_array().unwrap().iter();
    items.find(|item| item["username"] == login).unwrap_or_else(|| panic!("no {login} in {top}"))
}

#[test]
fn rates_are_what_the_routers_counters_moved_to_the_octet() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let (sim, keys) = tower(&runtime, &[("ana", 0, 0), ("bob", 0, 0), ("cat", 0, 0)]);
    let server = Server::serve(folder.path());
    add(&server, &sim, "1h");
    server.json_when(&["top"], |top| top["routers"][0]["unobserved"] == "one_reading");
    let mut read_at = Value::Null;
    for (ana, bob) in [((12_345, 6_789_001), (1, 3)), ((7, 0), (900_000_001, 5))] {
        let counters =
            || keys.iter().map(|key| sim.with_world(|world| world.counter_of(*key))).collect::<Vec<_>>();
        let before = counters();
        for (key, (up, down)) in keys.iter().zip([ana, bob]) {
            sim.with_world(|world| world.transfer(*key, up, down));
        }
        let after = counters();
        server.text(&["router", "read-now", "tower"]);
        let top = server.json(&["top", "--sort", "upload"]);
        assert_eq!(top["items"].as_array().unwrap().len(), 2, "cat stood still: {top}");
        for (at, login) in ["ana", "bob"].into_iter().enumerate() {
            let (item, moved) = (item(&top, login), [before[at], after[at]]);
            let over_us = item["over_us"].as_u64().unwrap();
            // The router's view: what it received is the subscriber's upload.
            for (of, octets) in
                [("upload", moved[1].input - moved[0].input), ("download", moved[1].output - moved[0].output)]
            {
                assert_eq!(item[format!("{of}_octets")], octets, "{login} {of}: {item}");
                assert_eq!(item[format!("{of}_bps")], octets * 8_000_000 / over_us, "{login} {of}: {item}");
            }
        }
        let window = &top["routers"][0]["window"];
        assert!(read_at.is_null() || window["from"] == read_at, "windows follow each other: {window}");
        read_at = window["as_of"].clone();
    }
    let list = server.text(&["top", "--sort", "upload", "--once"]);
    assert!(list.lines().nth(1).unwrap().trim_start().starts_with("bob"), "{list}");
}

/// A server that can be started again where it was.
fn serve_at(folder: &Path, address: &str) -> Server {
    Server::of(Running::start(&["serve", "--json", "--data", "data", "--listen", address], folder), folder)
}

fn on_a_terminal(server: &Server, size: (u16, u16)) -> PseudoTerminal {
    let mut command = tikmeter(&["top", "--url", &server.url]);
    command.env("TIKMETER_TOKEN", &server.token);
    PseudoTerminal::run(&command, size)
}

fn starts(lines: &[String], line: usize, with: &str) -> bool {
    lines.get(line).is_some_and(|line| line.trim_start().starts_with(with))
}

#[test]
fn on_a_terminal_it_sorts_chooses_watches_and_outlives_sizes_and_servers() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let logins = [("ana", 100_000, 9_000_000), ("bob", 2_000_000, 50_000), (EVIL, 5_000, 4_000)];
    let (sim, _) = tower(&runtime, &logins);
    let mut server = serve_at(folder.path(), "127.0.0.1:0");
    let address = server.url.strip_prefix("http://").unwrap().to_owned();
    add(&server, &sim, "1s");
    server.text(&["subscriber", "add", "shop", "--login", "ana", "--router", "tower"]);
    server.json_when(&["top"], |top| top["items"].as_array().unwrap().len() == 3);

    let mut terminal = on_a_terminal(&server, (100, 30));
    let lines = terminal.when("all three", |lines| starts(lines, 4, "evil"));
    assert!(lines[0].starts_with("Top by total") && starts(&lines, 2, "ana"), "{lines:#?}");
    assert!(lines[4].contains("evil\\x1b") && terminal.is_raw(), "{lines:#?}");
    terminal.types("u");
    terminal.when("the order by upload", |lines| starts(lines, 2, "bob") && lines[0].contains("by upload"));

    terminal.types("j\u{1b}[B");
    terminal.when("the picture of ana", |lines| {
        let line = lines.iter().position(|line| line.starts_with(" ana, subscriber shop, on tower"));
        line.is_some_and(|line| {
            lines[line + 1].starts_with("Means between polls") && lines[line + 2].contains('█')
        })
    });
    terminal.types("\r");
    terminal.when("a live sample", |lines| lines.iter().any(|line| line == "Live: its router measures it."));

    terminal.resize(20, 5);
    let lines = terminal
        .when("the small screen", |lines| starts(lines, 1, "login        *upload") && lines.len() == 5);
    assert!(starts(&lines, 2, "bob") && starts(&lines, 3, "ana"), "{lines:#?}");
    terminal.resize(100, 30);
    terminal.when("the large screen", |lines| lines.len() == 30 && starts(lines, 4, "evil"));

    drop(server);
    terminal.when("that the server is away", |lines| starts(lines, 1, "No news for"));
    server = serve_at(folder.path(), &address);
    terminal.when("news again", |lines| starts(lines, 1, "login") && starts(lines, 2, "bob"));
    terminal.types("q");
    assert_eq!(terminal.end().code(), Some(0));
    terminal.is_restored();
    let bytes = terminal.bytes();
    assert!(!bytes.windows(4).any(|part| part == b"\x1b]0;"), "a login set the title of the terminal");
    drop(server);
}

#[test]
fn however_it_ends_the_terminal_is_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::serve(folder.path());
    let ends: [fn(&mut PseudoTerminal); 4] = [
        |terminal| terminal.types("q"),
        |terminal| terminal.types("\u{3}"),
        |terminal| terminal.signal(Signal::TERM),
        |terminal| terminal.signal(Signal::INT),
    ];
    for end in ends {
        let mut terminal = on_a_terminal(&server, (60, 10));
        terminal.when("the screen", |lines| starts(lines, 1, "Nothing is known yet."));
        assert!(terminal.is_raw());
        end(&mut terminal);
        assert_eq!(terminal.end().code(), Some(0));
        terminal.is_restored();
    }
    let mut refused =
        PseudoTerminal::run(&tikmeter(&["top", "--url", "http://127.0.0.1:1", "--token", "x"]), (60, 10));
    assert_eq!(refused.end().code(), Some(1), "nobody is there");
    refused.is_restored();
}

#[test]
fn without_a_terminal_it_says_what_to_do_and_a_wrong_filter_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::serve(folder.path());
    let refused = server.call(&["top"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("standard output is no terminal; give --once"), "{}", stderr(&refused));
    assert_eq!(server.text(&["top", "--once"]), "By total: 0 sessions moved on 0 routers.\n");
    assert_eq!(server.json(&["top"])["items"], json!([]));
    for (words, said) in [
        (["--router", "valley"], "there is no router called valley"),
        (["--service", "wifi"], "There is no service \"wifi\""),
    ] {
        let refused = server.call(&[&["top", "--once"][..], &words].concat());
        assert_eq!(refused.status.code(), Some(1));
        assert!(stderr(&refused).to_lowercase().contains(&said.to_lowercase()), "{}", stderr(&refused));
    }
}
