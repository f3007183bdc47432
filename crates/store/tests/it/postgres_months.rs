//! A month of the ledger is folded as a whole: what it becomes is what it becomes line by line, and nobody is disturbed.

use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};

use accounting::Octets;
use accounting::changes::{SessionEnded, SessionState};
use accounting::ledger::{EntryRef, LedgerEntry, Reason};
use postgres::Client;
use store::{
    AccountingRepository, AdoptionRepository, DayOf, Postgres, PostgresOptions, RetentionRepository, Sqlite,
    Store, StoreError, SubscriberRepository, UsageQuery, UsageRepository, VerifyRepository,
};
use tokio::task::JoinHandle;

use crate::author::{ALL, Author, day, days_of, picture, utc};
use crate::postgres_server::Database;
use crate::rounds::{
    act, counter, entry, first, quiet, resolve, router, session, shared, subscriber, times, tower,
};

/// Every other hour from 15 January on: into February.
const STRIDE: u64 = 8;
/// The begin of February, counted in days as [`day`] does.
const FEBRUARY: i64 = 17;
/// Buckets after the UTC day at which it is midnight in Manila.
const MANILA: i64 = 64;

/// Folds all there is before a bucket.
async fn fold(store: &dyn Store, before: i64, day_of: DayOf) {
    while store.fold_some(before, DayOf::clone(&day_of)).await.unwrap().is_some() {}
}

/// Every column of every row that folding writes to.
const DUMPS: [&str; 4] = [
    "SELECT nas_id, bucket, no, login_id, session_no, counter_no, cycle_id, reason, posted, delta_input, delta_output,
            before_input, before_output, after_input, after_output, from_at, to_at, unseen, unseen_us, unseen_upper, polls,
            folded, unseen_session_us
     FROM ledger_entry ORDER BY nas_id, bucket, no",
    "SELECT id, input_octets, output_octets, open_bucket, open_no, state FROM session ORDER BY id",
    "SELECT id, input_octets, output_octets, open_bucket, open_no FROM counter ORDER BY id",
    "SELECT id, folded_until, chain_from FROM nas ORDER BY id",
];

fn dumped_by_sqlite(file: &std::path::Path) -> Vec<String> {
    let connection = rusqlite::Connection::open(file).unwrap();
    let mut lines = Vec::new();
    for sql in DUMPS {
        let mut statement = connection.prepare(sql).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let cell = |at| match row.get::<_, rusqlite::types::Value>(at).unwrap() {
                rusqlite::types::Value::Null => "-".to_owned(),
                rusqlite::types::Value::Integer(number) => number.to_string(),
                rusqlite::types::Value::Text(text) => text,
                other => panic!("{other:?}"),
            };
            lines.push((0..columns).map(cell).collect::<Vec<_>>().join(" "));
        }
    }
    lines
}

fn dumped_by_postgres(database: &Database) -> Vec<String> {
    database.ask(|client| {
        let mut lines = Vec::new();
        for sql in DUMPS {
            let sql = format!("SELECT dump.* FROM ({sql}) AS dump").replace(" FROM ", " FROM tikmeter.").replace("tikmeter.(", "(");
            let texts = format!("SELECT array(SELECT coalesce(value, '-') FROM json_each_text(row_to_json(dump))) FROM ({sql}) AS dump");
            lines.extend(client.query(&texts, &[]).unwrap().iter().map(|row| row.get::<_, Vec<String>>(0).join(" ")));
        }
        lines
    })
}

/// Tables of the ledger, and how many bytes each takes.
fn months(database: &Database) -> Vec<(String, i64)> {
    let sql = "SELECT relname::text, pg_total_relation_size(oid) FROM pg_class
               WHERE relispartition AND relkind = 'r' AND relnamespace = 'tikmeter'::regnamespace ORDER BY 1";
    database.ask(move |client| {
        client.query(sql, &[]).unwrap().iter().map(|row| (row.get(0), row.get(1))).collect()
    })
}

