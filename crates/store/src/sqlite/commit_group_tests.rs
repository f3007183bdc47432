//! Snapshots that share a transaction: who is refused, what does not fit and a full disk harm nobody else. Here and
//! not with the other tests because limits and hooks belong to the connection.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use accounting::Octets;
use accounting::changes::{Changes, CounterRecord, CounterState, CoverageRow, NasRecord};
use accounting::table::Table;
use accounting::time::Micros;
use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::error::{CommitError, StoreError};
use crate::ids::NasId;
use crate::sql::accounting_commit::{Round, Verdict};
use crate::sql::accounting_load;
use crate::sql::commit_group::{CommitGroup, commit};
use crate::sqlite::{file, migrate};

/// A database with three routers.
fn opened(folder: &Path) -> Connection {
    let path = folder.join("tikmeter.db");
    file::prepare(&path).unwrap();
    let mut connection = file::open_writer(&path).unwrap();
    migrate::migrate(&mut connection, Some(&path), migrate::MIGRATIONS).unwrap();
    for nas in 1..=3 {
        let sql = "INSERT INTO nas (uuid, name, host, port, username, password, created_at)
                   VALUES (cast(?1 AS BLOB), 'tower' || ?1, 'h', 1, 'u', x'', 0)";
        connection.execute(sql, [nas]).unwrap();
    }
    connection
}

fn round(nas: i64, poll_seq: u64, counters: std::ops::Range<u64>) -> Round {
    let counter = |no| CounterRecord {
        no,
        boot: 0,
        handle: no,
        name: Box::from(*b"<pppoe-ana>"),
        permanent: false,
        start: None,
        octets: Octets::ZERO,
        open: None,
        unattributed: Octets::ZERO,
        before_held: None,
        passed_by: false,
        state: CounterState::Live,
        session: None,
    };
    let changes = Changes {
        nas: NasRecord { poll_seq, next_no: counters.end, ..NasRecord::default() },
        new_counters: counters.map(counter).collect(),
        counter_octets: Vec::new(),
        opened_counters: Vec::new(),
        changed_counters: Vec::new(),
        forget_boots_before: None,
        new_sessions: Vec::new(),
        session_octets: Vec::new(),
        opened_sessions: Vec::new(),
        session_states: Vec::new(),
        session_logins: Vec::new(),
        settled_edges: Vec::new(),
        looked_in: Table::ALL.map(|table| (table, u64::MAX)).to_vec(),
        rows_wait: false,
        renamed: Vec::new(),
        new_entries: Vec::new(),
        grown_entries: Vec::new(),
        cycle_octets: Vec::new(),
        coverage: vec![CoverageRow {
            table: Table::Interface,
            no: 0,
            from: Micros(1),
            to: Micros(2),
            is_new: poll_seq == 1,
        }],
    };
    Round { nas: NasId(nas), lease_epoch: 1, bindings_version: 1, changes: Arc::new(changes), events: false }
}

/// A snapshot that can never be written: it moves a counter that is not there.
fn misfit(nas: i64, poll_seq: u64) -> Round {
    let sound = round(nas, poll_seq, 1..3);
    let changes = Changes { counter_octets: vec![(77, Octets::ZERO)], ..(*sound.changes).clone() };
    Round { changes: Arc::new(changes), ..sound }
}

/// What is stored of a router: snapshots committed, live counters.
fn stored(connection: &mut Connection, nas: i64) -> (u64, usize) {
    let loaded = accounting_load::load(connection, NasId(nas)).unwrap();
    (loaded.record.poll_seq, loaded.counters.len())
}

fn constraint(verdict: &Verdict) -> bool {
    matches!(verdict, Err(CommitError::RolledBack(StoreError::Constraint(_))))
}

#[test]
fn those_that_wait_share_one_transaction_and_each_has_its_answer() {
    let folder = tempfile::tempdir().unwrap();
    let mut connection = opened(folder.path());
    let transactions = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&transactions);
    connection
        .commit_hook(Some(move || {
            counted.fetch_add(1, Ordering::Relaxed);
            false
        }))
        .unwrap();
    let group = CommitGroup::default();
    let answers = [1, 2, 3].map(|nas| {
        let (sender, answer) = oneshot::channel();
        group.add(round(nas, 1, 1..4), sender);
        answer
    });
    group.commit_waiting(&mut connection);
    group.commit_waiting(&mut connection);
    assert_eq!(answers.map(|answer| answer.blocking_recv().unwrap()), [Ok(()), Ok(()), Ok(())]);
    assert_eq!(transactions.load(Ordering::Relaxed), 1);
    assert_eq!([1, 2, 3].map(|nas| stored(&mut connection, nas)), [(1, 3); 3]);
}

