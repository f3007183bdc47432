//! `tikmeter router test`, through the server and without one.

use serde_json::Value;

use crate::program::{Running, run, stderr, stdout};
use crate::server::Server;

fn simulated(folder: &std::path::Path, more: &[&str]) -> (Running, String) {
    let words =
        [&["simulate", "--json", "--routers", "1", "--sessions", "20", "--version", "7.20"], more].concat();
    let simulate = Running::start(&words, folder);
    let address = format!("127.0.0.1:{}", simulate.json_line()["routers"][0]["port"]);
    (simulate, address)
}

fn state<'v>(found: &'v Value, item: &str) -> &'v str {
    let items = found["items"].as_array().unwrap();
    items.iter().find(|one| one["item"] == item).unwrap()["state"].as_str().unwrap()
}

#[test]
fn a_known_router_and_an_address_are_told_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let (_simulate, address) = simulated(folder.path(), &[]);
    let server = Server::serve(folder.path());
    let login = ["--user", "meter", "--password", "simulated"];
    // It need not be polled to be tested.
    server.text(&[&["router", "add", "tower", &address, "--disabled"][..], &login].concat());
    let by_name = server.json(&["router", "test", "tower"]);
    let direct = run(&[&["router", "test", &address, "--json"][..], &login].concat());
    assert!(direct.status.success(), "{}", stderr(&direct));
    let direct: Value = serde_json::from_str(&stdout(&direct)).unwrap();
    for item in ["reachable", "port", "login", "rights", "device", "version", "ppp", "fasttrack"] {
        assert_eq!((state(&by_name, item), state(&direct, item)), ("ok", "ok"), "{item}");
    }
    assert_eq!(state(&by_name, "hotspot"), "ok");
    assert!(server.text(&["router", "test", "tower"]).contains("RouterOS 7.20.4"));
    assert!(!server.call(&["router", "test", "nowhere"]).status.success());
}

/// What the test passes is read, and what cannot be read fails it.
#[test]
fn the_test_and_the_polling_agree_on_what_is_not_counted() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::serve(folder.path());
    let login = ["--user", "meter", "--password", "simulated", "--interval", "1s"];
    let (_without, address) = simulated(folder.path(), &["--guests", "60", "--trouble", "missing-menu"]);
    server.text(&[&["router", "add", "cafe", &address][..], &login].concat());
    let found = server.json(&["router", "test", "cafe"]);
    assert_eq!((state(&found, "ppp"), state(&found, "hotspot")), ("absent", "ok"));
    assert!(found.to_string().contains("has no PPP"), "{found}");
    server.json_when(&["router", "show", "cafe"], |router| router["state"] == "online");
    server.json_when(&["sessions"], |found| !found["items"].as_array().unwrap().is_empty());

    let nameless = ["--fault", "missing-menu@/system/routerboard", "--fault", "missing-menu@/system/license"];
    let no_sessions = ["--fault", "missing-menu@/ppp/active"];
    for (name, fault, item) in [("tower", &no_sessions[..], "ppp"), ("hill", &nameless, "device")] {
        let (_broken, address) = simulated(folder.path(), fault);
        server.text(&[&["router", "add", name, &address][..], &login].concat());
        server.json_when(&["router", "show", name], |router| router["state"] == "protocol_error");
        let tested = server.call(&["router", "test", name, "--json"]);
        assert_eq!(tested.status.code(), Some(1), "{}", stdout(&tested));
        let found: Value = serde_json::from_str(&stdout(&tested)).unwrap();
        assert_eq!((state(&found, item), state(&found, "rights")), ("failed", "ok"), "{found}");
    }
}