fn names(database: &Database) -> Vec<String> {
    months(database).into_iter().map(|(name, _)| name).collect()
}

/// The history, of which `login-2` was adopted from the middle of the day that is in both months in Manila.
async fn written(store: Arc<dyn Store>) -> Author {
    let mut author = Author::with_stride(store.clone(), STRIDE).await;
    author.write().await;
    let later = store::NewAudit { at: times(author.seconds(300)).at, ..act("subscriber.add") };
    let from = accounting::time::Micros((day(FEBRUARY) - 3) * accounting::time::Micros::BUCKET);
    store.insert_and_adopt(subscriber("login-2", store::Scope::All), from, later).await.unwrap();
    idle(&*store).await;
    author
}

/// Another router: one session goes on, idle, and one ended in February; what both used last is in an entry that is open.
async fn idle(store: &dyn Store) {
    let nas = store.insert_nas(router("mast"), act("router.add")).await.unwrap();
    let (version, ana) = resolve(store, nas, b"ana").await;
    let mut changes = first(ana.id, None, Octets::new(1, 2));
    changes.new_counters.push(counter(2, 10, Octets::new(1, 2)));
    changes.new_sessions.push(session(2, ana.id));
    changes.session_octets.push((2, Octets::new(1, 2)));
    changes.new_entries.push(entry(2, 2, ana.id, Octets::new(1, 2), 0));
    store.commit(nas, 1, version, shared(changes)).await.unwrap();
    let (before, delta) = (Octets::new(1, 2), Octets::new(10, 20));
    let mut changes = quiet(2, 5_000);
    for no in [1, 2] {
        let grew = LedgerEntry {
            reason: Reason::Grew,
            before,
            after: before + delta,
            ..entry(no + 2, no, ana.id, delta, 5_000)
        };
        let opened = EntryRef { bucket: grew.bucket, no: no + 2 };
        changes.new_entries.push(grew);
        changes.opened_counters.push((no, opened));
        changes.opened_sessions.push((no, opened));
    }
    store.commit(nas, 1, version, shared(changes)).await.unwrap();
    let seconds = 20 * 86_400;
    let mut changes = quiet(3, seconds);
    let ended = SessionEnded { last_seen_at: times(seconds).at, terminate_cause: None };
    changes.session_states.push((2, SessionState::Ended(ended)));
    store.commit(nas, 1, version, shared(changes)).await.unwrap();
}

#[tokio::test]
async fn a_month_becomes_what_it_becomes_line_by_line() {
    for (shift, before) in [
        (0, day(FEBRUARY)),
        (MANILA, day(FEBRUARY) + MANILA),
        (MANILA - 96, day(FEBRUARY + 40)),
        (0, day(FEBRUARY + 40)),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tikmeter.db");
        let sqlite: Arc<dyn Store> = Arc::new(Sqlite::open(&file).unwrap());
        written(sqlite.clone()).await;
        fold(&*sqlite, before, days_of(shift)).await;
        drop(sqlite);
        let database = Database::create();
        let postgres: Arc<dyn Store> = Arc::new(Postgres::open(database.url()).unwrap());
        written(postgres.clone()).await;
        let (pictured, used) = (picture(&*postgres).await, postgres.usage(ALL).await.unwrap());
        fold(&*postgres, before, days_of(shift)).await;
        assert_eq!(names(&database)[0], "ledger_days_2027_01");
        let (expected, found) = (dumped_by_sqlite(&file), dumped_by_postgres(&database));
        for (expected, found) in expected.iter().zip(&found) {
            assert_eq!(expected, found, "days that begin {shift} buckets late, before {before}");
        }
        assert_eq!(expected.len(), found.len());
        // Of the day that is in both months one sum for each session was moved on to February, in place of a hundred lines.
        database.run("CREATE EXTENSION pgstattuple");
        let few = "SELECT (free_space + dead_tuple_len) * tuple_count < 90 * tuple_len
                   FROM pgstattuple('tikmeter.ledger_days_2027_01')";
        assert!(is_so(&database, few));
        assert_eq!(postgres.usage(ALL).await.unwrap(), used);
        let after = picture(&*postgres).await;
        // What is asked for UTC days is the same when those were folded.
        assert!(after.mismatches.is_empty() && (shift != 0 || after == pictured), "{:?}", after.mismatches);
    }
}

