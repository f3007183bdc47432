//! Moving an installation from SQLite to PostgreSQL: all of it, however often the move is cut off, and never more than it.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::types::Value;
use store::{
    Doing, InstallationRepository, Move, MoveError, MoveStep, Moved, NasRepository, OperatorRepository,
    Postgres, Role, Sqlite, VerifyRepository,
};
use tempfile::TempDir;

use crate::filled::fill;
use crate::operators::operator;
use crate::postgres_server::Database;
use crate::rounds::{act, router};

/// Rows of a chunk: every table that has more is moved in several.
pub(crate) const FEW: u64 = 7;

/// Rows by table, each with its cells as text.
pub(crate) type Rows = BTreeMap<String, Vec<Vec<Option<String>>>>;

/// A file in which every table has rows, some of them in the log still, as a server leaves it that was killed.
pub(crate) async fn filled() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let (written, file) = (folder.path().join("written.db"), folder.path().join("tikmeter.db"));
    let store = Sqlite::open(&written).unwrap();
    fill(&store).await;
    for end in ["", "-wal"] {
        let copied = std::fs::copy(with_end(&written, end), with_end(&file, end)).unwrap();
        assert!(copied > 0);
    }
    (folder, file)
}

fn with_end(file: &Path, end: &str) -> PathBuf {
    PathBuf::from(format!("{}{end}", file.display()))
}

fn as_it_lies(file: &Path) -> [Vec<u8>; 2] {
    ["", "-wal"].map(|end| std::fs::read(with_end(file, end)).unwrap())
}

pub(crate) fn go_on(_: MoveStep) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

pub(crate) fn run(
    file: &Path,
    database: &Database,
    mut watch: impl FnMut(MoveStep) -> ControlFlow<()> + Send,
) -> Result<Moved, MoveError> {
    Move::new(file, database.url()).in_chunks_of(FEW).run(&mut watch)
}

/// Goes on up to the first step of that kind which `is_it`, and stops there.
pub(crate) fn stop_at(is_it: impl Fn(&MoveStep) -> bool) -> impl FnMut(MoveStep) -> ControlFlow<()> {
    move |step| if is_it(&step) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

/// All that is in the file, read by nothing of the store.
pub(crate) fn of_file(file: &Path) -> Rows {
    let file = Connection::open(file).unwrap();
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
    let mut names = file.prepare(sql).unwrap();
    let names = names.query_map([], |row| row.get::<_, String>(0)).unwrap().map(Result::unwrap);
    names.map(|name| (name.clone(), rows_of_file(&file, &name))).collect()
}

fn rows_of_file(file: &Connection, table: &str) -> Vec<Vec<Option<String>>> {
    let mut statement = file.prepare(&format!("SELECT * FROM {table}")).unwrap();
    let mut columns: Vec<(String, usize)> =
        statement.column_names().iter().zip(0..).map(|(name, at)| ((*name).to_owned(), at)).collect();
    columns.sort_unstable();
    let mut rows: Vec<_> = statement
        .query_map([], |row| {
            Ok(columns.iter().map(|(_, at)| text(row.get(*at).unwrap())).collect::<Vec<_>>())
        })
        .unwrap()
        .map(Result::unwrap)
        .collect();
    rows.sort_unstable();
    rows
}

/// As PostgreSQL writes it.
fn text(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Integer(number) => Some(number.to_string()),
        Value::Text(text) => Some(text),
        Value::Blob(bytes) => {
            Some(bytes.iter().fold("\\x".to_owned(), |text, byte| format!("{text}{byte:02x}")))
        }
        Value::Real(number) => panic!("{number} in a column"),
    }
}

pub(crate) fn of_postgres(database: &Database) -> Rows {
    database.ask(|client| {
        let tables = "SELECT relname::text FROM pg_class WHERE relnamespace = 'tikmeter'::regnamespace
                      AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> 'migration'";
        let names: Vec<String> = client.query(tables, &[]).unwrap().iter().map(|row| row.get(0)).collect();
        names.into_iter().map(|name| (name.clone(), rows_of_postgres(client, &name))).collect()
    })
}

fn rows_of_postgres(client: &mut postgres::Client, table: &str) -> Vec<Vec<Option<String>>> {
    let sql = "SELECT attname::text FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0
               AND NOT attisdropped";
    let columns = client.query(sql, &[&format!("tikmeter.{table}")]).unwrap();
    let mut columns: Vec<String> = columns.iter().map(|row| row.get(0)).collect();
    columns.sort_unstable();
    let columns = columns.iter().map(|name| format!("{name}::text")).collect::<Vec<_>>().join(", ");
    let rows = client.query(&format!("SELECT ARRAY[{columns}] FROM tikmeter.{table}"), &[]).unwrap();
    let mut rows: Vec<Vec<Option<String>>> = rows.iter().map(|row| row.get(0)).collect();
    rows.sort_unstable();
    rows
}

/// The same rows in the same tables, and nothing else.
pub(crate) fn assert_same(file: &Path, database: &Database) {
    let (expected, found) = (of_file(file), of_postgres(database));
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    for (table, rows) in expected {
        assert_eq!(found[&table], rows, "{table}: PostgreSQL's on the left, the file's on the right");
    }
}

