//! What a hotspot login moves after its last reading, with the built program: counted where the router keeps the sums of its
//! users live, and bounded where it does not.

use std::path::Path;

use serde_json::Value;

use crate::program::Running;
use crate::server::{Server, octets};

/// A simulated router whose guests stay some seconds, and most of them away for minutes.
fn simulate(folder: &Path, sums: &str, seed: &str) -> (Running, String) {
    let truth = format!("{sums}.json");
    let words = ["simulate", "--json", "--routers", "1", "--sessions", "2", "--guests", "60"];
    let quick = ["--guests-stay", "1m", "--time-lapse", "20"];
    let words = [&words[..], &quick, &["--user-sums", sums, "--seed", seed, "--truth", &truth]].concat();
    let simulate = Running::start(&words, folder);
    let address = format!("127.0.0.1:{}", simulate.json_line()["routers"][0]["port"]);
    (simulate, address)
}

fn add(server: &Server, name: &str, address: &str) {
    let user = ["--user", "meter", "--password", "simulated", "--interval", "1s", "--link-speed", "100M"];
    server.text(&[&["router", "add", name, address][..], &user].concat());
}

/// The entries with that reason, of all hotspot logins of the router.
fn entries(server: &Server, router: &str, reason: &str) -> Vec<Value> {
    let usage = server.json(&["usage", "--router", router]);
    let logins = usage["items"].as_array().unwrap().iter().filter(|item| item["kind"] == "hotspot");
    let explained = logins.map(|item| {
        let username = item["username"].as_str().unwrap();
        server.json(&["explain", "--router", router, "--username", username, "--kind", "hotspot"])
    });
    let entries = explained.flat_map(|told| told["items"].as_array().unwrap().clone());
    entries.filter(|entry| entry["reason"] == reason).collect()
}

/// A session is over when it was away for a minute, by the router's clock, and its tail is known when its user's next one was
/// seen to move with the sum. The routers are read as fast as they answer: what passes between is what guests do.
fn until_tails_are_told(server: &Server, routers: [&str; 2]) {
    let ended = |router: &&str| {
        let ended = server.json(&["sessions", "--router", router, "--state", "ended"]);
        ended["items"].as_array().unwrap().len()
    };
    for _ in 0..40 {
        for _ in 0..10 {
            routers.iter().for_each(|router| _ = server.text(&["router", "read-now", router]));
        }
        if routers.iter().all(|router| ended(router) >= 12) && counts(&entries(server, "live", "tail")) {
            return;
        }
    }
    panic!("no session's tail is told: {:?}", routers.map(|router| ended(&router)));
}

/// Whether one of them has an octet.
fn counts(tails: &[Value]) -> bool {
    tails.iter().any(|tail| octets(tail).1 > 0)
}

#[test]
fn a_tail_is_counted_where_users_are_added_up_live_and_bounded_where_they_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::serve(folder.path());
    // Sums are believed that were read before their users came, so each router is read as soon as it runs.
    let routers = [("live", "1"), ("at-logout", "2")].map(|(sums, seed)| {
        let (simulate, address) = simulate(folder.path(), sums, seed);
        add(&server, sums, &address);
        (sums, simulate)
    });
    until_tails_are_told(&server, routers.each_ref().map(|(name, _)| *name));
    for (name, simulate) in routers {
        server.text(&["router", "read-now", name]);
        simulate.signal("INT");
        assert_eq!(simulate.end().code(), Some(0));
    }

    let tails = entries(&server, "live", "tail");
    assert!(counts(&tails), "{tails:?}");
    let told = tails[0]["text"].as_str().unwrap();
    assert!(told.contains("what the router adds up for its user, which had moved with it"), "{told}");
    assert!(entries(&server, "at-logout", "tail").is_empty());
    let ends = entries(&server, "at-logout", "session_end");
    assert!(!ends.is_empty() && ends.iter().all(is_bounded), "{ends:?}");
    assert!(
        ["live", "at-logout"]
            .map(|name| counted_of_what_passed(&server, folder.path(), name))
            .iter()
            .all(|logins| *logins > 0)
    );
}

fn is_bounded(end: &Value) -> bool {
    end["unobserved"]["upper_octets"].as_u64().is_some_and(|upper| upper > 0)
}

/// How many logins counted something; of each, no more was counted than passed.
fn counted_of_what_passed(server: &Server, folder: &Path, router: &str) -> usize {
    let truth = std::fs::read(folder.join(format!("{router}.json"))).unwrap();
    let truth: Value = serde_json::from_slice(&truth).unwrap();
    let usage = server.json(&["usage", "--router", router]);
    let counted = usage["items"].as_array().unwrap().iter().filter(|item| octets(item) != (0, 0));
    let guests = counted.filter(|item| item["kind"] == "hotspot");
    let judged = guests.inspect(|item| {
        let (up, down) = octets(item);
        let passed = octets(&truth["sim1"][item["username"].as_str().unwrap()]);
        assert!(up <= passed.0 && down <= passed.1, "{item} of {passed:?}");
    });
    judged.count()
}
