//! Two processes that poll and one that answers people share a database and two hundred routers. Whatever befalls them,
//! every router is polled again, and every octet is counted once (DESIGN rule 3) and told over Redis.

mod fleet;
mod processes;

use std::path::Path;
use std::time::Duration;

use operations::{Clock, SystemClock};

use crate::cable::{Cable, Next};
use crate::events::{Told, drained};
use crate::postgres_away::let_in;
use crate::postgres_server::Database;
use crate::redis_server::Redis;
use crate::server::Server;
use fleet::Fleet;
use processes::{Process, epochs, shares};

const ROUTERS: u64 = 200;
/// Longer than a process that stands still keeps a lock, and than its connections are kept.
const STANDSTILL: Duration = Duration::from_secs(60);

/// Three terms.
const OUTAGE: Duration = Duration::from_secs(9);

/// The house while it is tried.
struct House {
    database: Database,
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
        self.until(what, |house| shares(&house.database) == wanted);
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
        panic!("{what}: it never came to be; {:?}", shares(&self.database));
    }
}

#[test]
fn whatever_befalls_two_collectors_every_router_is_polled_on_and_no_octet_counts_twice() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let database = Database::create();
    let cable = Cable::lay(&database);
    let redis = Redis::start();
    let web = Process::prepared(("web", "api"), folder.path(), database.url(), &redis, None);
    let answers = web.start();
    let east = Process::prepared(("east", "collector"), folder.path(), cable.url(), &redis, Some(&web));
    let west = Process::prepared(("west", "collector"), folder.path(), database.url(), &redis, Some(&web));
    let mut house = House { database, fleet: Fleet::found(&runtime, ROUTERS), told: Vec::new() };
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

    let before = epochs(&house.database);
    let_in(&house.database, false);
    std::thread::sleep(OUTAGE);
    let_in(&house.database, true);
    house.settles("the database was away", &halves);
    assert_eq!(epochs(&house.database), before, "an outage makes nothing change hands");
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
    house.until("who leaves lets go of its routers", |house| {
        shares(&house.database) == [(String::new(), 200)]
    });
    println!("{}", house.told.join("\n"));
}

/// The process that polls nothing has routers read and looked over by those that poll them.
fn commanded(answers: &Server) {
    for number in [0, 1, 150, 199] {
        let router = format!("r{number:03}");
        let read = answers.text(&["router", "read-now", &router]);
        assert!(read.contains("was read at"), "{read}");
    }
    let looked = answers.json(&["router", "test", "r007"]);
    assert!(looked.to_string().contains("reachable"), "{looked}");
    let commands = answers.json(&["router", "commands"]);
    let newest = &commands["items"].as_array().unwrap()[..5];
    assert!(newest.iter().all(|command| command["state"] == "done"), "{commands}");
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
