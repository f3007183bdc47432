//! The file of a SQLite store: its mode and its lock.

use std::os::unix::fs::PermissionsExt;

use store::{NasRepository, Sqlite, StoreError};

use crate::rounds::{act, router};

#[tokio::test]
async fn the_file_and_its_log_are_for_the_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tikmeter.db");
    std::fs::write(&path, b"").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let store = Sqlite::open(&path).unwrap();
    store.insert_nas(router("tower"), act("router.add")).await.unwrap();
    for name in ["tikmeter.db", "tikmeter.db-wal", "tikmeter.db-shm", "tikmeter.db.lock"] {
        let mode = std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[tokio::test]
async fn a_second_opener_is_told_who_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tikmeter.db");
    let store = Sqlite::open(&path).unwrap();
    let refused = Sqlite::open(&path).err().unwrap();
    assert_eq!(refused, StoreError::InUse { path: path.clone(), pid: std::process::id().to_string() });
    store.insert_nas(router("tower"), act("router.add")).await.unwrap();
    drop(store);
    let again = Sqlite::open(&path).unwrap();
    assert_eq!(again.list_nas().await.unwrap().len(), 1);
}
