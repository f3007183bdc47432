//! Moves that are refused, and servers that refuse what is half moved.

use std::io::{Seek, SeekFrom, Write};
use std::ops::ControlFlow;
use std::path::Path;

use rusqlite::Connection;
use store::{
    Doing, InstallationRepository, MoveError, NasRepository, Postgres, PostgresOptions, Sqlite, StoreError,
    VerifyRepository,
};

use crate::moving::{assert_same, filled, go_on, run, stop_at};
use crate::postgres_server::Database;
use crate::rounds::{act, router};

fn refused(file: &Path, database: &Database) -> String {
    run(file, database, go_on).unwrap_err().to_string()
}

fn existing(database: &Database) -> Result<Option<Postgres>, StoreError> {
    Postgres::open_existing(database.url(), &PostgresOptions::default())
}

fn has_schema(database: &Database) -> bool {
    let sql = "SELECT to_regnamespace('tikmeter') IS NOT NULL";
    database.ask(move |client| client.query_one(sql, &[]).unwrap().get(0))
}

#[tokio::test]
async fn no_server_takes_what_is_half_moved() {
    let (_folder, file) = filled().await;
    let database = Database::create();
    for table in ["api_token", "ledger_entry", "renewal"] {
        let stopped =
            run(&file, &database, stop_at(|step| step.table == table && step.doing == Doing::Copying));
        assert_eq!(stopped.unwrap_err(), MoveError::Stopped);
        let told = [Postgres::open(database.url()).err(), existing(&database).err()];
        for told in told.map(|error| error.unwrap().to_string()) {
            assert!(
                told.contains("migrate sqlite-to-postgres` again") && told.contains("tikmeter.db"),
                "{told}"
            );
        }
    }
    run(&file, &database, go_on).unwrap();
    assert!(existing(&database).unwrap().is_some());
}

#[tokio::test]
async fn a_file_that_was_served_in_between_is_refused_until_the_move_begins_anew() {
    let (_folder, file) = filled().await;
    let database = Database::create();
    let half_way = run(&file, &database, stop_at(|step| step.table == "renewal"));
    assert_eq!(half_way.unwrap_err(), MoveError::Stopped);
    drop(Sqlite::open(&file).unwrap());
    let half_way = run(&file, &database, stop_at(|step| step.table == "renewal"));
    assert_eq!(half_way.unwrap_err(), MoveError::Stopped, "opened and not changed");
    let store = Sqlite::open(&file).unwrap();
    store.insert_nas(router("new"), act("router.add")).await.unwrap();
    drop(store);
    for _ in 0..2 {
        let told = refused(&file, &database);
        assert!(told.contains("has changed since") && told.contains("rows of audit"), "{told}");
        assert!(told.contains("DROP SCHEMA tikmeter CASCADE"), "{told}");
    }
    database.run("DROP SCHEMA tikmeter CASCADE");
    run(&file, &database, go_on).unwrap();
    assert_same(&file, &database);
}

/// Whatever is changed in what was copied is seen, also where nothing else tells of it.
#[tokio::test]
async fn a_value_that_was_changed_in_between_is_noticed() {
    let (_folder, file) = filled().await;
    let database = Database::create();
    let half_way = run(&file, &database, stop_at(|step| step.table == "renewal"));
    assert_eq!(half_way.unwrap_err(), MoveError::Stopped);
    let person = Connection::open(&file).unwrap();
    person.execute("UPDATE ledger_entry SET polls = polls + 1 WHERE no = 3", []).unwrap();
    drop(person);
    let told = refused(&file, &database);
    assert!(told.contains("rows of ledger_entry with nas_id/bucket/no up to 1/2"), "{told}");
}

#[tokio::test]
async fn a_database_that_holds_something_is_left_alone() {
    let (_folder, file) = filled().await;
    let database = Database::create();
    let there = Postgres::open(database.url()).unwrap().installation().await.unwrap();
    let told = refused(&file, &database);
    assert!(told.contains("holds another installation") && told.contains("nothing was touched"), "{told}");
    assert_eq!(Postgres::open(database.url()).unwrap().installation().await.unwrap(), there);

    let theirs = Database::create();
    theirs.run("CREATE SCHEMA tikmeter; CREATE TABLE tikmeter.session (theirs text)");
    assert!(refused(&file, &theirs).contains("another program"));
    theirs.run("SELECT theirs FROM tikmeter.session");

    let moved = Database::create();
    run(&file, &moved, go_on).unwrap();
    let told = refused(&file, &moved);
    assert!(told.contains("already, whole"), "{told}");
    assert!(Postgres::open(moved.url()).unwrap().verify().await.unwrap().is_clean());
}

#[tokio::test]
async fn two_installations_are_not_mixed() {
    let (_folder, file) = filled().await;
    let (_other_folder, other) = filled().await;
    let database = Database::create();
    let stopped = run(&file, &database, stop_at(|step| step.doing == Doing::Copying));
    assert_eq!(stopped.unwrap_err(), MoveError::Stopped);
    let told = refused(&other, &database);
    assert!(told.contains("of another installation") && told.contains(&*file.to_string_lossy()), "{told}");
    database.run("UPDATE tikmeter.moving SET migration = migration - 1");
    let told = refused(&file, &database);
    assert!(told.contains("another version of this program"), "{told}");
    database.run("UPDATE tikmeter.moving SET migration = migration + 1");
    run(&file, &database, go_on).unwrap();
    assert_same(&file, &database);
}

