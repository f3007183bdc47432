//! `kill -9` at fifty random moments of a server that polls under load: nothing is lost, nothing is counted twice
//! (DESIGN rule 12). The router and its subscribers live on in this process, and know the truth. Some of them are renewed
//! all the while, and the router reboots twice. What happened is told over Redis, which is killed too, and adds up to the same.

mod kept;
mod ledger;
mod renewals;
mod told;
mod town;

use std::path::Path;
use std::time::Duration;

use operations::{Clock, SystemClock};
use serde_json::Value;
use store::{NasPatch, NewAudit};
use tokio::runtime::Runtime;

use crate::chance::Chance;
use crate::program::Running;
use crate::redis_server::Redis;
use crate::server::Server;
use kept::Kept;
use ledger::{Books, Killed};
use renewals::Renewals;
use town::Town;

const SEED: u64 = 20_261_121;
const KILLS: usize = 50;
/// Longest life of a server, the shortest is none: counted from its start in every fifth life, so that starting is cut
/// short too, else from its second round, and in every other one from a renewal that was answered, so that a busy machine
/// does not spend it all on starting.
const LIFE_MS: u64 = 600;
const CUT_SHORT_EVERY: usize = 5;
/// The life in which the router reboots, and the one after whose end it does.
const REBOOT_IN: usize = 17;
const REBOOT_AFTER: usize = 34;
/// So many lives after each other have the same Redis; then it is killed and started again.
const REDIS_LIVES: usize = 8;
/// Time between two polls: far below what people may choose, so that every kill comes in the middle of something.
const INTERVAL_MS: u32 = 20;

#[test]
fn fifty_kills_lose_nothing_and_repeat_nothing() {
    println!("{}", kill_fifty_times(Kept::in_file));
}

/// A killed server may leave a commit at work on the database's side.
#[test]
fn fifty_kills_lose_nothing_and_repeat_nothing_on_postgresql() {
    println!("{}", kill_fifty_times(Kept::on_server));
}

/// Answers what was seen.
fn kill_fifty_times(keep: impl FnOnce(&Path) -> Kept) -> String {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let town = Town::found(&runtime, SEED);
    let kept = keep(folder.path());
    let mut redis = Redis::start();
    told::configure(folder.path(), &redis);
    let mut renewals = begin_coverage(folder.path(), &kept, &runtime, &town);
    let life = town.live();
    let killed = kill_again_and_again((folder.path(), &kept), &runtime, &town, &mut renewals, &mut redis);
    town.rest(life);
    let (books, told) = last_words(folder.path(), &kept, &runtime, &town, &redis);
    let commits: Vec<u64> = killed.windows(2).map(|pair| pair[1].poll_seq - pair[0].poll_seq).collect();
    let idle = commits.iter().filter(|commits| **commits == 0).count();
    assert!(commits.iter().sum::<u64>() > 40 && idle < KILLS * 2 / 3, "no load worth the name: {commits:?}");
    let seen = format!(
        "{KILLS} kills, {} snapshots committed between them, {idle} kills before the first commit of a life",
        commits.iter().sum::<u64>()
    );
    let steady = books.steady_logins_are_exact(&town);
    let visitors = books.visitors_are_bounded(&town, &killed);
    let cycles = runtime.block_on(renewals.cycles_are_exact(&kept, &town));
    [seen, steady, visitors, cycles, told].join("\n")
}

/// Adds subscribers and the router, waits for its first snapshot and stops in good order.
fn begin_coverage(folder: &Path, kept: &Kept, runtime: &Runtime, town: &Town) -> Renewals {
    let server = Server::serve(folder);
    let renewals = Renewals::begin(&server, folder);
    let address = town.address();
    let words = [
        "router",
        "add",
        "tower",
        &address,
        "--user",
        "admin",
        "--password",
        "simulated",
        "--link-speed",
        "1G",
    ];
    server.text(&words);
    server.json_when(&["router", "show", "tower"], |router| router["rounds_total"].as_u64() >= Some(1));
    stop(server);
    runtime.block_on(async {
        let store = kept.open();
        let nas = store.nas_by_name("tower").await.unwrap().unwrap().id;
        let patch = NasPatch { interval_ms: Some(Some(INTERVAL_MS)), ..NasPatch::default() };
        let act = NewAudit::by_system(SystemClock::new().now(), "router.edit", "tower");
        store.update_nas(nas, patch, act).await.unwrap();
    });
    town.later(Duration::from_secs(10));
    renewals
}

fn stop(server: Server) {
    server.running.signal("TERM");
    assert_eq!(server.running.end().code(), Some(0));
}

/// Lets servers live for a random while each, and looks at what each has left behind.
fn kill_again_and_again(
    (folder, kept): (&Path, &Kept),
    runtime: &Runtime,
    town: &Town,
    renewals: &mut Renewals,
    redis: &mut Redis,
) -> Vec<Killed> {
    let mut chance = Chance::new(SEED);
    let mut killed = vec![runtime.block_on(ledger::left_behind(kept))];
    for number in 0..KILLS {
        let while_ms = Duration::from_millis(chance.below(LIFE_MS));
        one_life(folder, town, renewals, number, while_ms);
        if number % REDIS_LIVES == REDIS_LIVES - 1 {
            redis.kill();
            redis.start_again();
        }
        let left = runtime.block_on(ledger::left_behind(kept));
        runtime.block_on(renewals.finals_stay(kept));
        let before = &killed[number];
        assert!(
            left.poll_seq >= before.poll_seq && left.last_at >= before.last_at,
            "kill {number} undid a commit"
        );
        killed.push(left);
    }
    killed
}

fn one_life(folder: &Path, town: &Town, renewals: &Renewals, number: usize, long: Duration) {
    let words = ["serve", "--json", "--data", "data", "--listen", "127.0.0.1:0"];
    let running = Running::start(&words, folder);
    if number.is_multiple_of(CUT_SHORT_EVERY) {
        std::thread::sleep(long);
        return;
    }
    town.until_polled_again();
    let server = Server::of(running, folder);
    let renewing = renewals.go_on(&server, SEED + number as u64);
    assert!(number.is_multiple_of(2) || renewals.until_answered(), "life {number}: no renewal was answered");
    let mut hush = [REBOOT_IN, REBOOT_AFTER].contains(&number).then(|| town.hush());
    if hush.is_some() {
        // Nothing moves after this reading, so that a reboot hides nothing.
        server.text(&["router", "read-now", "tower"]);
    }
    hush.take_if(|_| number == REBOOT_IN).into_iter().for_each(|hush| town.reboot(hush));
    std::thread::sleep(long);
    drop(server);
    hush.into_iter().for_each(|hush| town.reboot(hush));
    renewing.join().unwrap();
}

/// One more life, in which nothing moves any more and whoever is gone is known to be.
fn last_words(folder: &Path, kept: &Kept, runtime: &Runtime, town: &Town, redis: &Redis) -> (Books, String) {
    let server = Server::serve(folder);
    // The killed one's routers are its own again once the database knows it.
    server.json_when(&["router", "show", "tower"], |router| router["state"] == "online");
    for _ in 0..4 {
        server.text(&["router", "read-now", "tower"]);
        town.later(Duration::from_secs(40));
    }
    server.text(&["router", "read-now", "tower"]);
    assert!(server.text(&["verify"]).contains("every total is the sum of its entries"));
    let status: Value = server.json(&["router", "show", "tower"]);
    assert_eq!(status["state"], "online");
    let told = told::is_what_was_counted(&server, redis);
    stop(server);
    (runtime.block_on(Books::open(kept)), told)
}
