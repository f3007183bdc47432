//! `tikmeter held`: what becomes of octets that no link can have carried, as an operator sees it.

use std::path::Path;

use serde_json::Value;

use crate::program::{Running, stderr};
use crate::server::{Server, octets};

/// A router whose link nothing can pass, so that whatever grows is held.
fn tower(server: &Server, folder: &Path) -> Running {
    let words = ["simulate", "--json", "--routers", "1", "--sessions", "20", "--guests", "0"];
    let simulate = Running::start(&words, folder);
    let address = format!("127.0.0.1:{}", simulate.json_line()["routers"][0]["port"]);
    let words = ["router", "add", "tower", &address, "--user", "meter", "--password", "simulated"];
    server.text(&[&words[..], &["--link-speed", "1k", "--interval", "1s"]].concat());
    simulate
}

fn waiting(server: &Server) -> Vec<Value> {
    server.json(&["held", "list"])["items"].as_array().unwrap().clone()
}

/// Somebody who has the login of the first entry that waits.
fn ana(server: &Server) -> String {
    let held = server.json_when(&["held", "list"], |held| held["items"][0]["username"].is_string());
    let login = held["items"][0]["username"].as_str().unwrap().to_owned();
    server.text(&["subscriber", "add", "ana", "--login", &login]);
    login
}

/// What explains her cycle.
fn explained(server: &Server) -> Vec<Value> {
    server.json(&["explain", "--subscriber", "ana"])["items"].as_array().unwrap().clone()
}

/// The key of an entry in `held list`, for a command.
fn key(entry: &Value) -> [String; 3] {
    [entry["router"].as_str().unwrap().to_owned(), entry["bucket"].to_string(), entry["no"].to_string()]
}

/// Decides, and finds every further decision refused.
fn decide(server: &Server, act: &str, entry: &Value) -> String {
    let [router, bucket, no] = key(entry);
    let told = server.text(&["held", act, &router, &bucket, &no]);
    for again in ["release", "reject"] {
        let refused = server.call(&["held", again, &router, &bucket, &no]);
        let before = format!("that entry was {}ed before; nothing was changed", act.trim_end_matches('e'));
        assert!(stderr(&refused).contains(&before), "{again}: {}", stderr(&refused));
        assert_eq!(refused.status.code(), Some(1));
    }
    told
}

/// The bound of her open cycle is the sum of what explains it.
fn the_bound_is_explained(server: &Server) -> u64 {
    let bound = &server.json(&["subscriber", "show", "ana"])["cycle"]["unobserved_upper_octets"];
    let entries = explained(server);
    let upper = |entry: &Value| entry["unobserved"]["upper_octets"].as_u64().unwrap_or_default();
    let sum = entries.iter().map(upper).sum();
    assert_eq!(bound.as_u64(), Some(sum), "{entries:?}");
    sum
}

#[test]
fn an_impossible_jump_waits_until_somebody_decides_once() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::serve(folder.path());
    let _simulate = tower(&server, folder.path());
    let login = ana(&server);
    let words = ["explain", "--subscriber", "ana"];
    server.json_when(&words, |told| told["items"].as_array().is_some_and(|entries| entries.len() > 2));
    server.text(&["router", "disable", "tower"]);
    server.json_when(&["router", "show", "tower"], |router| router["state"] == "disabled");

    let hers: Vec<Value> = waiting(&server).into_iter().filter(|entry| entry["username"] == login).collect();
    assert!(server.text(&["held", "list"]).contains(&format!(" of login {login}, read 20")));
    let in_her_cycle = explained(&server).len();
    let [.., one, other] = &hers[..] else { panic!("{hers:?}") };
    let both = |entry: &Value| octets(entry).0 + octets(entry).1;
    let cycle = || octets(&server.json(&["subscriber", "show", "ana"])["cycle"]);
    let bound = the_bound_is_explained(&server);
    assert!(bound > 0 && cycle() == (0, 0), "{bound}");
    assert!(server.text(&words).contains("more wait for a decision"), "{}", server.text(&words));

    let told = decide(&server, "release", one);
    assert!(
        told.contains(&format!(" of login {login} on router tower count now, in cycle 1 of subscriber ana.")),
        "{told}"
    );
    assert_eq!((cycle(), the_bound_is_explained(&server)), (octets(one), bound - both(one)));
    let told = decide(&server, "reject", other);
    assert!(told.contains("will never count"), "{told}");
    assert_eq!(cycle(), octets(one));
    assert!(the_bound_is_explained(&server) < bound - both(one), "only what the link can have carried");
    assert_eq!(explained(&server).len(), in_her_cycle + 1, "the released one has an entry of its own");

    let acts = server.json(&["audit"]);
    let [last, before, ..] = &acts["items"].as_array().unwrap()[..] else { panic!("{acts}") };
    for (act, entry, action) in [(last, other, "held.reject"), (before, one, "held.release")] {
        assert_eq!(
            (&act["action"], &act["detail"]["login"]),
            (&action.into(), &login.clone().into()),
            "{act}"
        );
        assert_eq!(octets(&act["detail"]), octets(entry));
    }
    assert!(server.every_total_is_explained() >= 1);
    assert!(server.text(&["verify"]).contains("every total is the sum of its entries"));
}

#[test]
fn what_waits_when_its_router_is_removed_can_still_be_decided() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::serve(folder.path());
    let _simulate = tower(&server, folder.path());
    server.json_when(&["held", "list"], |held| held["items"].as_array().is_some_and(|held| held.len() > 3));
    server.text(&["router", "remove", "tower"]);
    let left = waiting(&server);
    assert_eq!(server.json(&["status"])["held_entries"].as_u64(), u64::try_from(left.len()).ok());
    let told = decide(&server, "release", &left[0]);
    assert!(told.contains("in no cycle, because the login is no subscriber's"), "{told}");
    left[1..].iter().for_each(|entry| drop(decide(&server, "reject", entry)));
    assert_eq!(server.json(&["status"])["held_entries"], 0);
    assert!(server.text(&["held", "list"]).contains("Nothing is held back."));
    let [_, bucket, no] = key(&left[0]);
    let nowhere = server.call(&["held", "release", "towre", &bucket, &no]);
    assert!(stderr(&nowhere).contains("a router called towre was held; list those"), "{}", stderr(&nowhere));
    assert!(server.text(&["verify"]).contains("every total is the sum of its entries"));
}
