//! Migration 29: which router moved what of a cycle's total is told by the ledger, and no total changes.

use std::sync::Arc;

use accounting::Octets;
use accounting::ledger::{LedgerEntry, Reason};
use store::{Postgres, Sqlite, Store};
use tempfile::TempDir;

use crate::author::{Author, day, utc};
use crate::filled::fill;
use crate::postgres_server::Database;
use crate::rounds::{act, entry, first, quiet, resolve, router, shared, times};

/// Later than whatever else is written.
const LATE: u64 = 40_020;
const DAY: u64 = 86_400;
const TOTALS: &str = "SELECT nas_id, cycle_id, input_octets, output_octets FROM cycle_total
                      WHERE input_octets <> 0 OR output_octets <> 0 ORDER BY 1, 2";
/// Totals as they were kept before.
const AS_BEFORE: [&str; 3] = [
    "ALTER TABLE cycle ADD COLUMN input_octets INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE cycle ADD COLUMN output_octets INTEGER NOT NULL DEFAULT 0",
    "UPDATE cycle SET
         input_octets = (SELECT coalesce(sum(input_octets), 0) FROM cycle_total WHERE cycle_id = cycle.id),
         output_octets = (SELECT coalesce(sum(output_octets), 0) FROM cycle_total WHERE cycle_id = cycle.id)",
];

/// Router, cycle, input and output.
type Row = [i64; 4];

/// A database, and the migration that it ran.
trait Books {
    const MIGRATION: &str;
    fn create() -> Self;
    fn open(&self) -> Arc<dyn Store>;
    fn run(&self, sql: &str);
    fn rows(&self) -> Vec<Row>;

    /// What the migration makes of totals that were kept as before and meddled with.
    fn migrated_after(&self, meddle: &str) -> Vec<Row> {
        self.run(&AS_BEFORE.join(";").replace("INTEGER", "bigint"));
        self.run(&format!("DROP TABLE cycle_total; {meddle}"));
        self.run(Self::MIGRATION);
        self.rows()
    }
}

struct File(TempDir);

impl File {
    fn connection(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.0.path().join("tikmeter.db")).unwrap()
    }
}

impl Books for File {
    const MIGRATION: &str = include_str!("../../src/sqlite/migrations/0029_cycle_totals.sql");

    fn create() -> Self {
        File(tempfile::tempdir().unwrap())
    }

    fn open(&self) -> Arc<dyn Store> {
        Arc::new(Sqlite::open(&self.0.path().join("tikmeter.db")).unwrap())
    }

    fn run(&self, sql: &str) {
        // Its tables are STRICT.
        self.connection().execute_batch(&sql.replace("bigint", "INTEGER")).unwrap();
    }

    fn rows(&self) -> Vec<Row> {
        let connection = self.connection();
        let mut statement = connection.prepare(TOTALS).unwrap();
        let rows = statement.query_map([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]));
        rows.unwrap().map(Result::unwrap).collect()
    }
}

impl Books for Database {
    const MIGRATION: &str = include_str!("../../src/postgres/migrations/0029_cycle_totals.sql");

    fn create() -> Self {
        Database::create()
    }

    fn open(&self) -> Arc<dyn Store> {
        Arc::new(Postgres::open(self.url()).unwrap())
    }

    fn run(&self, sql: &str) {
        Database::run(self, &format!("SET search_path = tikmeter; {sql}"));
    }

    fn rows(&self) -> Vec<Row> {
        self.ask(|client| {
            client.batch_execute("SET search_path = tikmeter").unwrap();
            let rows = client.query(TOTALS, &[]).unwrap();
            rows.iter().map(|row| [row.get(0), row.get(1), row.get(2), row.get(3)]).collect()
        })
    }
}

/// Whatever makes a total: renewals, some of them undone, adoptions, one of them undone, held lines, days that were folded,
/// and one cycle on two routers.
async fn written(books: &impl Books) {
    let store = books.open();
    fill(&*store).await;
    for name in ["isle", "lake"] {
        let nas = store.insert_nas(router(name), act("router.add")).await.unwrap();
        let (version, ana) = resolve(&*store, nas, b"ana").await;
        let begin = first(ana.id, ana.cycle, Octets::new(30, 40));
        store.commit(nas, 1, version, shared(begin)).await.unwrap();
        for seq in 2..6 {
            let delta = Octets::new(seq, 1);
            let seconds = (LATE + seq / 2) * DAY + seq * 900;
            let mut changes = quiet(seq, seconds);
            let line = LedgerEntry { cycle: ana.cycle, ..entry(seq, 1, ana.id, delta, seconds) };
            let held = LedgerEntry { no: 100 + seq, reason: Reason::Held, posted: false, ..line.clone() };
            changes.new_entries = vec![line, held];
            changes.session_octets = vec![(1, delta)];
            changes.cycle_octets = vec![(ana.cycle.unwrap(), delta)];
            store.commit(nas, 1, version, shared(changes)).await.unwrap();
        }
    }
    let end = times((LATE + 60) * DAY).at.bucket();
    while store.fold_some(end, utc()).await.unwrap().is_some() {}
}

