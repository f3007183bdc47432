//! Books that somebody changed behind the program's back.

use accounting::Octets;
use rusqlite::Connection;
use store::{AccountingRepository, Sqlite, VerifyRepository};

use crate::rounds::{act, first, shared, tower};

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
    let told =
        verdict_after("DROP TRIGGER audit_keeps_rows; UPDATE audit SET actor = 'x' WHERE seq = 1").await;
    assert_eq!(told, ["act 1 of the journal was changed, or one before it was"]);
    let told = verdict_after("DROP TRIGGER audit_keeps_all_rows; DELETE FROM audit WHERE seq = 1").await;
    assert!(told[0].contains("lacks the acts from 1 to 1"), "{told:?}");
}
