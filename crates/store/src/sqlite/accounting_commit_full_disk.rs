//! A disk without room in the middle of a snapshot. Here and not with the other tests because the limit belongs to
//! the connection.

use accounting::Octets;
use accounting::changes::{Changes, CounterRecord, CounterState, CoverageRow, NasRecord};
use accounting::time::Micros;
use rusqlite::Connection;

use crate::error::{CommitError, StoreError};
use crate::ids::NasId;
use crate::sqlite::{accounting_load, file, migrate};

use super::commit;

const NAS: NasId = NasId(1);

fn opened(folder: &std::path::Path) -> Connection {
    let path = folder.join("tikmeter.db");
    file::prepare(&path).unwrap();
    let mut connection = file::open_writer(&path).unwrap();
    migrate::migrate(&mut connection, Some(&path), migrate::MIGRATIONS).unwrap();
    let sql = "INSERT INTO nas (uuid, name, host, port, username, password, created_at)
               VALUES (x'01', 'tower', 'h', 1, 'u', x'', 0)";
    connection.execute(sql, []).unwrap();
    connection
}

fn round(poll_seq: u64, counters: std::ops::Range<u64>) -> Changes {
    let counter = |no| CounterRecord {
        no,
        boot: 0,
        handle: no,
        name: Box::from(*b"<pppoe-ana>"),
        permanent: false,
        passed_by: false,
        start: None,
        octets: Octets::ZERO,
        unattributed: Octets::ZERO,
        before_held: None,
        state: CounterState::Live,
        session: None,
    };
    Changes {
        nas: NasRecord { poll_seq, next_no: counters.end, ..NasRecord::default() },
        new_counters: counters.map(counter).collect(),
        counter_octets: Vec::new(),
        changed_counters: Vec::new(),
        forget_boots_before: None,
        new_sessions: Vec::new(),
        session_octets: Vec::new(),
        session_states: Vec::new(),
        session_logins: Vec::new(),
        renamed: Vec::new(),
        settled_edges: Vec::new(),
        new_entries: Vec::new(),
        grown_entries: Vec::new(),
        cycle_octets: Vec::new(),
        coverage: CoverageRow { no: 0, from: Micros(1), to: Micros(2), is_new: poll_seq == 1 },
    }
}

#[test]
fn a_full_disk_undoes_the_round_and_the_next_one_goes_through() {
    let folder = tempfile::tempdir().unwrap();
    let mut connection = opened(folder.path());
    commit(&mut connection, NAS, 1, 1, &round(1, 1..3)).unwrap();
    let pages: i64 = connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    connection.pragma_update(None, "max_page_count", pages + 10).unwrap();
    let refused = commit(&mut connection, NAS, 1, 1, &round(2, 3..20_000));
    assert_eq!(refused, Err(CommitError::RolledBack(StoreError::DiskFull)));
    let loaded = accounting_load::load(&mut connection, NAS).unwrap();
    assert_eq!((loaded.record.poll_seq, loaded.counters.len()), (1, 2));
    commit(&mut connection, NAS, 1, 1, &round(2, 3..5)).unwrap();
    let sound: String = connection.pragma_query_value(None, "integrity_check", |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
}