/// The device of another entry is counted once, so the test of the second must not pass it.
#[test]
fn a_device_that_another_entry_counts_fails_the_test_as_list_and_show_tell_it() {
    let folder = tempfile::tempdir().unwrap();
    let (_simulate, address) = simulated(folder.path(), &[]);
    let server = Server::serve(folder.path());
    let login = ["--user", "meter", "--password", "simulated", "--interval", "1s"];
    server.text(&[&["router", "add", "north", &address][..], &login].concat());
    server.json_when(&["router", "show", "north"], |router| router["state"] == "online");
    server.text(&[&["router", "add", "south", &address][..], &login].concat());
    let shown =
        server.json_when(&["router", "show", "south"], |router| router["state"] == "paused_duplicate");
    let tested = server.call(&["router", "test", "south", "--json"]);
    assert_eq!(tested.status.code(), Some(1), "{}", stdout(&tested));
    assert!(stderr(&tested).contains("(device)"), "{}", stderr(&tested));
    let found: Value = serde_json::from_str(&stdout(&tested)).unwrap();
    let items = found["items"].as_array().unwrap();
    let device = items.iter().find(|one| one["item"] == "device").unwrap();
    assert_eq!((device["state"].as_str(), &device["told"]), (Some("failed"), &shown["message"]));
    assert!(shown["message"].as_str().unwrap().contains("north"), "{shown}");
    assert_eq!(state(&server.json(&["router", "test", "north"]), "device"), "ok");
    server.text(&["router", "disable", "north"]);
    let tested = server.call(&["router", "test", "south"]);
    assert!(stdout(&tested).contains("as north (which is switched off)"), "{}", stdout(&tested));
    server.text(&["router", "remove", "north"]);
    server.json_when(&["router", "show", "south"], |router| router["state"] == "online");
    assert_eq!(state(&server.json(&["router", "test", "south"]), "device"), "ok");
}

/// The router is read, and whose the octets are is told by nobody: every face says so.
#[test]
fn a_missing_server_table_is_told_by_list_show_poll_and_test() {
    let folder = tempfile::tempdir().unwrap();
    let (_simulate, address) = simulated(folder.path(), &["--fault", "missing-menu@/interface/pppoe-server"]);
    let server = Server::serve(folder.path());
    let login = ["--user", "meter", "--password", "simulated"];
    server.text(&[&["router", "add", "tower", &address, "--interval", "1s"][..], &login].concat());
    let shown = server.json_when(&["router", "show", "tower"], |router| !router["message"].is_null());
    assert_eq!(shown["state"], "online");
    let direct = ["router", "poll", &address];
    let polled = run(&[&direct[..], &login, &["--json"]].concat());
    let polled: Value = serde_json::from_str(&stdout(&polled)).unwrap();
    let tested = server.call(&["router", "test", "tower"]);
    assert_eq!(tested.status.code(), Some(1), "{}", stdout(&tested));
    let told = [
        shown["message"].as_str().unwrap().to_owned(),
        server.text(&["router", "list"]),
        server.text(&["router", "show", "tower"]),
        polled["without_server_table"].as_str().unwrap().to_owned(),
        stdout(&run(&[&direct[..], &login].concat())),
        stdout(&tested),
    ];
    for told in told {
        for part in ["does not know /interface/pppoe-server", " pppoe)", "`/system package print`"] {
            assert!(told.contains(part), "{part} is not in {told}");
        }
    }
}

#[test]
fn what_fails_is_told_and_the_exit_code_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let (_simulate, address) = simulated(folder.path(), &["--trouble", "no-rights"]);
    let test = |password: &str| run(&["router", "test", &address, "--user", "meter", "--password", password]);
    let rights = test("simulated");
    assert_eq!(rights.status.code(), Some(1));
    assert!(stdout(&rights).contains("/user group set GROUP policy=api,read"), "{}", stdout(&rights));
    assert!(stderr(&rights).contains("rights"), "{}", stderr(&rights));
    let login = stdout(&test("wrong"));
    assert!(login.contains("login      failed") && login.contains("not observed"), "{login}");

    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let closed = format!("127.0.0.1:{port}");
    let closed = run(&["router", "test", &closed, "--user", "m", "--password", "p", "--json"]);
    let found: Value = serde_json::from_str(&stdout(&closed)).unwrap();
    assert_eq!((state(&found, "reachable"), state(&found, "port")), ("ok", "failed"));
    assert!(found.to_string().contains("API disabled or filtered"), "{found}");
}
