//! A command that is being carried out when its process is killed: `read-now` of a router that has taken the question and does
//! not answer. The router's turn comes once an hour, so that each of its rounds is one that somebody wanted.

use std::process::Output;
use std::thread::JoinHandle;

use routeros_sim::faults::{Cut, Fault};

use super::house::{House, obeyed};
use crate::program::{run, stderr};
use crate::redis_server::{Redis, until};
use crate::server::Server;

/// An entry of a stream: its id, and what is in it.
type Entry = (String, Vec<String>);

/// See the module.
pub(super) struct InFlight {
    pub(super) router: String,
    asking: JoinHandle<Output>,
}

impl InFlight {
    /// Asks the process that answers, and waits until the process of that name has begun it.
    pub(super) fn begin(house: &mut House, answers: &Server, process: &str) -> InFlight {
        let router = house.router_of(process, 10);
        answers.text(&["router", "edit", &router, "--interval", "1h"]);
        house.fleet.seldom(&router);
        drop(obeyed(answers, &["router", "read-now", &router]));
        let silence = Fault::Cut { after_rows: 0, how: Cut::Hang };
        house.fleet.router(&router).faults().always_on("/interface/print", silence);
        let words = ["router", "read-now", &router, "--url", &answers.url, "--token", &answers.token];
        let words = words.map(str::to_owned);
        let asking = std::thread::spawn(move || run(&words.each_ref().map(String::as_str)));
        house.until("the command is begun", |house| begun(&house.url) == 1);
        InFlight { router, asking }
    }

    /// Its process was killed, and another one has the router: nobody knows what became of it, and that is said. Who has the
    /// router now is given the same command again, and does not carry it out.
    pub(super) fn ends_unknown(self, house: &House, redis: &Redis, (killed, holder): (&str, &str)) -> String {
        let asked = self.asking.join().unwrap();
        let told = stderr(&asked);
        assert_eq!(asked.status.code(), Some(1), "{told}");
        assert!(
            told.contains(&format!("{killed} began to do it and has not said what came of it")),
            "{told}"
        );
        house.until("who has the router has read it", |house| {
            !rounds_since(&house.url, &self.router).is_empty()
        });
        let left: Vec<Entry> = redis.run(&["XRANGE", &stream(killed), "-", "+"]);
        let is_it = |(_, fields): &&Entry| fields.contains(&"read_now".to_owned());
        assert_eq!(left.iter().filter(is_it).count(), 1, "nobody answered it: {left:?}");
        // With it those that were to let somebody in, which nobody answered either.
        for (_, fields) in &left {
            let again: Vec<&str> = fields.iter().map(String::as_str).collect();
            let _: String = redis.run(&[&["XADD", &stream(holder), "*"], &again[..]].concat());
        }
        is_taken(redis, holder);
        is_read_once(&house.url, &self.router);
        told
    }
}

/// Everybody who was given the command has looked at it.
pub(super) fn is_taken(redis: &Redis, process: &str) {
    until(&|| format!("{process} has looked at its commands"), || {
        let left: u64 = redis.run(&["XLEN", &stream(process)]);
        (left == 0).then_some(())
    });
}

/// Whoever had the router since read it once, when it took it, and not again for a command that somebody else had begun.
pub(super) fn is_read_once(url: &str, router: &str) {
    let rounds = rounds_since(url, router);
    assert!(!rounds.is_empty() && rounds.iter().all(|rounds| *rounds == 1), "{rounds:?}");
}

/// Of a router since the process was killed that had it: how many under each lease.
fn rounds_since(url: &str, router: &str) -> Vec<i64> {
    let sql = "SELECT count(*) FROM witness.round WHERE router = $1 AND epoch >
               (SELECT epoch FROM tikmeter.command JOIN tikmeter.nas ON nas.id = nas_id WHERE name = $1
                ORDER BY made_at DESC LIMIT 1)
               GROUP BY epoch";
    let router = router.to_owned();
    crate::postgres_server::ask(url, move |client| {
        client.query(sql, &[&router]).unwrap().iter().map(|row| row.get(0)).collect()
    })
}

/// A minute later who has the router saw that it was read since, and wrote that down: once.
pub(super) fn is_settled(answers: &Server, router: &str, process: &str) {
    let commands = answers.json_when(&["router", "commands"], |commands| {
        commands["items"].as_array().unwrap().iter().all(|command| command["state"] != "begun")
    });
    let of_it = |command: &&serde_json::Value| command["router"] == router && command["process"] == process;
    let of_it: Vec<_> = commands["items"].as_array().unwrap().iter().filter(of_it).collect();
    let (done, others): (Vec<&serde_json::Value>, Vec<_>) =
        of_it.iter().partition(|command| command["state"] == "done");
    assert_eq!(done.len(), 2, "the one that was answered before, and this one: {of_it:?}");
    // On a busy machine the first one may have had to be given again.
    assert!(others.iter().all(|command| command["state"] == "failed"), "{of_it:?}");
}

fn begun(url: &str) -> i64 {
    let sql = "SELECT count(*) FROM tikmeter.command WHERE state = 'begun' AND kind = 'read_now'";
    crate::postgres_server::ask(url, move |client| client.query_one(sql, &[]).unwrap().get(0))
}

fn stream(process: &str) -> String {
    format!("tikmeter:commands:{process}")
}