#[tokio::test]
async fn every_row_of_every_table_is_moved_and_the_file_stays_as_it_was() {
    let (_folder, file) = filled().await;
    let database = Database::create();
    let before = as_it_lies(&file);
    let moved = run(&file, &database, go_on).unwrap();
    assert!(as_it_lies(&file) == before, "the file or its log was changed");
    let empty = moved.tables.iter().filter(|table| table.rows == 0).map(|table| table.name.as_str());
    // Only processes that share a database fill them.
    let empty: Vec<&str> =
        empty.filter(|name| !["nas_listed", "nas_rates", "nas_status", "node"].contains(name)).collect();
    assert!(
        empty.is_empty(),
        "nothing is seen of how these are moved; filled.rs should fill them: {empty:?}"
    );
    assert_same(&file, &database);
    let (old, new) = (Sqlite::open(&file).unwrap(), Postgres::open(database.url()).unwrap());
    assert_eq!(new.installation().await, old.installation().await);
    assert_eq!(new.list_nas().await, old.list_nas().await);
    assert_eq!(new.verify().await, old.verify().await);
    assert_eq!(Ok(moved.verified), new.verify().await);
}

#[tokio::test]
async fn ids_go_on_behind_the_highest_that_were_ever_given() {
    let (_folder, file) = filled().await;
    let sql = "UPDATE sqlite_sequence SET seq = 900 WHERE name = 'operator'";
    Connection::open(&file).unwrap().execute(sql, []).unwrap();
    let database = Database::create();
    run(&file, &database, go_on).unwrap();
    let (old, new) = (Sqlite::open(&file).unwrap(), Postgres::open(database.url()).unwrap());
    let expected = old.insert_nas(router("last"), act("router.add")).await.unwrap();
    assert_eq!(new.insert_nas(router("last"), act("router.add")).await.unwrap(), expected);
    new.insert_operator(operator("bob", Role::Viewer), act("operator.add")).await.unwrap();
    let sql = "SELECT id FROM tikmeter.operator WHERE name = 'bob'";
    assert_eq!(database.ask(move |client| client.query_one(sql, &[]).unwrap().get::<_, i64>(0)), 901);
}

#[tokio::test]
async fn an_installation_without_anything_is_moved_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tikmeter.db");
    let id = Sqlite::open(&file).unwrap().installation().await.unwrap().id;
    let database = Database::create();
    run(&file, &database, go_on).unwrap();
    assert_same(&file, &database);
    assert_eq!(Postgres::open(database.url()).unwrap().installation().await.unwrap().id, id);
}

#[tokio::test]
async fn a_move_that_stops_after_each_chunk_ends_whole() {
    let (_folder, file) = filled().await;
    let database = Database::create();
    let (mut runs, mut read_again) = (0, 0);
    loop {
        runs += 1;
        let mut reread = 0;
        let ended = run(&file, &database, |step| {
            reread += u64::from(step.doing == Doing::Rereading);
            if step.doing == Doing::Copying { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!(reread, runs - 1, "each run finds the chunk of the one before");
        match ended {
            Ok(_) => break,
            Err(error) => assert_eq!(error, MoveError::Stopped),
        }
        read_again = reread;
    }
    assert!(runs > 30 && read_again > 30, "{runs} runs");
    assert_same(&file, &database);
}

#[tokio::test]
async fn a_connection_that_is_lost_costs_nothing_that_was_copied() {
    let (_folder, file) = filled().await;
    let database = Database::create();
    let mut cuts = 0;
    for table in ["audit", "ledger_entry", "session", "renewal", ""] {
        let cut = |step: MoveStep| {
            if step.table == table {
                database.end_all();
            }
            ControlFlow::Continue(())
        };
        let told = run(&file, &database, cut).unwrap_err().to_string();
        assert!(
            told.contains("connection") && told.contains("run the same command again"),
            "{table}: {told}"
        );
        cuts += 1;
    }
    assert_eq!(cuts, 5);
    run(&file, &database, go_on).unwrap();
    assert_same(&file, &database);
}

#[tokio::test]
async fn what_differs_is_told_with_its_keys_and_no_server_takes_it() {
    let (_folder, file) = filled().await;
    let changed = "UPDATE tikmeter.ledger_entry SET delta_input = delta_input + 1 WHERE no = 3";
    let added = "INSERT INTO tikmeter.nas_group (id, name) VALUES (77, 'x')";
    for (sql, words) in [
        (changed, "rows of ledger_entry with nas_id/bucket/no up to 1/2"),
        (
            "DELETE FROM tikmeter.login_binding WHERE id = 1",
            "rows of login_binding with id up to 2: 1 in place of 2",
        ),
        ("INSERT INTO tikmeter.coverage VALUES (0, 1, 'ppp', 1, 2)", "rows of coverage with id up to"),
        (added, "1 rows of nas_group that the file does not have"),
    ] {
        let database = Database::create();
        let mut meddled = false;
        let meddle = |step: MoveStep| {
            if step.doing == Doing::Comparing && !meddled {
                meddled = true;
                database.run(sql);
            }
            ControlFlow::Continue(())
        };
        let error = run(&file, &database, meddle).unwrap_err();
        assert!(matches!(error, MoveError::Differs(_)), "{sql}: {error}");
        assert!(error.to_string().contains(words), "{sql}: {error}");
        let refused = Postgres::open(database.url()).err().unwrap().to_string();
        assert!(refused.contains("is being moved into it"), "{refused}");
        let again = run(&file, &database, go_on).unwrap_err();
        assert_eq!(again, error, "it is found each time");
    }
}
