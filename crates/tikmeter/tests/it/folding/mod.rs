//! `kill -9` at random moments of a server that folds old entries: no octet is lost and none is there twice.

pub(crate) mod past;

use std::path::{Path, PathBuf};
use std::time::Duration;

use accounting::Octets;
use store::{
    CycleObservation, RetentionRepository, Sqlite, SubscriberRepository, UsageQuery, UsageRepository,
    UsageRow, VerifyRepository,
};
use tokio::runtime::Runtime;

use crate::chance::Chance;
use crate::program::{Running, tikmeter};
use crate::server::Server;

const SEED: u64 = 20_261_128;
/// Longest life of a server, the shortest is none: counted from its start in every fourth life, so that starting is cut
/// short too, else from its first step on, so that a busy machine does not spend it all on starting.
const LIFE_MS: u64 = 60;
const CUT_SHORT_EVERY: u32 = 4;
/// Kills after which it must be done; far more than are needed.
const MOST_KILLS: u32 = 200;
/// Kills that must have come in the middle of it.
const IN_THE_MIDDLE: u32 = 3;

/// What must not change.
#[derive(Debug, PartialEq)]
struct Books {
    usage: Vec<UsageRow>,
    cycle: (Octets, CycleObservation),
    mismatches: Vec<String>,
}

#[test]
fn kills_while_old_entries_are_folded_lose_nothing_and_repeat_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    std::fs::create_dir(folder.path().join("data")).unwrap();
    runtime.block_on(past::write(&database(folder.path())));
    let (before, all) = runtime.block_on(look(folder.path()));
    assert_eq!(before.mismatches, Vec::<String>::new());
    let (mut chance, mut left, mut kills, mut in_the_middle) = (Chance::new(SEED), all, 0, 0);
    while left > 0 {
        assert!(kills < MOST_KILLS, "{left} of {all} entries are left after {kills} kills");
        let server = Server::of(serve(folder.path()), folder.path());
        if !kills.is_multiple_of(CUT_SHORT_EVERY) {
            server.json_when(&["retention", "preview"], |told| told["entries"].as_u64() < Some(left));
        }
        std::thread::sleep(Duration::from_millis(chance.below(LIFE_MS)));
        drop(server);
        let (books, now) = runtime.block_on(look(folder.path()));
        assert_eq!(books, before, "after kill {kills}, with {now} of {all} entries left");
        assert!(now <= left);
        kills += 1;
        in_the_middle += u32::from(now > 0 && now < left);
        left = now;
    }
    println!("{all} entries folded over {kills} kills, {in_the_middle} of them in the middle of it");
    assert!(in_the_middle >= IN_THE_MIDDLE, "no kill worth the name: {in_the_middle} of {kills}");
    folded_is_told(folder.path(), &runtime);
}

fn serve(folder: &Path) -> Running {
    let mut command = tikmeter(&["serve", "--json", "--data", "data", "--listen", "127.0.0.1:0"]);
    command.env("TIKMETER_RETENTION_DETAIL_MONTHS", "1");
    Running::spawn(command, folder)
}

fn database(folder: &Path) -> PathBuf {
    folder.join("data/tikmeter.db")
}

/// The books, and how many entries can still be folded.
async fn look(folder: &Path) -> (Books, u64) {
    let sqlite = Sqlite::open(&database(folder)).unwrap();
    let all = UsageQuery {
        buckets: i64::MIN..i64::MAX,
        router: None,
        username: None,
        subscriber: None,
        reach: store::Reach::Everywhere,
    };
    let one = sqlite.find_subscriber(past::SUBSCRIBER).await.unwrap().unwrap().cycle.unwrap();
    let books = Books {
        usage: sqlite.usage(all).await.unwrap(),
        cycle: (one.octets, sqlite.cycle_observation(one.id).await.unwrap()),
        mismatches: sqlite.verify().await.unwrap().mismatches,
    };
    (books, sqlite.foldable(past::old()).await.unwrap().iter().map(|of| of.entries).sum())
}

/// A last server, in good order: its commands agree.
fn folded_is_told(folder: &Path, runtime: &Runtime) {
    let server = Server::of(serve(folder), folder);
    let preview = server.json(&["retention", "preview"]);
    assert_eq!((preview["detail_months"].as_u64(), preview["entries"].as_u64()), (Some(1), Some(0)));
    assert!(server.text(&["retention", "run"]).contains("Nothing was old enough"));
    assert!(server.text(&["verify"]).contains("every total is the sum of its entries"));
    let told = server.text(&["explain", "--subscriber", past::SUBSCRIBER]);
    assert!(told.contains("brought forward from 96 entries"), "{told}");
    drop(server);
    let lines = runtime
        .block_on(async { Sqlite::open(&database(folder)).unwrap().verify().await.unwrap().entries_checked });
    assert_eq!(lines, past::DAYS * past::LOGINS, "a line for each login and day");
}
