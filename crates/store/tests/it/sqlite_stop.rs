//! A process killed while it writes: the next one finds whole snapshots only.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use accounting::Octets;
use store::{AccountingRepository, NasRepository, Sqlite, VerifyRepository};

use crate::rounds::{act, counter, entry, quiet, resolve, router, session, shared};

/// Names the folder to write into; set for the process that is to be killed.
const VICTIM: &str = "TIKMETER_TEST_VICTIM";
/// Sessions in each round of a router: enough pages to be killed between two of them.
const SESSIONS: u64 = 1_000;
/// Routers that are written at the same time.
const ROUTERS: [&str; 3] = ["tower", "hill", "mast"];

#[tokio::test]
async fn killed_at_any_moment_it_left_whole_snapshots() {
    if let Ok(folder) = std::env::var(VICTIM) {
        return write_until_killed(Path::new(&folder)).await;
    }
    for extra_ms in [0, 3, 7, 12, 18, 25] {
        let folder = tempfile::tempdir().unwrap();
        let seen = kill_after_a_few(folder.path(), extra_ms);
        let store = Sqlite::open(&folder.path().join("tikmeter.db")).unwrap();
        let mut entries = 0;
        for name in ROUTERS {
            let nas = store.nas_by_name(name).await.unwrap().unwrap();
            assert!(nas.poll_seq >= seen, "{} snapshots of {seen} that were acknowledged", nas.poll_seq);
            let loaded = store.load(nas.id).await.unwrap();
            assert!(loaded.counters.iter().all(|counter| counter.octets.input == nas.poll_seq));
            entries += nas.poll_seq * SESSIONS;
        }
        let report = store.verify().await.unwrap();
        assert_eq!(report.mismatches, Vec::<String>::new());
        assert_eq!((report.entries_checked, report.sessions_checked), (entries, 3 * SESSIONS));
    }
}

/// Runs this very test as another process, kills it, and answers the last snapshot it had called written.
fn kill_after_a_few(folder: &Path, extra_ms: u64) -> u64 {
    let name = "sqlite_stop::killed_at_any_moment_it_left_whole_snapshots";
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(VICTIM, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut seen = 0;
    for line in BufReader::new(victim.stdout.take().unwrap()).lines() {
        if let Some(seq) = line.unwrap().strip_prefix("written ") {
            seen = seq.parse().unwrap();
        }
        if seen == 3 {
            std::thread::sleep(std::time::Duration::from_millis(extra_ms));
            break;
        }
    }
    victim.kill().unwrap();
    victim.wait().unwrap();
    seen
}

#[expect(clippy::print_stdout, reason = "it tells the process that will kill it how far it is")]
async fn write_until_killed(folder: &Path) {
    let store = Sqlite::open(&folder.join("tikmeter.db")).unwrap();
    let mut routers = Vec::new();
    for name in ROUTERS {
        let nas = store.insert_nas(router(name), act("router.add")).await.unwrap();
        routers.push((nas, resolve(&store, nas, b"ana").await));
    }
    for seq in 1.. {
        let mut writing = tokio::task::JoinSet::new();
        for (nas, (version, ana)) in routers.clone() {
            let store = store.clone();
            writing.spawn(async move { store.commit(nas, 1, version, shared(round(seq, ana.id))).await });
        }
        assert!(writing.join_all().await.iter().all(Result::is_ok));
        println!("written {seq}");
    }
}

/// Every session of a router gains one octet.
fn round(seq: u64, login: i64) -> accounting::changes::Changes {
    let mut changes = quiet(seq, seq);
    changes.nas.next_no = (seq + 1) * SESSIONS;
    changes.coverage[0].no = 0;
    let numbers = 1..=SESSIONS;
    let (one, value) = (Octets::new(1, 0), Octets::new(seq, 0));
    if seq == 1 {
        changes.new_counters = numbers.clone().map(|no| counter(no, no, value)).collect();
        changes.new_sessions = numbers.clone().map(|no| session(no, login)).collect();
    } else {
        changes.counter_octets = numbers.clone().map(|no| (no, value)).collect();
    }
    changes.session_octets = numbers.clone().map(|no| (no, one)).collect();
    let entries = numbers.map(|no| accounting::ledger::LedgerEntry {
        before: Octets::new(seq - 1, 0),
        after: value,
        ..entry(seq * SESSIONS + no, no, login, one, seq)
    });
    changes.new_entries = entries.collect();
    changes
}
