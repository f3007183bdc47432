//! Measures a commit of 100,000 moving sessions against a bare loop that writes the same rows, in turns, and prints
//! the medians and their ratio. Run with `cargo run --release -p store --example commit_speed [rows] [folder]`.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a measurement for a developer's terminal")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use accounting::Octets;
use accounting::changes::{Changes, CoverageRow};
use accounting::ledger::GrownEntry;
use accounting::table::Table;
use accounting::time::Micros;
use rusqlite::{Connection, params};
use store::{AccountingRepository, NasId, Sqlite};

const ROUNDS: u64 = 7;
const NAS: NasId = NasId(1);
const BUCKET: i64 = 2_000_000;
const FILL: &str = "
    INSERT INTO nas (uuid, name, host, port, username, password, created_at)
    VALUES (x'01', 'tower', 'h', 1, 'u', x'', 0);
    CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ROWS) SELECT i FROM n;
    INSERT INTO login (kind, name, scope, scope_id)
    SELECT 'ppp', CAST(printf('customer-%06d', i) AS BLOB), 'router', 1 FROM n;
    INSERT INTO subscriber (id, username, service, status, created_at)
    SELECT printf('%08d-0000-4000-8000-000000000000', i), printf('customer-%06d', i), 'pppoe', 'active', 0 FROM n;
    INSERT INTO login_binding (login_id, subscriber_id, from_at)
    SELECT i, printf('%08d-0000-4000-8000-000000000000', i), 0 FROM n;
    INSERT INTO cycle (subscriber_id, seq_no, opened_at)
    SELECT printf('%08d-0000-4000-8000-000000000000', i), 1, 0 FROM n;
    INSERT INTO counter (id, nas_id, boot, handle, name, permanent, resets_on_reconnect, state, input_octets,
        output_octets, unattributed_input, unattributed_output, start_earliest, start_latest, session_no,
        session_login, session_acct_id, session_start_earliest, session_start_latest)
    SELECT 1 << 40 | i, 1, 1, i, CAST(printf('<pppoe-customer-%06d>', i) AS BLOB), 0, 0, 0, 0, 0, 0, 0, 100, 102, i,
        CAST(printf('customer-%06d', i) AS BLOB), 2172649472 + i, 100, 102 FROM n;
    INSERT INTO session (id, nas_id, login_id, service, acct_session_id, boot, calling_station_id,
        framed_address, started_at, first_seen_at, state)
    SELECT 1 << 40 | i, 1, i, 'pppoe', 2172649472 + i, 1, CAST(printf('AA:BB:CC:%06d', i) AS BLOB),
        CAST('10.200.100.100' AS BLOB), 1800000000000000, 1800000000000000, 0 FROM n;
    INSERT INTO ledger_entry
    SELECT 1, BUCKET, i, i, i, i, i, 'grew', 1, 0, 0, 0, 0, 0, 0, 1800000000000000, 1800000000000000, 0, NULL, NULL,
        1 FROM n;
    INSERT INTO coverage VALUES (1 << 40, 1, 'ppp', 0, 0);
    DROP TABLE n;";

fn main() {
    let rows: u64 = std::env::args().nth(1).map_or(100_000, |rows| rows.parse().unwrap());
    let folder = tempfile::tempdir_in(std::env::args().nth(2).unwrap_or(".".to_owned())).unwrap();
    let ours = folder.path().join("ours.db");
    drop(Sqlite::open(&ours).unwrap());
    fill(&ours, rows);
    let bare = copy(&ours, "bare.db");
    let store = Sqlite::open(&ours).unwrap();
    let mut connection = open_bare(&bare);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (mut our_times, mut bare_times) = (Vec::new(), Vec::new());
    for round in 1..=ROUNDS {
        let changes = Arc::new(round_of(rows, round));
        our_times.push(timed(|| runtime.block_on(store.commit(NAS, 1, 1, Arc::clone(&changes))).unwrap()));
        bare_times.push(timed(|| write_bare(&mut connection, &changes)));
        println!(
            "round {round}: ours {:?}, bare {:?}",
            our_times.last().unwrap(),
            bare_times.last().unwrap()
        );
    }
    let (ours, bare) = (median(our_times), median(bare_times));
    let ratio = bare.as_secs_f64() / ours.as_secs_f64();
    println!("{rows} sessions: ours {ours:?}, bare {bare:?}, ours is {ratio:.2}x the speed of bare");
}

