//! Books that somebody changed behind the program's back.

use accounting::Octets;
use rusqlite::Connection;
use store::{AccountingRepository, NasRepository, NewNas, Sqlite, VerifyRepository};

use crate::operators::{bound_to, nothing_is_reached};
use crate::rounds::{act, first, router, shared, tower};

async fn verdict_after(sql: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tikmeter.db");
    let store = Sqlite::open(&path).unwrap();
    let (nas, version, ana) = tower(&store).await;
    store.commit(nas, 1, version, shared(first(ana.id, None, Octets::new(5, 5)))).await.unwrap();
    store::AuditRepository::append_audit(&store, act("last")).await.unwrap();
    assert!(store.verify().await.unwrap().is_clean());
    Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    store.verify().await.unwrap().mismatches
}

#[tokio::test]
async fn a_changed_entry_is_found() {
    let told = verdict_after("UPDATE ledger_entry SET delta_input = 6").await;
    assert!(told.iter().any(|text| text.contains("entry 1 adds 6/5 octets")), "{told:?}");
    assert!(told.iter().any(|text| text.contains("session 1")), "{told:?}");
}

#[tokio::test]
async fn a_lost_entry_and_a_lost_session_are_found() {
    let told = verdict_after("DELETE FROM ledger_entry").await;
    assert!(told[0].contains("its entries add up to 0 and 0"), "{told:?}");
    let told = verdict_after("DELETE FROM session").await;
    assert!(told[0].contains("the session 1, which is not there"), "{told:?}");
}

/// Adds a login and has `what` be of it.
fn of_login(what: &str, (kind, name, scope, scope_id): (&str, &str, &str, i64)) -> String {
    format!(
        "INSERT INTO login (kind, name, scope, scope_id) VALUES ('{kind}', CAST('{name}' AS BLOB), '{scope}', {scope_id});
         UPDATE {what} SET login_id = last_insert_rowid();"
    )
}

#[tokio::test]
async fn an_entry_that_was_moved_is_found() {
    let told = verdict_after("UPDATE ledger_entry SET bucket = bucket + 1").await;
    assert_eq!(
        told,
        ["router tower: entry 1 ended in another quarter of an hour than the one it is kept in"]
    );
    for (login, what) in [
        (("ppp", "bob", "router", 1), "the login bob, its session of the login ana"),
        (("hotspot", "ana", "router", 1), "the login ana, its session of the login ana"),
        (("ppp", "ana", "router", 9), "the login ana, its session of the login ana"),
    ] {
        let told = verdict_after(&of_login("ledger_entry", login)).await;
        assert_eq!(told, [format!("router tower: entry 1 is of {what}")], "{login:?}");
    }
    let told = verdict_after("UPDATE ledger_entry SET login_id = NULL").await;
    assert!(told.contains(&"router tower: entry 1 is of nobody, its session of the login ana".to_owned()));
    let told = verdict_after("UPDATE ledger_entry SET session_no = NULL").await;
    assert!(told.contains(&"router tower: entry 1 is of the login ana, its session of nobody".to_owned()));
}

#[tokio::test]
async fn a_session_under_another_row_of_its_login_is_no_damage() {
    for login in [("ppp", "ana", "all", 0), ("ppp", "ana", "group", 4)] {
        assert_eq!(verdict_after(&of_login("session", login)).await, [""; 0], "{login:?}");
    }
    let renamed = "UPDATE login SET kind = 'hotspot';".to_owned();
    let renamed = renamed + &of_login("session", ("hotspot", "bob", "router", 1));
    assert_eq!(verdict_after(&renamed).await, [""; 0]);
}

#[tokio::test]
async fn what_a_counter_is_said_to_have_moved_as_nobodys_must_be_in_its_entries() {
    let told = verdict_after("UPDATE counter SET unattributed_output = 3").await;
    assert_eq!(
        told,
        ["router tower: counter 1 is stored to have moved 0/3 octets of nobody, its entries say 0/0"]
    );
    // Where entries were folded, what they said is not known any more; less than the others say is wrong all the same.
    let folded = "UPDATE nas SET chain_from = 2; UPDATE counter SET unattributed_output = 3";
    assert_eq!(verdict_after(folded).await, [""; 0]);
    let told = verdict_after("UPDATE ledger_entry SET login_id = NULL, session_no = NULL").await;
    assert!(told.iter().any(|text| text.contains("0/0 octets of nobody, its entries say 5/5")), "{told:?}");
}

#[tokio::test]
async fn a_changed_act_is_found_and_plain_sql_cannot_change_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tikmeter.db");
    let store = Sqlite::open(&path).unwrap();
    tower(&store).await;
    let other = Connection::open(&path).unwrap();
    for sql in ["UPDATE audit SET actor = 'x'", "DELETE FROM audit"] {
        assert!(other.execute_batch(sql).unwrap_err().to_string().contains("append-only"));
    }
    for column in ["actor", "origin", "detail"] {
        let sql = format!("DROP TRIGGER audit_keeps_rows; UPDATE audit SET {column} = 'x' WHERE seq = 1");
        let told = verdict_after(&sql).await;
        assert_eq!(told, ["act 1 of the journal was changed, or one before it was"], "{column}");
    }
    let told = verdict_after("DROP TRIGGER audit_keeps_all_rows; DELETE FROM audit WHERE seq = 1").await;
    assert!(told[0].contains("lacks the acts from 1 to 1"), "{told:?}");
}

/// No statement of the program removes a group; a row that names one which is not there binds all the same.
#[tokio::test]
async fn who_is_bound_to_a_group_that_is_gone_reaches_no_router() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tikmeter.db");
    let store = Sqlite::open(&path).unwrap();
    let tower = NewNas { group: Some("north".to_owned()), ..router("tower") };
    store.insert_nas(tower, act("router.add")).await.unwrap();
    bound_to(&store, "north").await;
    let gone = "PRAGMA foreign_keys = OFF; UPDATE nas SET group_id = NULL; DELETE FROM nas_group;";
    Connection::open(&path).unwrap().execute_batch(gone).unwrap();
    nothing_is_reached(&store).await;
}
