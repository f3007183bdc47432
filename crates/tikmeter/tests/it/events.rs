//! What is told over Redis adds up to what is counted, and counting never waits for Redis.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::full_disk::{polls, surf, town};
use crate::postgres_server::Database;
use crate::redis_server::{Entry, Redis};
use crate::server::{Server, octets, ready};

/// The sum of a stream, each event taken once.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// By router and login, upload and download.
    sums: BTreeMap<(String, Option<String>), (u64, u64)>,
    last: BTreeMap<String, u64>,
    pub(crate) events: usize,
    pub(crate) repeated: usize,
}

impl Told {
    /// Reads it all; a place that is left out, or comes before its turn, fails the test.
    pub(crate) fn of(redis: &Redis) -> Told {
        let mut told = Told::default();
        redis.entries().iter().for_each(|entry| told.take(entry));
        told
    }

    fn take(&mut self, entry: &Entry) {
        let router = entry.field("router").to_owned();
        let last = self.last.entry(router.clone()).or_default();
        if entry.seq() <= *last {
            self.repeated += 1;
            return;
        }
        assert_eq!((entry.seq(), entry.field("type")), (*last + 1, "round"), "after {last}: {entry:?}");
        *last = entry.seq();
        self.events += 1;
        let data = entry.data();
        for line in data["usage"].as_array().unwrap().iter().filter(|line| line["posted"] == true) {
            let username = line["username"].as_str().map(str::to_owned);
            let sum = self.sums.entry((router.clone(), username)).or_default();
            let (up, down) = octets(line);
            *sum = (sum.0 + up, sum.1 + down);
        }
    }

    /// Every total of the server is told.
    pub(crate) fn is_what_was_counted(&self, server: &Server) {
        let usage = server.json(&["usage"]);
        let item = |item: &Value| {
            let router = item["router"].as_str().unwrap().to_owned();
            ((router, item["username"].as_str().map(str::to_owned)), octets(item))
        };
        let counted: BTreeMap<_, _> = usage["items"].as_array().unwrap().iter().map(item).collect();
        assert!(counted.values().any(|(up, down)| *up > 0 && *down > 0));
        for (login, octets) in &counted {
            assert_eq!(self.sums.get(login).unwrap_or(&(0, 0)), octets, "{login:?}");
        }
        assert!(self.sums.keys().all(|login| counted.contains_key(login)), "{:?}", self.sums);
    }
}

/// Waits until nothing waits to be told.
pub(crate) fn drained(server: &Server) {
    server.json_when(&["status"], |status| {
        let events = &status["events"];
        events["state"] == "ok" && events["waiting"] == 0
    });
}

/// Rounds while Redis stands still, is killed and comes back.
fn counting_does_not_wait(database: &str) {
    let folder = tempfile::tempdir().unwrap();
    let mut redis = Redis::start();
    let config = format!("{database}[redis]\nurl = \"{}\"\n", redis.url());
    std::fs::write(folder.path().join("tikmeter.toml"), config).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let sim = town(&runtime);
    let server = polls(folder.path(), &sim);
    let read = || server.text(&["router", "read-now", "tower"]);
    surf(&sim);
    read();
    drained(&server);

    redis.stand_still(true);
    for _ in 0..5 {
        surf(&sim);
        read();
    }
    server.json_when(&["status"], |status| status["events"]["state"] == "trouble");
    assert_eq!(ready(&server), (200, true));
    let status = server.text(&["status"]);
    assert!(status.contains("does not answer") && status.contains("not told yet"), "{status}");
    surf(&sim);
    read();
    redis.stand_still(false);
    drained(&server);

    redis.kill();
    surf(&sim);
    read();
    server.json_when(&["status"], |status| status["events"]["waiting"].as_u64() >= Some(1));
    redis.start_again();
    drop(sim);
    drained(&server);
    let told = Told::of(&redis);
    told.is_what_was_counted(&server);
    server.running.signal("TERM");
    assert_eq!(server.running.end().code(), Some(0));
}

#[test]
fn what_is_told_adds_up_and_counting_does_not_wait_for_redis() {
    counting_does_not_wait("");
}

#[test]
fn the_same_on_postgresql() {
    let database = Database::create();
    counting_does_not_wait(&format!("[database]\nurl = \"{}\"\n", database.url()));
}

#[test]
fn another_redis_waits_for_a_restart_and_its_password_is_never_said() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tikmeter.toml");
    let redis = Redis::start();
    std::fs::write(&file, format!("[redis]\nurl = \"{}\"\n", redis.url())).unwrap();
    let server = Server::serve(folder.path());
    drained(&server);
    std::fs::write(&file, format!("[redis]\nurl = \"{}\"\nevents_max = 5\n", redis.url())).unwrap();
    server.running.signal("HUP");
    let line = server.running.error_line("changed in the configuration");
    assert!(line.contains("redis") && !line.contains("not-a-secret"), "{line}");
}
