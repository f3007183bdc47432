//! Two processes that poll and one that answers people share a database and two hundred routers. Whatever befalls them,
//! every router is polled again, every octet is counted once (DESIGN rule 3) and told over Redis, who is watched is read on, and
//! whoever is limited, let in by a voucher, kept out or sent away is so exactly as somebody wanted it.

mod ended;
mod fleet;
mod house;
mod in_flight;
mod kept_out;
mod limited;
mod processes;
mod promised;
mod stopped;
mod town;
mod vouchers;
mod waits;
mod watched;
mod witness;

use std::path::Path;
use std::time::Duration;

use tokio::runtime::Runtime;

use crate::cable::{Cable, Next};
use crate::events::{Told, drained};
use crate::own_server::OwnServer;
use crate::program::stderr;
use crate::redis_server::Redis;
use crate::server::Server;
use fleet::Fleet;
use house::{House, obeyed};
use in_flight::InFlight;
use kept_out::KeptOut;
use processes::{Process, epochs, shares};
use promised::Promised;
use stopped::Stopped;
use vouchers::Shop;
use waits::Waits;
use witness::Seen;

const ROUTERS: u64 = 200;
/// Longer than a process that stands still keeps a lock, and than its connections are kept.
const STANDSTILL: Duration = Duration::from_secs(60);

/// Routers that are read when somebody asks.
const COMMANDED: [&str; 4] = ["r000", "r001", "r150", "r199"];

