//! The file of a SQLite store: its mode and its lock.

use std::os::unix::fs::PermissionsExt;

use store::{InstallationRepository, NasRepository, Sqlite, StoreError};

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

/// What goes into a file that nobody finds again must not pass for written.
#[tokio::test]
async fn nothing_is_written_while_the_files_are_not_at_their_path() {
    for taken in ["tikmeter.db", "tikmeter.db-wal"] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tikmeter.db");
        let store = Sqlite::open(&path).unwrap();
        store.insert_nas(router("tower"), act("router.add")).await.unwrap();
        let (taken, away) = (folder.path().join(taken), folder.path().join("away"));
        std::fs::rename(&taken, &away).unwrap();
        let misplaced = StoreError::Misplaced { path: path.clone() };
        for replaced in [false, true] {
            if replaced {
                std::fs::copy(&away, &taken).unwrap();
            }
            assert_eq!(store.check_ready().await, Err(misplaced.clone()), "{replaced}");
            let refused = store.insert_nas(router("hill"), act("router.add")).await;
            assert_eq!(refused.unwrap_err(), misplaced, "{replaced}");
            assert_eq!(store.list_nas().await.unwrap().len(), 1, "what is there is still told");
        }
        std::fs::rename(&away, &taken).unwrap();
        store.check_ready().await.unwrap();
        store.insert_nas(router("hill"), act("router.add")).await.unwrap();
        drop(store);
        assert_eq!(Sqlite::open(&path).unwrap().list_nas().await.unwrap().len(), 2);
    }
}