/// A person in the middle of a transaction.
struct Person {
    go_on: SyncSender<()>,
    done: std::thread::JoinHandle<Sums>,
    saw: Sums,
}

/// What a person sees of the ledger: its octets and entries.
type Sums = (i64, i64);

impl Person {
    /// One that does this and then reads the ledger.
    fn reads(database: &Database, locks: &'static str) -> Person {
        Person::does(database, locks, sums)
    }

    /// One that does this and then looks, twice.
    fn does(database: &Database, locks: &'static str, look: fn(&mut Client) -> Sums) -> Person {
        let (go_on, told) = sync_channel(0);
        let (first, saw) = sync_channel(0);
        let url = database.url().to_owned();
        let done = std::thread::spawn(move || {
            let mut client = Client::connect(&url, postgres::NoTls).unwrap();
            client
                .batch_execute("SET search_path = tikmeter; BEGIN ISOLATION LEVEL REPEATABLE READ")
                .unwrap();
            client.batch_execute(locks).unwrap();
            first.send(look(&mut client)).unwrap();
            told.recv().unwrap();
            look(&mut client)
        });
        Person { go_on, done, saw: saw.recv().unwrap() }
    }

    /// Ends it; what they saw before and see now.
    fn ends(self) -> (Sums, Sums) {
        self.go_on.send(()).unwrap();
        (self.saw, self.done.join().unwrap())
    }
}

const READING: &str = "LOCK TABLE ONLY ledger_entry IN ACCESS SHARE MODE";

fn sums(client: &mut Client) -> Sums {
    let sql = "SELECT coalesce(sum(delta_output), 0)::bigint, count(*) FROM tikmeter.ledger_entry";
    let row = client.query_one(sql, &[]).unwrap();
    (row.get(0), row.get(1))
}

/// Asks until the answer is yes.
fn until(database: &Database, question: &'static str) {
    while !is_so(database, question) {}
}

fn is_so(database: &Database, question: &'static str) -> bool {
    database.ask(move |client| client.query_one(question, &[]).unwrap().get::<_, Option<bool>>(0))
        == Some(true)
}

/// The month is read, and its place is asked for.
const AT_THE_SWAP: &str = "SELECT bool_or(query LIKE 'LOCK TABLE ONLY ledger_entry IN ACCESS EXCLUSIVE%' OR query LIKE 'ROLLBACK TO SAVEPOINT swap%')
                           FROM pg_stat_activity WHERE datname = current_database()";

/// Somebody else keeps the month from being put in its place, or nobody does.
const WAITS_OR_IS_DONE: &str = "SELECT bool_or(NOT granted AND relation = 'tikmeter.ledger_entry'::regclass)
                                    OR to_regclass('tikmeter.ledger_days_2027_01') IS NOT NULL FROM pg_locks";

/// A database with the history, whose January is being folded and waits for a person who reads.
struct Waiting {
    database: Database,
    store: Arc<Postgres>,
    author: Author,
    person: Person,
    folding: JoinHandle<Result<Option<store::Folded>, StoreError>>,
}

impl Waiting {
    async fn new() -> Waiting {
        let database = Database::create();
        let store = Arc::new(Postgres::open(database.url()).unwrap());
        let author = written(store.clone()).await;
        let person = Person::reads(&database, READING);
        let folding = folding(&store);
        until(&database, AT_THE_SWAP);
        Waiting { database, store, author, person, folding }
    }
}

