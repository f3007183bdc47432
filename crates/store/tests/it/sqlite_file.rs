//! The file of a SQLite store: its mode, its lock and its path.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::time::Duration;

use store::{
    InstallationRepository, Lease, LeaseRepository, NasRepository, Node, NodeRole, Sqlite, StoreError,
};

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

/// Nobody logs in there any more, and the key that opens them may be why there is a new one.
#[tokio::test]
async fn the_passwords_of_removed_routers_are_forgotten_when_others_are_sealed_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tikmeter.db");
    let store = Sqlite::open(&path).unwrap();
    store.insert_nas(router("tower"), act("router.add")).await.unwrap();
    let removed = store.insert_nas(router("hill"), act("router.add")).await.unwrap();
    store.remove_nas(removed, act("router.remove")).await.unwrap();
    store.reseal_nas(Vec::new(), act("key.rotate")).await.unwrap();
    drop(store);
    let file = rusqlite::Connection::open(&path).unwrap();
    let mut statement = file.prepare("SELECT name, password FROM nas ORDER BY name").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let rows: Vec<(String, Vec<u8>)> = rows.map(Result::unwrap).collect();
    assert_eq!(rows, [("hill".to_owned(), vec![]), ("tower".to_owned(), router("tower").password.0)]);
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

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    names
}

/// The log, the lock and all else lie beside the file, and whoever comes by another path meets the same lock.
#[tokio::test]
async fn a_link_leads_to_the_one_database() {
    let folder = tempfile::tempdir().unwrap();
    let [disk, data] = ["disk", "data"].map(|name| folder.path().join(name));
    for folder in [&disk, &data] {
        std::fs::create_dir(folder).unwrap();
    }
    let (path, link) = (disk.join("meter.db"), data.join("tikmeter.db"));
    drop(Sqlite::open(&path).unwrap());
    symlink("../disk/meter.db", &link).unwrap();
    let store = Sqlite::open(&link).unwrap();
    store.insert_nas(router("tower"), act("router.add")).await.unwrap();
    store.check_ready().await.unwrap();
    let in_use =
        StoreError::InUse { path: path.canonicalize().unwrap(), pid: std::process::id().to_string() };
    for other in [&path, &link, &data.join("../disk/meter.db")] {
        assert_eq!(Sqlite::open(other).err(), Some(in_use.clone()));
    }
    assert_eq!(names(&data), ["tikmeter.db"]);
    assert!(names(&disk).contains(&"meter.db-wal".to_owned()), "{:?}", names(&disk));
    drop(store);
    assert_eq!(Sqlite::open(&path).unwrap().list_nas().await.unwrap().len(), 1);
}

#[test]
fn a_link_that_leads_nowhere_and_a_second_name_are_refused_and_nothing_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let [path, link, circle] = ["meter.db", "link.db", "circle.db"].map(|name| folder.path().join(name));
    symlink(&path, &link).unwrap();
    symlink(&circle, &circle).unwrap();
    let told = Sqlite::open(&link).err().unwrap().to_string();
    assert!(told.contains("symbolic link to") && told.contains("where no file is"), "{told}");
    let told = Sqlite::open(&circle).err().unwrap().to_string();
    assert!(told.contains("leads to no file"), "{told}");
    assert_eq!(names(folder.path()), ["circle.db", "link.db"]);

    std::fs::write(&path, b"").unwrap();
    std::fs::hard_link(&path, folder.path().join("other.db")).unwrap();
    for name in [&path, &link] {
        let told = Sqlite::open(name).err().unwrap().to_string();
        assert!(told.contains("2 names (hard links)") && told.contains("Keep one name"), "{told}");
    }
    assert_eq!(std::fs::metadata(&path).unwrap().len(), 0, "nothing was touched");
    std::fs::remove_file(folder.path().join("other.db")).unwrap();
    Sqlite::open(&link).unwrap();
}

/// Whatever the host is called, also after a server that did not end in good order, and without writing anything.
#[tokio::test]
async fn whoever_has_the_file_polls_all_of_its_routers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tikmeter.db");
    let store = Sqlite::open(&path).unwrap();
    let nas = store.insert_nas(router("tower"), act("router.add")).await.unwrap();
    let written = || std::fs::metadata(folder.path().join("tikmeter.db-wal")).unwrap().len();
    let before = written();
    for name in ["container-1", "container-2"] {
        let node = Node::new(name, NodeRole::All);
        store.join(node.clone(), Duration::from_secs(15)).await.unwrap();
        store.say_alive(node.clone(), Duration::from_secs(15)).await.unwrap();
        let leases = store.share_out(node).await.unwrap();
        assert_eq!(
            (&leases.held[..], leases.others, leases.leads),
            (&[Lease { nas, epoch: 1 }][..], 0, true)
        );
    }
    assert_eq!((written(), store.nodes().await.unwrap()), (before, vec![]));
}
