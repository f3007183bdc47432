//! `tikmeter simulate`.

use std::net::TcpStream;

use serde_json::Value;

use crate::program::{Running, run, stderr};
use crate::server::{Server, octets};

#[test]
fn its_routers_can_be_reached_until_a_signal_ends_it() {
    let folder = tempfile::tempdir().unwrap();
    let simulate =
        Running::start(&["simulate", "--json", "--routers", "2", "--sessions", "5"], folder.path());
    let told = simulate.json_line();
    let routers = told["routers"].as_array().unwrap();
    assert_eq!(routers.len(), 2);
    let ports: Vec<u16> =
        routers.iter().map(|router| router["port"].as_u64().unwrap().try_into().unwrap()).collect();
    for port in &ports {
        assert!(TcpStream::connect(("127.0.0.1", *port)).is_ok());
    }
    simulate.signal("INT");
    assert_eq!(simulate.end().code(), Some(0));
    assert!(TcpStream::connect(("127.0.0.1", ports[0])).is_err());
}

#[test]
fn a_fault_strikes_and_one_that_is_none_is_answered_with_those_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let fault = ["--fault", "fatal=2@/interface/print"];
    let words = [&["simulate", "--json", "--routers", "1", "--sessions", "20"], &fault[..]].concat();
    let simulate = Running::start(&words, folder.path());
    let port = simulate.json_line()["routers"][0]["port"].to_string();
    let address = format!("127.0.0.1:{port}");
    let polled = run(&["router", "poll", &address, "--user", "meter", "--password", "simulated"]);
    assert_eq!(polled.status.code(), Some(1));
    assert!(stderr(&polled).contains("out of memory"), "{}", stderr(&polled));
    let wrong = run(&["simulate", "--fault", "flood"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(stderr(&wrong).contains("half-sentence"), "{}", stderr(&wrong));
}

/// Between two truths, what a server counted is what passed.
#[test]
fn the_truth_can_be_compared_with_what_was_counted() {
    let folder = tempfile::tempdir().unwrap();
    let words = [
        "simulate",
        "--json",
        "--routers",
        "1",
        "--sessions",
        "20",
        "--guests",
        "0",
        "--truth",
        "truth.json",
    ];
    let simulate = Running::start(&words, folder.path());
    let address = format!("127.0.0.1:{}", simulate.json_line()["routers"][0]["port"]);
    let truth = || -> Value {
        serde_json::from_slice(&std::fs::read(folder.path().join("truth.json")).unwrap()).unwrap()
    };
    let began = truth();
    let server = Server::serve(folder.path());
    let words = ["router", "add", "sim1", &address, "--user", "meter", "--password", "simulated"];
    server.text(&[&words[..], &["--interval", "1s"]].concat());
    server.json_when(&["router", "show", "sim1"], |router| router["rounds_total"].as_u64() >= Some(4));
    server.text(&["router", "read-now", "sim1"]);
    let usage = server.json(&["usage"]);
    simulate.signal("INT");
    assert_eq!(simulate.end().code(), Some(0));
    let ended = truth();
    let mut counted = 0;
    for item in usage["items"].as_array().unwrap() {
        let login = item["username"].as_str().unwrap();
        let passed = octets(&ended["sim1"][login]);
        let (up, down) = octets(item);
        assert!(up <= passed.0 && down <= passed.1, "{login}: {item} of {passed:?}");
        counted += u64::from(up + down > 0);
    }
    assert!(counted > 0 && began != ended);
}