fn folding(store: &Arc<Postgres>) -> JoinHandle<Result<Option<store::Folded>, StoreError>> {
    let store = Arc::clone(store);
    tokio::spawn(async move { store.fold_some(day(FEBRUARY), utc()).await })
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_keeps_what_they_saw_and_rounds_are_written_while_a_month_is_folded() {
    let Waiting { database, store, mut author, person, folding } = Waiting::new().await;
    let whole = months(&database)[0].1;
    let mut changes = author.round(crate::author::ROUNDS);
    // Of the adopted login nothing: it would be numbered as if it had been there when that was adopted.
    changes.new_entries.retain(|entry| entry.session != Some(2));
    changes.counter_octets.retain(|(no, _)| *no != 2);
    changes.session_octets.retain(|(no, _)| *no != 2);
    let delta: u64 = changes.new_entries.iter().map(|entry| entry.delta.output).sum();
    let version = store.bindings_version().await.unwrap();
    store.commit(author.nas, 1, version, shared(changes)).await.unwrap();
    assert_eq!(names(&database)[0], "ledger_entry_2027_01");
    let (before, after) = person.ends();
    assert_eq!(before, after);
    let folded = folding.await.unwrap().unwrap().unwrap();
    assert_eq!(folded.routers, ["tower", "mast"]);
    let (octets, entries) = database.ask(sums);
    assert_eq!(octets, before.0 + i64::try_from(delta).unwrap());
    assert!(
        u64::try_from(before.1 - entries).unwrap() > folded.entries * 8 / 10,
        "{} of {}",
        entries,
        before.1
    );
    let (name, size) = months(&database)[0].clone();
    assert_eq!(name, "ledger_days_2027_01");
    assert!(is_so(&database, "SELECT to_regclass('tikmeter.ledger_entry_2027_01') IS NULL"));
    assert!(size * 2 < whole, "{whole} octets became {size}");
    database.run("CREATE EXTENSION pgstattuple");
    let dead =
        "SELECT dead_tuple_count = 0 AND tuple_count > 0 FROM pgstattuple('tikmeter.ledger_days_2027_01')";
    assert!(is_so(&database, dead));
    let report = store.verify().await.unwrap();
    assert!(report.is_clean(), "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_began_to_read_before_a_month_was_swapped_sees_the_old_one() {
    let Waiting { database, store, person, folding, .. } = Waiting::new().await;
    let one = store.find_subscriber("login-1").await.unwrap().unwrap();
    let mine = UsageQuery { subscriber: Some(one.id), ..ALL };
    let expected = store.usage_by_bucket(mine.clone(), None).await.unwrap().rows;
    // Their moment has begun when they look for what is locked here, and they come to the ledger after that.
    let locks = "LOCK TABLE login_binding IN ACCESS EXCLUSIVE MODE";
    let other = Person::does(&database, locks, |_| (0, 0));
    let reader = tokio::spawn({
        let store = Arc::clone(&store);
        async move { store.usage_by_bucket(mine, None).await }
    });
    until(
        &database,
        "SELECT bool_or(NOT granted) FROM pg_locks WHERE relation = 'tikmeter.login_binding'::regclass",
    );
    person.ends();
    until(&database, WAITS_OR_IS_DONE);
    other.ends();
    assert_eq!(reader.await.unwrap().unwrap().rows, expected);
    folding.await.unwrap().unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_whose_folding_is_killed_is_whole() {
    let Waiting { database, store, person, folding, .. } = Waiting::new().await;
    let before = dumped_by_postgres(&database);
    database.end_those(
        "query LIKE '%SAVEPOINT swap%' OR query LIKE 'LOCK TABLE ONLY ledger_entry IN ACCESS EXCLUSIVE%'",
    );
    assert!(matches!(folding.await.unwrap(), Err(StoreError::Unavailable(_))));
    person.ends();
    assert_eq!(dumped_by_postgres(&database), before);
    assert_eq!(names(&database), ["ledger_entry_2027_01", "ledger_entry_2027_02"]);
    fold(&*store, day(FEBRUARY), utc()).await;
    assert_eq!(names(&database), ["ledger_days_2027_01", "ledger_entry_2027_02"]);
    assert!(store.verify().await.unwrap().is_clean());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_that_is_written_to_while_it_is_folded_is_left_as_it_is() {
    let Waiting { database, store, person, folding, .. } = Waiting::new().await;
    database.run(
        "UPDATE tikmeter.ledger_entry SET delta_input = delta_input + 1 WHERE bucket = (SELECT min(bucket) FROM tikmeter.ledger_entry) AND session_no = 4",
    );
    let used = store.usage(ALL).await.unwrap();
    person.ends();
    assert_eq!(folding.await.unwrap(), Err(StoreError::Busy));
    assert_eq!(names(&database)[0], "ledger_entry_2027_01");
    fold(&*store, day(FEBRUARY), utc()).await;
    assert_eq!(store.usage(ALL).await.unwrap(), used);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_of_which_something_is_adopted_while_it_is_folded_is_left_as_it_is() {
    let Waiting { database: _database, store, author, person, folding } = Waiting::new().await;
    let later = store::NewAudit { at: times(author.seconds(301)).at, ..act("subscriber.add") };
    let from = times(author.seconds(7) + 1).at;
    store.insert_and_adopt(subscriber("login-4", store::Scope::All), from, later).await.unwrap();
    person.ends();
    assert_eq!(folding.await.unwrap(), Err(StoreError::Busy));
    fold(&*store, day(FEBRUARY), utc()).await;
    let report = store.verify().await.unwrap();
    assert!(report.is_clean(), "{:?}", report.mismatches);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_adds_up_in_several_transactions_while_another_process_folds_counts_each_octet_once() {
    let database = Database::create();
    let store = Arc::new(Postgres::open(database.url()).unwrap());
    let (nas, version, ana) = tower(&*store).await;
    store.commit(nas, 1, version, shared(first(ana.id, None, Octets::new(1, 1)))).await.unwrap();
    // Five times as many lines as are read in one go.
    database.run(
        "INSERT INTO tikmeter.ledger_entry
         SELECT nas_id, bucket + step / 1000, 1 + step, login_id, session_no, counter_no, cycle_id, 'grew', posted, 1, 1, 0, 0, 0, 0,
                from_at, to_at, 0, NULL, NULL, 1, NULL, NULL
         FROM tikmeter.ledger_entry, generate_series(1, 250000) AS step",
    );
    let expected = store.usage(ALL).await.unwrap();
    assert_eq!(expected[0].octets, Octets::new(250_001, 250_001));
    let options = PostgresOptions { node: "other".to_owned(), ..PostgresOptions::default() };
    let other = Arc::new(Postgres::open_as(database.url(), &options).unwrap());
    let folding = folding(&other);
    while !folding.is_finished() {
        assert_eq!(store.usage(ALL).await.unwrap(), expected);
    }
    assert_eq!(folding.await.unwrap().unwrap().unwrap().entries, 250_001);
    assert_eq!(store.usage(ALL).await.unwrap(), expected);
}

#[tokio::test]
async fn what_comes_late_to_a_folded_month_joins_its_days() {
    let database = Database::create();
    let store = Postgres::open(database.url()).unwrap();
    let (nas, version, ana) = tower(&store).await;
    store.commit(nas, 1, version, shared(first(ana.id, None, Octets::new(1, 1)))).await.unwrap();
    fold(&store, day(FEBRUARY), utc()).await;
    let mut changes = quiet(2, 900);
    let (before, delta) = (Octets::new(1, 1), Octets::new(5, 5));
    let late = entry(2, 1, ana.id, delta, 900);
    changes.new_entries = vec![LedgerEntry { reason: Reason::Grew, before, after: before + delta, ..late }];
    changes.counter_octets = vec![(1, before + delta)];
    changes.session_octets = vec![(1, delta)];
    store.commit(nas, 1, version, shared(changes)).await.unwrap();
    fold(&store, day(FEBRUARY), utc()).await;
    assert_eq!(names(&database), ["ledger_days_2027_01"]);
    assert_eq!(database.ask(sums), (6, 1));
    assert!(store.verify().await.unwrap().is_clean());
}
