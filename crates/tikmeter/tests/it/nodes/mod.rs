//! Two processes that poll and one that answers people share a database and two hundred routers. Whatever befalls them,
//! every router is polled again, every octet is counted once (DESIGN rule 3) and told over Redis, and who is watched is read on.

mod fleet;
mod house;
mod in_flight;
mod limited;
mod processes;
mod stopped;
mod waits;
mod watched;
mod witness;

use std::path::Path;
use std::time::Duration;

use crate::cable::{Cable, Next};
use crate::events::{Told, drained};
use crate::own_server::OwnServer;
use crate::program::stderr;
use crate::redis_server::Redis;
use crate::server::Server;
use fleet::Fleet;
use house::{House, obeyed};
use in_flight::InFlight;
use processes::{Process, epochs, shares};
use stopped::Stopped;
use waits::Waits;
use witness::Seen;

const ROUTERS: u64 = 200;
/// Longer than a process that stands still keeps a lock, and than its connections are kept.
const STANDSTILL: Duration = Duration::from_secs(60);

/// Routers that are read when somebody asks.
const COMMANDED: [&str; 4] = ["r000", "r001", "r150", "r199"];

/// Three terms.
const OUTAGE: Duration = Duration::from_secs(9);

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
    witness::begin(&database.url());
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
    house.until("who moves most is known of all routers", |_| are_ranked(&answers));
    watched::begin(&house, &answers);

    told_of(&answers, &folder.path().join("east/data/token"));
    commanded(&answers);
    limited::begin(&house, &answers);
    let twin = west.begin("west");
    twin.error_line("writes to it under the name west");
    assert_ne!(twin.end().code(), Some(0));

    let command = InFlight::begin(&mut house, &answers, "east");
    let seldom = command.router.clone();
    drop(easts);
    house.fleet.router(&seldom).faults().clear();
    house.settles("east is killed", &[("west", ROUTERS)]);
    watched::go_on(&house, &answers);
    house.told.push(command.ends_unknown(&house, &redis, ("east", "west")));
    commanded(&answers);
    easts = east.start();
    in_flight::is_taken(&redis, "east");
    house.settles("east comes back", &halves);
    in_flight::is_read_once(&house.url, &seldom);
    answers.text(&["router", "edit", &seldom, "--interval", "default"]);
    house.fleet.each_in_its_turn();

    let ending = Stopped::begin(&house, &answers, "west");
    wests.running.signal("STOP");
    ending.stands(&house);
    house.until("the server ends what west stands in", |house| witness::lets_go(&house.url, "west"));
    std::thread::sleep(STANDSTILL);
    house.settles("west stands still", &[("east", ROUTERS)]);
    watched::go_on(&house, &answers);
    wests.running.signal("CONT");
    house.settles("west goes on", &halves);
    house.told.push(ending.stays_undone(&house, &answers, "west"));

    cable.cut();
    house.until("the server ends what east was at", |house| witness::lets_go(&house.url, "east"));
    house.settles("east is cut off from the database", &[("west", ROUTERS)]);
    watched::go_on(&house, &answers);
    cable.mend();
    house.settles("east gets through again", &halves);
    watched::go_on(&house, &answers);

    for lost in [Next::BreaksAfter, Next::BreaksBefore, Next::BreaksAfter] {
        cable.next_commit(lost);
        house.until("a commit is not answered", |_| cable.carries());
    }
    house.settles("commits were not answered", &halves);

    let before = epochs(&house.url);
    database.crash();
    std::thread::sleep(OUTAGE);
    database.start_again();
    witness::is_back(&house.url);
    house.settles("the database's server crashed", &halves);
    assert_eq!(epochs(&house.url), before, "an outage makes nothing change hands");
    commanded(&answers);
    watched::go_on(&house, &answers);

    redis.kill();
    house.told.extend([
        asked_in_vain(&answers),
        watched::is_ended_in_vain(&answers),
        limited::is_asked_in_vain(&answers),
    ]);
    house.settles("Redis is away", &halves);
    redis.start_again();
    drop(answers.json_when(&["status"], |status| status["events"]["state"] == "ok"));
    commanded(&answers);
    watched::go_on(&house, &answers);
    watched::cost_one_command(&house.fleet);
    watched::end(&house, &answers);

    house.fleet.rest();
    house.settles("nobody surfs", &halves);
    house.settles("and all is committed", &halves);
    disconnected(&house, &answers);
    limited::end(&house, &answers);
    assert!(answers.text(&["verify"]).contains("every total is the sum of its entries"));
    house.fleet.assert_exact(&answers);
    let longest = Waits::of(&Seen::so_far(&house.url), &COMMANDED).are_short(&seldom);
    house.told.push(format!("the longest waits: {longest:?}"));
    in_flight::is_settled(&answers, &seldom, "east");
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
    for router in COMMANDED {
        let read = obeyed(answers, &["router", "read-now", router]);
        assert!(read.contains("was read at"), "{read}");
    }
    let looked = obeyed(answers, &["router", "test", "r007"]);
    assert!(looked.contains("reachable"), "{looked}");
    let commands = answers.json(&["router", "commands"]);
    let newest = &commands["items"][0];
    assert!(newest["state"] == "done" && newest["router"] == "r007", "{commands}");
}

/// Sessions of routers of both that poll are ended by them, each once, for who asks at the process that polls nothing.
fn disconnected(house: &House, answers: &Server) {
    for (login, router) in [("u001-1", "r001"), ("u199-1", "r199")] {
        let told = obeyed(answers, &["disconnect", login, "--router", router]);
        assert!(told.contains("It is gone, and nobody came back within 6 seconds"), "{told}");
        let sim = house.fleet.router(router);
        assert_eq!((sim.changes().len(), sim.with_world(|world| world.live_session_count())), (1, 2));
        let newest = &answers.json(&["router", "commands"])["items"][0];
        assert!(newest["kind"] == "disconnect" && newest["state"] == "done", "{newest}");
        assert!(["east", "west"].contains(&newest["process"].as_str().unwrap()), "{newest}");
    }
}

/// Without Redis nobody hears of a command: that is said, and it is never done later.
fn asked_in_vain(answers: &Server) -> String {
    let told = stderr(&answers.call(&["router", "read-now", "r001"]));
    let newest = &answers.json(&["router", "commands"])["items"][0];
    assert_eq!(newest["state"], "not_done", "{newest}");
    format!("said while Redis is away: {told}")
}

/// The process that polls nothing shows who moves most on every router, as those tell it that poll them.
fn are_ranked(answers: &Server) -> bool {
    let top = answers.json(&["top", "--limit", "1000"]);
    let routers = top["routers"].as_array().unwrap();
    let told = routers.iter().filter(|router| router["window"].is_object());
    told.filter(|router| router["sessions_told"].as_u64() > Some(0)).count() as u64 == ROUTERS
        && top["items"].as_array().unwrap().iter().all(|item| item["over_us"].as_u64() > Some(0))
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
