//! Opening PostgreSQL: what is refused, in which words, and what is left alone.

use accounting::Octets;
use store::{
    AccountingRepository, InstallationRepository, NasId, NasRepository, Postgres, StoreError,
    VerifyRepository,
};

use crate::postgres_server::Database;
use crate::rounds::{act, entry, first, quiet, router, shared, times, tower};

/// A router's first round: one counter, one session, one entry.
pub(crate) async fn first_round(store: &Postgres) -> NasId {
    let (nas, version, ana) = tower(store).await;
    store.commit(nas, 1, version, shared(first(ana.id, None, Octets::new(10, 20)))).await.unwrap();
    nas
}

fn refused(database: &Database) -> String {
    Postgres::open(database.url()).err().unwrap().to_string()
}

#[tokio::test]
async fn what_was_written_is_there_when_it_is_opened_again() {
    let database = Database::create();
    let id = Postgres::open(database.url()).unwrap().installation().await.unwrap().id;
    assert_eq!(id.len(), 32);
    let store = Postgres::open(database.url()).unwrap();
    assert_eq!(store.installation().await.unwrap().id, id);
    first_round(&store).await;
    drop(store);
    let report = Postgres::open(database.url()).unwrap().verify().await.unwrap();
    assert!(report.is_clean() && report.entries_checked == 1, "{report:?}");
}

#[test]
fn tables_of_another_program_are_left_alone_and_never_taken_for_ours() {
    let database = Database::create();
    database.run("CREATE TABLE customers (id uuid); CREATE TABLE session (theirs text)");
    drop(Postgres::open(database.url()).unwrap());
    database.run("SELECT theirs FROM public.session");
    let other = Database::create();
    other.run("CREATE SCHEMA tikmeter; CREATE TABLE tikmeter.session (theirs text)");
    let told = refused(&other);
    assert!(told.contains("another program") && told.contains("Nothing was touched"), "{told}");
    other.run("SELECT theirs FROM tikmeter.session");
}

#[test]
fn a_newer_schema_is_refused() {
    let database = Database::create();
    drop(Postgres::open(database.url()).unwrap());
    database.run("INSERT INTO tikmeter.migration (number) VALUES (9999)");
    let error = Postgres::open(database.url()).err().unwrap();
    assert!(matches!(error, StoreError::TooNew { found: 9999, .. }), "{error}");
}

#[test]
fn an_encoding_that_cannot_hold_every_name_is_refused() {
    let database = Database::create_with("ENCODING 'LATIN1' TEMPLATE template0");
    let told = refused(&database);
    assert!(told.contains("LATIN1") && told.contains("--encoding=UTF8"), "{told}");
}

#[test]
fn a_user_who_may_only_read_is_told_which_switch_does_that() {
    let database = Database::create();
    let name = database.name().to_owned();
    database.run(&format!("ALTER DATABASE {name} SET default_transaction_read_only = on"));
    let told = refused(&database);
    assert!(told.contains("default_transaction_read_only is on for tests"), "{told}");
}

#[tokio::test]
async fn a_user_without_rights_is_told_what_to_run_and_that_helps() {
    let database = Database::create();
    let user = format!("{}_user", database.name());
    database.run(&format!("CREATE ROLE {user} LOGIN PASSWORD 'secret'"));
    let url = database.url_of(&user, "secret");
    let told = Postgres::open(&url).err().unwrap().to_string();
    let what_helps = format!("CREATE SCHEMA tikmeter AUTHORIZATION \"{user}\"");
    assert!(told.contains(&what_helps) && !told.contains("secret"), "{told}");
    database.run(&what_helps);
    first_round(&Postgres::open(&url).unwrap()).await;
    database.run(&format!("DROP OWNED BY {user} CASCADE; DROP ROLE {user}"));
}

#[test]
fn what_cannot_be_reached_is_told_with_what_to_do() {
    let database = Database::create();
    for (url, words) in [
        (database.url_of("tests", "wrong"), "password"),
        (database.url().replace("/test_", "/not_there_"), "createdb"),
        ("postgres://u:secret@127.0.0.1:1/db".to_owned(), "listens"),
    ] {
        let told = Postgres::open(&url).err().unwrap().to_string();
        assert!(told.contains(words) && !told.contains("secret"), "{told}");
    }
}

#[tokio::test]
async fn connections_that_the_server_ended_come_back() {
    let database = Database::create();
    let store = Postgres::open(database.url()).unwrap();
    store.list_nas().await.unwrap();
    database.end_all();
    store.insert_nas(router("tower"), act("router.add")).await.unwrap();
    assert_eq!(store.list_nas().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_month_of_the_ledger_is_made_by_its_first_entry() {
    let database = Database::create();
    let store = Postgres::open(database.url()).unwrap();
    let nas = first_round(&store).await;
    // Days later, in the same month, the next one, and one that a clock set wrong made.
    let version = store.bindings_version().await.unwrap();
    for (seq, days) in [(2, 1), (3, 20), (4, 40_000)] {
        let seconds = days * 86_400;
        let mut changes = quiet(seq, seconds);
        let line = entry(seq, 1, 1, Octets::new(1, 1), seconds);
        assert_eq!(line.to, times(seconds).at);
        changes.new_entries = vec![line];
        changes.session_octets = vec![(1, Octets::new(1, 1))];
        store.commit(nas, 1, version, shared(changes)).await.unwrap();
    }
    let sql = "SELECT relname::text FROM pg_class WHERE relispartition AND relkind = 'r' ORDER BY 1";
    let months: Vec<String> = database
        .ask(move |client| client.query(sql, &[]).unwrap().iter().map(|row| row.get(0)).collect::<Vec<_>>());
    assert_eq!(months, ["ledger_entry_2027_01", "ledger_entry_2027_02", "ledger_entry_2136_07"]);
}