/// Three terms.
const OUTAGE: Duration = Duration::from_secs(9);
/// Between two looks of a process at the devices of vouchers on a router.
const A_LOOK: Duration = Duration::from_secs(10);

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
    let fleet = Fleet::found(&runtime, ROUTERS);
    let promised = Promised::nothing(&runtime, &fleet);
    let mut house = House { url: database.url(), fleet, told: Vec::new(), promised };
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
    let mut line = KeptOut::line(&mut house, &answers, "east");
    let mut shop = Shop::open(&runtime, &answers);
    ["east", "west"].iter().for_each(|process| shop.lets_somebody_surf(&mut house, process));
    let twin = west.begin("west");
    twin.error_line("writes to it under the name west");
    assert_ne!(twin.end().code(), Some(0));

    line.is_out(&runtime, &mut house);
    let user_made = shop.breaks_off(&mut house, "east", "/ip/hotspot/user/add");
    let logged_in = shop.breaks_off(&mut house, "east", "/ip/hotspot/active/login");
    let command = InFlight::begin(&mut house, &answers, "east");
    let seldom = command.router.clone();
    drop(easts);
    house.fleet.router(&seldom).faults().clear();
    house.settles("east is killed", &[("west", ROUTERS)]);
    line.comes_due(&house);
    watched::go_on(&house, &answers);
    house.told.push(command.ends_unknown(&house, &redis, ("east", "west")));
    line.is_undone(&runtime, &mut house);
    commanded(&answers);
    easts = east.start();
    in_flight::is_taken(&redis, "east");
    house.settles("east comes back", &halves);
    in_flight::is_read_once(&house.url, &seldom);
    answers.text(&["router", "edit", &seldom, "--interval", "default"]);
    house.fleet.each_in_its_turn();

    let mut device = KeptOut::device(&mut house, &answers, "west");
    let paused = shop.lets_somebody_in(&mut house, "west");
    let minute = shop.lets_somebody_in_for_a_minute(&mut house, &answers, "west");
    device.is_out(&runtime, &mut house);
    let ending = Stopped::begin(&house, &answers, "west");
    wests.running.signal("STOP");
    ending.stands(&house);
    house.until("the server ends what west stands in", |house| witness::lets_go(&house.url, "west"));
    device.comes_due(&house);
    std::thread::sleep(STANDSTILL);
    house.settles("west stands still", &[("east", ROUTERS)]);
    watched::go_on(&house, &answers);
    device.is_undone(&runtime, &mut house);
    user_made.ends_outside(&shop, &mut house, &answers);
    logged_in.ends_inside(&shop, &mut house, &answers);
    shop.is_over(&mut house, &answers, &minute);
    shop.is_paused(&mut house, &answers, &paused);
    let beside = shop.sells(paused.beside());
    shop.lets_in(&mut house, &beside);
    wests.running.signal("CONT");
    house.settles("west goes on", &halves);
    house.promised.nothing_else_was_sent(&house.fleet);
    house.promised.is_so_on_routers(&runtime, &house.fleet);
    shop.goes_on(&mut house, &answers, &paused);
    house.told.push(ending.stays_undone(&house, &answers, "west"));

    let revoked = shop.lets_somebody_in(&mut house, "east");
    let guests = house.town_of("east");
    cable.cut();
    house.until("the server ends what east was at", |house| witness::lets_go(&house.url, "east"));
    house.settles("east is cut off from the database", &[("west", ROUTERS)]);
    watched::go_on(&house, &answers);
    let beside = shop.sells(revoked.beside());
    shop.lets_in(&mut house, &beside);
    shop.is_revoked(&mut house, &answers, &revoked);
    ended::one_of_two(&mut house, &answers, &guests);
    std::thread::sleep(A_LOOK);
    cable.mend();
    house.settles("east gets through again", &halves);
    house.promised.nothing_else_was_sent(&house.fleet);
    watched::go_on(&house, &answers);

    for lost in [Next::BreaksAfter, Next::BreaksBefore, Next::BreaksAfter] {
        cable.next_commit(lost);
        house.until("a commit is not answered", |_| cable.carries());
    }
    house.settles("commits were not answered", &halves);

    let data = shop.lets_somebody_in_for_50_megabytes(&mut house, &answers, "west");
    drop(obeyed(&answers, &["router", "read-now", &data.at.router]));
    let before = epochs(&house.url);
    database.crash();
    Shop::moves(&house, &data, 40_000_000);
    std::thread::sleep(OUTAGE);
    database.start_again();
    witness::is_back(&house.url);
    house.settles("the database's server crashed", &halves);
    assert_eq!(epochs(&house.url), before, "an outage makes nothing change hands");
    commanded(&answers);
    watched::go_on(&house, &answers);
    Shop::moves(&house, &data, 20_000_000);
    shop.is_used_up(&mut house, &answers, &data);

    redis.kill();
    house.told.extend([
        asked_in_vain(&answers),
        watched::is_ended_in_vain(&answers),
        limited::is_asked_in_vain(&answers),
    ]);
    shop.lets_nobody_in(&mut house, &answers);
    let told = ended::nobody(&mut house, &answers, &guests);
    house.told.push(told);
    shop.is_paused(&mut house, &answers, &beside);
    house.settles("Redis is away", &halves);
    redis.start_again();
    drop(answers.json_when(&["status"], |status| status["events"]["state"] == "ok"));
    commanded(&answers);
    shop.goes_on(&mut house, &answers, &beside);
    watched::go_on(&house, &answers);
    watched::cost_one_command(&house.fleet);
    watched::end(&house, &answers);

    house.fleet.rest();
    house.settles("nobody surfs", &halves);
    house.settles("and all is committed", &halves);
    ended::each_once(&house, &answers);
    limited::end(&house, &answers);
    all_is_as_promised(&house, &runtime, &answers);
    assert!(answers.text(&["verify"]).contains("every total is the sum of its entries"));
    house.fleet.assert_exact(&answers, &data.code);
    let read_out_of_turn: Vec<&str> = COMMANDED.into_iter().chain(house.promised.touched()).collect();
    let longest = Waits::of(&Seen::so_far(&house.url), &read_out_of_turn).are_short(&seldom);
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

/// The simulated routers, the books and the journal say the same of whoever was let in, kept out or sent away.
fn all_is_as_promised(house: &House, runtime: &Runtime, answers: &Server) {
    house.promised.nothing_else_was_sent(&house.fleet);
    house.promised.is_so_on_routers(runtime, &house.fleet);
    house.promised.is_so_in_the_books(&house.url);
    house.promised.is_so_in_the_journal(&house.url);
    Shop::books_are_told(house, answers);
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
