//! A process killed while it writes: the next one finds whole snapshots only.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use accounting::Octets;
use store::{AccountingRepository, NasRepository, Sqlite, VerifyRepository};

use crate::rounds::{counter, entry, quiet, session, shared, tower};

/// Names the folder to write into; set for the process that is to be killed.
const VICTIM: &str = "TIKMETER_TEST_VICTIM";
/// Sessions in each round: enough pages to be killed between two of them.
const SESSIONS: u64 = 3_000;

#[tokio::test]
async fn killed_at_any_moment_it_left_whole_snapshots() {
    if let Ok(folder) = std::env::var(VICTIM) {
        return write_until_killed(Path::new(&folder)).await;
    }
    for extra_ms in [0, 3, 7, 12, 18, 25] {
        let folder = tempfile::tempdir().unwrap();
        let seen = kill_after_a_few(folder.path(), extra_ms);
        let store = Sqlite::open(&folder.path().join("tikmeter.db")).unwrap();
        let nas = store.nas_by_name("tower").await.unwrap().unwrap();
        assert!(nas.poll_seq >= seen, "{} snapshots of {seen} that were acknowledged", nas.poll_seq);
        let report = store.verify().await.unwrap();
        assert_eq!(report.mismatches, Vec::<String>::new());
        assert_eq!((report.entries_checked, report.sessions_checked), (nas.poll_seq * SESSIONS, SESSIONS));
        let loaded = store.load(nas.id).await.unwrap();
        assert!(loaded.counters.iter().all(|counter| counter.octets.input == nas.poll_seq));
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
    let (nas, version, ana) = tower(&store).await;
    for seq in 1.. {
        let mut changes = quiet(seq, seq);
        changes.nas.next_no = (seq + 1) * SESSIONS;
        let numbers = 1..=SESSIONS;
        let (one, value) = (Octets::new(1, 0), Octets::new(seq, 0));
        if seq == 1 {
            changes.coverage.no = 0;
            changes.new_counters = numbers.clone().map(|no| counter(no, no, value)).collect();
            changes.new_sessions = numbers.clone().map(|no| session(no, ana.id)).collect();
        } else {
            changes.coverage.no = 0;
            changes.counter_octets = numbers.clone().map(|no| (no, value)).collect();
        }
        changes.session_octets = numbers.clone().map(|no| (no, one)).collect();
        changes.new_entries = numbers
            .map(|no| accounting::ledger::LedgerEntry {
                before: Octets::new(seq - 1, 0),
                after: value,
                ..entry(seq * SESSIONS + no, no, ana.id, one, seq)
            })
            .collect();
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
        println!("written {seq}");
    }
}
