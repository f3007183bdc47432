//! Two processes that poll and one that answers people share a database and two hundred routers. Whatever befalls them,
//! every router is polled again, and every octet is counted once (DESIGN rule 3) and told over Redis.

mod fleet;
mod own_server;
mod processes;

use std::path::Path;
use std::time::Duration;

use operations::{Clock, SystemClock};

use crate::cable::{Cable, Next};
use crate::events::{Told, drained};
use crate::program::{stderr, stdout};
use crate::redis_server::Redis;
use crate::server::Server;
use fleet::Fleet;
use own_server::OwnServer;
use processes::{Process, epochs, shares};

const ROUTERS: u64 = 200;
/// Longer than a process that stands still keeps a lock, and than its connections are kept.
const STANDSTILL: Duration = Duration::from_secs(60);

/// Three terms.
const OUTAGE: Duration = Duration::from_secs(9);

/// The house while it is tried.
struct House {
    /// The database's.
    url: String,
    fleet: Fleet,
    told: Vec<String>,
}

impl House {
    /// Waits until each process has so many routers, and every router was polled again since; says how long it took.
    fn settles(&mut self, what: &str, wanted: &[(&str, u64)]) {
        let (clock, before) = (SystemClock::new(), self.fleet.polls());
        let begun = clock.now().0;
        let seconds = || (clock.now().0 - begun) / 100_000;
        let wanted: Vec<(String, i64)> =
            wanted.iter().map(|(name, routers)| ((*name).to_owned(), routers.cast_signed())).collect();
        self.until(what, |house| shares(&house.url) == wanted);
        let shared = seconds();
        // A round that had begun under the one before says nothing.
        self.until(what, |house| house.fleet.polls().iter().zip(&before).all(|(now, then)| *now >= then + 2));
        self.told.push(format!(
            "{what}: shared out after {} tenths of a second, each polled again after {}",
            shared,
            seconds()
        ));
    }