/// Days of many logins, with a renewal and a released line among what is folded.
async fn folded(books: &impl Books) {
    let store = books.open();
    Author::new(store.clone()).await.write().await;
    while store.fold_some(day(2), utc()).await.unwrap().is_some() {}
}

async fn mismatches(books: &impl Books) -> Vec<String> {
    let told = books.open().verify().await.unwrap().mismatches;
    told.into_iter().filter(|told| told.contains("cycle")).collect()
}

async fn each_router_has_what_it_had<B: Books>() {
    let books = B::create();
    written(&books).await;
    let before = books.rows();
    let shared =
        before.iter().filter(|row| before.iter().any(|other| other[1] == row[1] && other[0] != row[0]));
    assert!(shared.count() > 1, "a cycle on several routers: {before:?}");
    assert_eq!(books.migrated_after(""), before);
    assert_eq!(mismatches(&books).await, Vec::<String>::new());
    let books = B::create();
    folded(&books).await;
    let before = books.rows();
    assert_eq!(before.len(), 2, "before and after a renewal");
    assert_eq!(books.migrated_after(""), before);
    assert_eq!(mismatches(&books).await, Vec::<String>::new());
}

/// One total is more than its entries in one direction and less in the other, one has no entries at all.
async fn totals_that_differ_from_the_ledger_stay_and_are_told<B: Books>() {
    let books = B::create();
    folded(&books).await;
    let before = books.rows();
    let cycle = before[0][1];
    let meddle = format!(
        "UPDATE cycle SET input_octets = input_octets + 5, output_octets = output_octets - 3 WHERE id = {cycle};
         INSERT INTO subscriber (id, username, service, status, created_at)
         VALUES ('0199f2a4-0000-7000-8000-000000000001', 'ida', 'pppoe', 'active', 0);
         INSERT INTO cycle (id, subscriber_id, seq_no, opened_at, input_octets, output_octets)
         VALUES (900, '0199f2a4-0000-7000-8000-000000000001', 1, 0, 7, 0)"
    );
    let after = books.migrated_after(&meddle);
    assert_eq!(after[..2], [[0, cycle, 5, -3], [0, 900, 7, 0]]);
    assert_eq!(after[2..], before);
    let store = books.open();
    let ida = store.find_subscriber("ida").await.unwrap().unwrap();
    assert_eq!(ida.cycle.unwrap().octets, Octets::new(7, 0));
    let one = store.find_subscriber("login-1").await.unwrap().unwrap();
    let cycles = store.subscriber_cycles(one.id, None, 9).await.unwrap();
    let total = cycles.iter().find(|found| found.id == cycle).unwrap().octets;
    assert_eq!(total, Octets::new((before[0][2] + 5).unsigned_abs(), (before[0][3] - 3).unsigned_abs()));
    drop(store);
    assert_eq!(
        mismatches(&books).await,
        [
            "subscriber login-1: cycle 1 has a total of 5 octets up and -3 down on no router that is known, its entries there \
             add up to 0 and 0",
            "subscriber ida: cycle 1 has a total of 7 octets up and 0 down on no router that is known, its entries there add up \
             to 0 and 0",
        ]
    );
}

mod sqlite {
    use super::File;

    #[tokio::test]
    async fn each_router_has_what_it_had() {
        super::each_router_has_what_it_had::<File>().await;
    }

    #[tokio::test]
    async fn totals_that_differ_from_the_ledger_stay_and_are_told() {
        super::totals_that_differ_from_the_ledger_stay_and_are_told::<File>().await;
    }
}

mod postgres {
    use super::Database;

    #[tokio::test]
    async fn each_router_has_what_it_had() {
        super::each_router_has_what_it_had::<Database>().await;
    }

    #[tokio::test]
    async fn totals_that_differ_from_the_ledger_stay_and_are_told() {
        super::totals_that_differ_from_the_ledger_stay_and_are_told::<Database>().await;
    }
}