fn fill(path: &Path, rows: u64) {
    let connection = Connection::open(path).unwrap();
    connection.pragma_update(None, "synchronous", "OFF").unwrap();
    let sql = FILL.replace("ROWS", &rows.to_string()).replace("BUCKET", &BUCKET.to_string());
    connection.execute_batch(&format!("BEGIN; {sql} COMMIT;")).unwrap();
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
}

fn copy(from: &Path, name: &str) -> PathBuf {
    let to = from.with_file_name(name);
    std::fs::copy(from, &to).unwrap();
    to
}

fn open_bare(path: &Path) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection.pragma_update(None, "journal_mode", "WAL").unwrap();
    connection.pragma_update(None, "synchronous", "FULL").unwrap();
    connection
}

/// Every session moved by one octet since the round before.
fn round_of(rows: u64, round: u64) -> Changes {
    let (one, value) = (Octets::new(1, 1_000), Octets::new(round, 1_000 * round));
    let to = Micros(1_800_000_000_000_000 + i64::try_from(round).unwrap() * 10_000_000);
    let numbers = 1..=rows;
    let grown = |no| GrownEntry { bucket: BUCKET, no, delta: value, after: value, to, polls: 1 };
    Changes {
        nas: accounting::changes::NasRecord {
            boot: 1,
            next_no: rows + 1,
            poll_seq: round,
            ..Default::default()
        },
        new_counters: Vec::new(),
        counter_octets: numbers.clone().map(|no| (no, value)).collect(),
        changed_counters: Vec::new(),
        forget_boots_before: None,
        new_sessions: Vec::new(),
        session_octets: numbers.clone().map(|no| (no, one)).collect(),
        session_states: Vec::new(),
        session_logins: Vec::new(),
        renamed: Vec::new(),
        settled_edges: Vec::new(),
        new_entries: Vec::new(),
        grown_entries: numbers.clone().map(grown).collect(),
        cycle_octets: numbers.map(|no| (no.cast_signed(), one)).collect(),
        coverage: vec![CoverageRow { table: Table::Interface, no: 0, from: Micros(0), to, is_new: false }],
    }
}

fn write_bare(connection: &mut Connection, changes: &Changes) {
    let transaction = connection.transaction().unwrap();
    let key = |no: u64| 1 << 40 | no.cast_signed();
    let by_key = |(no, octets): &(u64, Octets)| (key(*no), *octets);
    let counters = "UPDATE counter SET input_octets = ?2, output_octets = ?3 WHERE id = ?1";
    update(&transaction, counters, changes.counter_octets.iter().map(by_key));
    let sessions = "UPDATE session SET input_octets = input_octets + ?2, output_octets = output_octets + ?3 WHERE id = ?1";
    update(&transaction, sessions, changes.session_octets.iter().map(by_key));
    grow(&transaction, &changes.grown_entries);
    let cycles =
        "UPDATE cycle SET input_octets = input_octets + ?2, output_octets = output_octets + ?3 WHERE id = ?1";
    update(&transaction, cycles, changes.cycle_octets.iter().copied());
    transaction.commit().unwrap();
}

fn update(connection: &Connection, sql: &str, rows: impl Iterator<Item = (i64, Octets)>) {
    let mut statement = connection.prepare(sql).unwrap();
    for (key, octets) in rows {
        statement.execute(params![key, octets.input.cast_signed(), octets.output.cast_signed()]).unwrap();
    }
}

fn grow(connection: &Connection, entries: &[GrownEntry]) {
    let sql =
        "UPDATE ledger_entry SET delta_input = ?4, delta_output = ?5, after_input = ?6, after_output = ?7,
               to_at = ?8, polls = ?9 WHERE nas_id = ?1 AND bucket = ?2 AND no = ?3";
    let mut statement = connection.prepare(sql).unwrap();
    for entry in entries {
        let (delta, after) = (entry.delta, entry.after);
        let values = params![
            1,
            entry.bucket,
            entry.no.cast_signed(),
            delta.input.cast_signed(),
            delta.output.cast_signed(),
            after.input.cast_signed(),
            after.output.cast_signed(),
            entry.to.0,
            entry.polls
        ];
        statement.execute(values).unwrap();
    }
}

#[expect(clippy::disallowed_methods, reason = "a measurement needs the clock")]
fn timed(act: impl FnOnce()) -> Duration {
    let begin = Instant::now();
    act();
    begin.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