#[tokio::test]
async fn a_file_that_cannot_be_moved_is_told_and_nothing_is_made() {
    let (folder, file) = filled().await;
    let database = Database::create();
    let told = refused(&folder.path().join("nowhere.db"), &database);
    assert!(told.contains("there is no file") && !folder.path().join("nowhere.db.lock").exists(), "{told}");
    let empty = folder.path().join("empty.db");
    std::fs::write(&empty, "").unwrap();
    assert!(refused(&empty, &database).contains("no tables of Tikmeter"));

    let store = Sqlite::open(&file).unwrap();
    let told = run(&file, &database, go_on).unwrap_err();
    assert!(matches!(&told, MoveError::Source(StoreError::InUse { .. })), "{told}");
    drop(store);

    let person = Connection::open(&file).unwrap();
    let version: i64 = person.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    person.pragma_update(None, "user_version", version - 1).unwrap();
    let told = refused(&file, &database);
    assert!(told.contains(&format!("version {}", version - 1)) && told.contains("tikmeter serve"), "{told}");
    person.pragma_update(None, "user_version", 9999).unwrap();
    assert!(refused(&file, &database).contains("use the newer program"));
    person.pragma_update(None, "user_version", version).unwrap();
    drop(person);
    assert!(!has_schema(&database));

    damage(&file);
    let told = run(&file, &database, go_on).unwrap_err();
    assert!(matches!(&told, MoveError::Source(StoreError::Corrupt(_))), "{told}");
    assert!(!has_schema(&database));
}

/// Writes over the begin of a page in the middle.
fn damage(file: &Path) {
    let mut file = std::fs::OpenOptions::new().write(true).open(file).unwrap();
    file.seek(SeekFrom::Start(5 * 4096)).unwrap();
    file.write_all(&[0x5a; 64]).unwrap();
}

#[tokio::test]
async fn while_a_move_runs_nobody_else_uses_either_side() {
    let (folder, file) = filled().await;
    let database = Database::create();
    let copy = folder.path().join("copy.db");
    drop(Sqlite::open(&file).unwrap());
    std::fs::copy(&file, &copy).unwrap();
    let mut seen = Vec::new();
    run(&file, &database, |step| {
        if seen.is_empty() && step.table == "ledger_entry" {
            seen.push(Sqlite::open(&file).err().unwrap().to_string());
            seen.push(Postgres::open(database.url()).err().unwrap().to_string());
            seen.push(refused(&copy, &database));
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    let words = ["is in use by process", "is being moved into it", "another command moves into"];
    assert!(seen.iter().zip(words).all(|(told, words)| told.contains(words)), "{seen:#?}");
    assert_same(&file, &database);
}

/// As a move leaves it that was killed before its tables were made.
#[tokio::test]
async fn a_move_of_which_only_the_marker_is_there_goes_on() {
    let (_folder, file) = filled().await;
    let database = Database::create();
    let stopped = run(&file, &database, stop_at(|step| step.doing == Doing::Copying));
    assert_eq!(stopped.unwrap_err(), MoveError::Stopped);
    database.run(
        "DO $$ DECLARE one text; BEGIN
             FOR one IN SELECT relname FROM pg_class WHERE relnamespace = 'tikmeter'::regnamespace
                 AND relkind IN ('r', 'p') AND NOT relispartition AND relname NOT LIKE 'moving%'
             LOOP EXECUTE 'DROP TABLE tikmeter.' || one || ' CASCADE'; END LOOP;
         END $$;
         DROP FUNCTION tikmeter.audit_keeps_rows, tikmeter.ledger_is_late;
         DROP SEQUENCE tikmeter.ledger_late;
         DELETE FROM tikmeter.moving_chunk;
         UPDATE tikmeter.moving SET is_emptied = false",
    );
    assert!(Postgres::open(database.url()).err().unwrap().to_string().contains("is being moved into it"));
    run(&file, &database, go_on).unwrap();
    assert_same(&file, &database);
}

#[tokio::test]
async fn a_text_that_postgresql_cannot_hold_is_told_with_its_row() {
    let (_folder, file) = filled().await;
    let database = Database::create();
    let person = Connection::open(&file).unwrap();
    person.execute("UPDATE subscriber SET note = 'a' || char(0) WHERE username = 'shop'", []).unwrap();
    let sql = "SELECT id FROM subscriber WHERE username = 'shop'";
    let id: String = person.query_row(sql, [], |row| row.get(0)).unwrap();
    drop(person);
    let told = refused(&file, &database);
    assert!(told.contains(&format!("the note of the row of subscriber whose \"id\" is {id}")), "{told}");
    assert!(told.contains("Serve with it and change that"), "{told}");
}
