//! A server that was down when a plan's day came.

use std::collections::BTreeSet;
use std::path::Path;

use accounting::time::Micros;
use serde_json::Value;
use store::{PassedEdges, PlanEdgeRepository, Sqlite};

use crate::program::Running;
use crate::server::{Server, octets};

const FOREVER: Micros = Micros(i64::MAX / 2);

#[test]
fn a_server_that_was_down_over_an_edge_opens_the_cycle_before_it_reads() {
    let folder = tempfile::tempdir().unwrap();
    let simulate =
        Running::start(&["simulate", "--json", "--routers", "1", "--sessions", "20"], folder.path());
    let port = simulate.json_line()["routers"][0]["port"].as_u64().unwrap();
    let server = Server::serve(folder.path());
    let address = format!("127.0.0.1:{port}");
    let router = ["router", "add", "tower", &address, "--user", "meter", "--password", "simulated"];
    server.text(&[&router[..], &["--interval", "1s"]].concat());
    server.json_when(&["router", "show", "tower"], |router| router["rounds_total"].as_u64() >= Some(2));
    server.text(&["plan", "add", "home", "--cycle", "day 1"]);
    let open = server.json(&["sessions", "--state", "open"]);
    let logins =
        open["items"].as_array().unwrap().iter().map(|session| session["username"].as_str().unwrap());
    let logins: BTreeSet<&str> = logins.collect();
    for (no, login) in logins.iter().enumerate() {
        server.text(&["subscriber", "add", &format!("s{no}"), "--login", login, "--plan", "home"]);
    }
    server.text(&["router", "read-now", "tower"]);
    server.json_when(&["subscriber", "show", "s0"], |subscriber| subscriber["next_cycle_at"].is_string());
    server.running.signal("TERM");
    assert_eq!(server.running.end().code(), Some(0));

    let last_read = let_the_day_come(&folder.path().join("data/tikmeter.db"));
    let again = Server::serve(folder.path());
    let cycles =
        again.json_when(&["subscriber", "cycles", "s0"], |cycles| cycles["items"][1]["final"] == true);
    assert_eq!(cycles["items"][0]["opened_by"], "plan", "{cycles}");
    assert!(again.text(&["subscriber", "cycles", "s0"]).contains("plan"));
    again.text(&["router", "disable", "tower"]);
    again.json_when(&["router", "show", "tower"], |router| router["state"] == "disabled");
    let split = (0..logins.len()).filter(|no| is_split(&again, &format!("s{no}"))).count();
    assert!(split > 0, "no counter grew across {last_read:?}");
    assert!(again.text(&["verify"]).contains("every total is the sum of its entries"));
}

/// Lets the plan's day have come a moment after the last reading, shorter than any restart; nobody was there.
fn let_the_day_come(database: &Path) -> Micros {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let store = Sqlite::open(database).unwrap();
        let read =
            store::NasRepository::nas_by_name(&store, "tower").await.unwrap().unwrap().last_at.unwrap();
        let due = store.due_edges(FOREVER, 100).await.unwrap();
        assert!(due.len() > 10);
        let next = Some(Micros(read.0 + 1_000));
        let passed = due.into_iter().map(|due| PassedEdges { due, opened: Vec::new(), next }).collect();
        assert_eq!(store.pass_edges(passed, Vec::new(), Micros(i64::MAX)).await.unwrap(), 0);
        read
    })
}

/// Whether the closed cycle got a part of what the first reading showed, and both are explained.
fn is_split(server: &Server, username: &str) -> bool {
    let closed = server.json(&["explain", "--subscriber", username, "--cycle", "1"]);
    let cycles = server.json(&["subscriber", "cycles", username]);
    assert_eq!(octets(&closed), octets(&cycles["items"][1]));
    let is_part = |line: &Value| line["reason"] == "edge_unobserved";
    closed["items"].as_array().unwrap().iter().any(is_part)
}