#[test]
fn who_is_refused_has_written_nothing_and_the_others_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut connection = opened(folder.path());
    let outdated = Round { bindings_version: 0, ..round(2, 1, 1..3) };
    let removed = round(9, 1, 1..3);
    let verdicts = commit(&mut connection, &[round(1, 2, 1..3), outdated, removed, round(3, 1, 1..3)]);
    assert_eq!(verdicts[0], Err(CommitError::Fenced));
    assert_eq!(verdicts[1], Err(CommitError::BindingsChanged));
    assert!(matches!(&verdicts[2], Err(CommitError::RolledBack(StoreError::NotFound(_)))));
    assert_eq!(verdicts[3], Ok(()));
    assert_eq!([1, 2, 3].map(|nas| stored(&mut connection, nas)), [(0, 0), (0, 0), (1, 2)]);
}

#[test]
fn of_one_router_the_second_follows_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let mut connection = opened(folder.path());
    let verdicts = commit(&mut connection, &[round(1, 1, 1..3), round(1, 1, 3..5), round(1, 2, 5..7)]);
    assert_eq!(verdicts, [Ok(()), Err(CommitError::Fenced), Ok(())]);
    assert_eq!(stored(&mut connection, 1), (2, 4));
}

#[test]
fn one_that_does_not_fit_is_undone_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut connection = opened(folder.path());
    let verdicts = commit(&mut connection, &[round(1, 1, 1..3), misfit(2, 1), round(3, 1, 1..3)]);
    assert!(verdicts[0].is_ok() && constraint(&verdicts[1]) && verdicts[2].is_ok(), "{verdicts:?}");
    assert_eq!([1, 2, 3].map(|nas| stored(&mut connection, nas)), [(1, 2), (0, 0), (1, 2)]);
}

#[test]
fn a_full_disk_undoes_what_has_no_room_and_the_next_one_goes_through() {
    let folder = tempfile::tempdir().unwrap();
    let mut connection = opened(folder.path());
    assert_eq!(commit(&mut connection, &[round(2, 1, 1..3)]), [Ok(())]);
    let pages: i64 = connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    connection.pragma_update(None, "max_page_count", pages + 10).unwrap();
    let full = Err(CommitError::RolledBack(StoreError::DiskFull));
    let verdicts = commit(&mut connection, &[round(1, 1, 1..3), round(2, 2, 3..20_000), round(3, 1, 1..3)]);
    assert_eq!(verdicts, [Ok(()), full, Ok(())]);
    assert_eq!([1, 2, 3].map(|nas| stored(&mut connection, nas)), [(1, 2); 3]);
    assert_eq!(commit(&mut connection, &[round(2, 2, 3..5)]), [Ok(())]);
    let sound: String = connection.pragma_query_value(None, "integrity_check", |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
}

#[test]
fn who_holds_the_database_holds_it_for_all() {
    let folder = tempfile::tempdir().unwrap();
    let mut connection = opened(folder.path());
    connection.busy_timeout(std::time::Duration::ZERO).unwrap();
    let holder = file::open_writer(&folder.path().join("tikmeter.db")).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let verdicts = commit(&mut connection, &[round(1, 1, 1..3), round(2, 1, 1..3)]);
    assert_eq!(verdicts, vec![Err(CommitError::RolledBack(StoreError::Busy)); 2]);
    holder.execute_batch("ROLLBACK").unwrap();
    assert_eq!(commit(&mut connection, &[round(1, 1, 1..3), round(2, 1, 1..3)]), [Ok(()), Ok(())]);
}

/// Names the folder to write into; set for the process whose files may not grow.
const VICTIM: &str = "TIKMETER_TEST_SMALL_FILES";

/// The file may not grow when the transaction ends. As a process of its own, because the limit is the process's.
#[test]
fn an_end_in_doubt_is_doubtful_for_all() {
    if let Ok(folder) = std::env::var(VICTIM) {
        return grow_until_in_doubt(Path::new(&folder));
    }
    let folder = tempfile::tempdir().unwrap();
    let victim = std::process::Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 8192; exec \"$@\"", "sh"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "sqlite::commit_group_tests::an_end_in_doubt_is_doubtful_for_all"])
        .env(VICTIM, folder.path())
        .output()
        .unwrap();
    assert!(victim.status.success(), "{}", String::from_utf8_lossy(&victim.stdout));
    let mut connection = file::open_writer(&folder.path().join("tikmeter.db")).unwrap();
    let [first, second, third] = [1, 2, 3].map(|nas| stored(&mut connection, nas));
    assert!(first.0 > 0 && first == second && second == third, "{first:?} {second:?} {third:?}");
    assert_eq!(first.1 as u64, first.0 * 100);
}

fn grow_until_in_doubt(folder: &Path) {
    let mut connection = opened(folder);
    for seq in 1..10_000 {
        let rounds = [1, 2, 3].map(|nas| round(nas, seq, seq * 100..(seq + 1) * 100));
        let verdicts = commit(&mut connection, &rounds);
        if verdicts != [Ok(()), Ok(()), Ok(())] {
            let doubtful = |verdict: &Verdict| matches!(verdict, Err(CommitError::Doubtful(_)));
            assert!(verdicts.iter().all(doubtful), "{verdicts:?}");
            return;
        }
    }
    panic!("the log may grow without end");
}