    fn until(&self, what: &str, is_so: impl Fn(&House) -> bool) {
        for _ in 0..1_200 {
            if is_so(self) {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("{what}: it never came to be; {:?}", shares(&self.url));
    }
}

#[test]
fn whatever_befalls_two_collectors_every_router_is_polled_on_and_no_octet_counts_twice() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut database = OwnServer::start();
    let cable = Cable::lay(&database.url());
    let mut redis = Redis::start();
    let web = Process::prepared(("web", "api"), folder.path(), &database.url(), &redis, None);
    let answers = web.start();
    let east = Process::prepared(("east", "collector"), folder.path(), cable.url(), &redis, Some(&web));
    let west = Process::prepared(("west", "collector"), folder.path(), &database.url(), &redis, Some(&web));
    let mut house = House { url: database.url(), fleet: Fleet::found(&runtime, ROUTERS), told: Vec::new() };
    for (name, address) in house.fleet.addresses() {
        let user = ["--user", "admin", "--password", "simulated"];
        answers.text(&[&["router", "add", &name, &address][..], &user].concat());
    }
    let (mut easts, wests) = (east.start(), west.start());
    let halves = [("east", ROUTERS / 2), ("west", ROUTERS / 2)];
    house.settles("two start", &halves);
    house.until("the first readings are committed", |_| all_read(&answers));
    house.fleet.surf();

    told_of(&answers, &folder.path().join("east/data/token"));
    commanded(&answers);
    let twin = west.begin("west");
    twin.error_line("writes to it under the name west");
    assert_ne!(twin.end().code(), Some(0));

    drop(easts);
    house.settles("east is killed", &[("west", ROUTERS)]);
    commanded(&answers);
    easts = east.start();
    house.settles("east comes back", &halves);

    wests.running.signal("STOP");
    std::thread::sleep(STANDSTILL);
    house.settles("west stands still", &[("east", ROUTERS)]);
    wests.running.signal("CONT");
    house.settles("west goes on", &halves);

    cable.cut();
    house.settles("east is cut off from the database", &[("west", ROUTERS)]);
    cable.mend();
    house.settles("east gets through again", &halves);

    for lost in [Next::BreaksAfter, Next::BreaksBefore, Next::BreaksAfter] {
        cable.next_commit(lost);
        house.until("a commit is not answered", |_| cable.carries());
    }
    house.settles("commits were not answered", &halves);

    let before = epochs(&house.url);
    database.crash();
    std::thread::sleep(OUTAGE);
    database.start_again();
    house.settles("the database's server crashed", &halves);
    assert_eq!(epochs(&house.url), before, "an outage makes nothing change hands");
    commanded(&answers);

    redis.kill();
    house.told.push(asked_in_vain(&answers));
    house.settles("Redis is away", &halves);
    redis.start_again();
    drop(answers.json_when(&["status"], |status| status["events"]["state"] == "ok"));
    commanded(&answers);

    house.fleet.rest();
    house.settles("nobody surfs", &halves);
    house.settles("and all is committed", &halves);
    assert!(answers.text(&["verify"]).contains("every total is the sum of its entries"));
    house.fleet.assert_exact(&answers);
    drained(&answers);
    let told = Told::of(&redis);
    told.is_what_was_counted(&answers);
    house.told.push(format!("{} events told, {} of them again", told.events, told.repeated));
    for process in [easts, wests] {
        process.running.signal("TERM");
        assert_eq!(process.running.end().code(), Some(0));
    }
    house.until("who leaves lets go of its routers", |house| shares(&house.url) == [(String::new(), 200)]);
    println!("{}", house.told.join("\n"));
}

/// The process that polls nothing has routers read and looked over by those that poll them.
fn commanded(answers: &Server) {
    for number in [0, 1, 150, 199] {
        let router = format!("r{number:03}");
        let read = obeyed(answers, &["router", "read-now", &router]);
        assert!(read.contains("was read at"), "{read}");
    }
    let looked = obeyed(answers, &["router", "test", "r007"]);
    assert!(looked.contains("reachable"), "{looked}");
    let commands = answers.json(&["router", "commands"]);
    let newest = &commands["items"][0];
    assert!(newest["state"] == "done" && newest["router"] == "r007", "{commands}");
}

/// A busy machine may take longer than a command waits; who is told so tries again.
fn obeyed(answers: &Server, words: &[&str]) -> String {
    let mut refusals = Vec::new();
    for _ in 0..20 {
        let output = answers.call(words);
        if output.status.success() {
            return stdout(&output);
        }
        refusals.push(stderr(&output));
    }
    panic!("{words:?} is never obeyed: {refusals:?}");
}

/// Without Redis nobody hears of a command: that is said, and it is never done later.
fn asked_in_vain(answers: &Server) -> String {
    let told = stderr(&answers.call(&["router", "read-now", "r001"]));
    let newest = &answers.json(&["router", "commands"])["items"][0];
    assert_eq!(newest["state"], "not_done", "{newest}");
    format!("said while Redis is away: {told}")
}

fn all_read(answers: &Server) -> bool {
    let listed = answers.json(&["router", "list"]);
    let routers = listed["items"].as_array().unwrap();
    routers.len() as u64 == ROUTERS && routers.iter().all(|router| router["state"] == "online")
}

/// What the process that answers says of the others, and of their routers.
fn told_of(answers: &Server, easts_token: &Path) {
    let told = answers.text(&["status"]);
    for line in ["process     web (this one), api, 0 routers\n", "east, collector, 100 routers\n"] {
        assert!(told.contains(line), "{told}");
    }
    assert!(!easts_token.exists(), "who answers nobody has no token");
    let shown = answers.json(&["router", "show", "r000"]);
    assert!(["east", "west"].contains(&shown["polled_by"].as_str().unwrap()), "{shown}");
}
