//! Backups: made beside a server, put back into either database, to the octet; damaged, foreign and newer ones change nothing.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use accounting::Octets;
use rusqlite::Connection;
use secrecy::SecretString;
use store::{
    AccountingRepository, AuditQuery, AuditRepository, Backup, BackupError, BackupOrigin, Checked,
    CommitError, InstallationRepository, Loaded, MoveStep, NasRepository, Postgres, Reach, Restore,
    RestoreTarget, Restored, Sqlite, Store, UsageQuery, VerifyRepository, check_backup, read_backup_header,
};
use tempfile::TempDir;

use crate::filled::fill;
use crate::moving::{Rows, of_file, of_postgres};
use crate::postgres_server::Database;
use crate::rounds::{BEGIN, act, entry, first, quiet, shared, tower};

/// What a restore changes on purpose.
const CHANGED: [&str; 6] = ["nas", "node", "nas_status", "nas_listed", "nas_rates", "audit"];

fn passphrase() -> SecretString {
    "correct horse".into()
}

fn made(origin: &BackupOrigin, to: &Path) -> Checked {
    Backup::new(origin, BEGIN).write(to).unwrap()
}

fn restored(backup: &Path, target: &RestoreTarget, replace: bool) -> Result<Restored, BackupError> {
    let mut watch = |_: MoveStep| ControlFlow::Continue(());
    Restore::new(backup, target, act("backup.restore")).replacing(replace).run(&mut watch)
}

fn file_target(file: &Path) -> RestoreTarget {
    RestoreTarget::Sqlite(file.to_owned())
}

fn postgres_target(database: &Database, folder: &Path) -> RestoreTarget {
    RestoreTarget::Postgres { url: database.url().to_owned(), by_way_of: folder.join("way.db") }
}

/// A folder, an open database in it in which every table has rows, and where it is.
async fn served() -> (TempDir, Sqlite, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tikmeter.db");
    let store = Sqlite::open(&file).unwrap();
    fill(&store).await;
    (folder, store, file)
}

/// The same rows, apart from what is to be another one: fences, processes, one act more.
fn assert_restored(before: &Rows, after: &Rows) {
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    for (table, rows) in before.iter().filter(|(table, _)| !CHANGED.contains(&table.as_str())) {
        assert_eq!(&after[table], rows, "{table}");
    }
    assert_eq!(after["audit"].len(), before["audit"].len() + 1);
    assert_eq!(after["nas"].len(), before["nas"].len());
    assert!(["node", "nas_status"].iter().all(|table| after[*table].is_empty()));
}

fn epochs(file: &Path) -> Vec<i64> {
    let file = Connection::open(file).unwrap();
    let mut epochs = file.prepare("SELECT lease_epoch FROM nas ORDER BY id").unwrap();
    epochs.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

fn nas_but_fences(rows: &Rows) -> usize {
    rows["nas"].iter().flatten().flatten().filter(|cell| cell.contains(".example")).count()
}

#[tokio::test]
async fn a_backup_that_is_made_beside_a_server_brings_every_row_back() {
    let (folder, store, file) = served().await;
    let backup = folder.path().join("one.backup");
    let checked = made(&BackupOrigin::Sqlite(file.clone()), &backup);
    assert_eq!(check_backup(&backup, None).as_ref(), Ok(&checked));
    let header = read_backup_header(&backup, None).unwrap().unwrap();
    assert_eq!((&header, header.at), (&checked.header, BEGIN));
    let usage = store.usage_of_all().await;
    drop(store);
    let (before, new) = (of_file(&file), folder.path().join("new.db"));
    let back = restored(&backup, &file_target(&new), false).unwrap();
    assert_eq!((back.aside, back.mismatches), (None, vec![]));
    assert_restored(&before, &of_file(&new));
    assert_eq!(nas_but_fences(&of_file(&new)), nas_but_fences(&before));
    let one_more: Vec<i64> = epochs(&file).iter().map(|epoch| epoch + 1).collect();
    assert_eq!(epochs(&new), one_more);
    let store = Sqlite::open(&new).unwrap();
    assert!(store.verify().await.unwrap().is_clean());
    assert_eq!(store.usage_of_all().await, usage);
    let newest = store
        .list_audit(AuditQuery { limit: 1, reach: Reach::Everywhere, ..AuditQuery::default() })
        .await
        .unwrap();
    assert_eq!(newest[0].act, act("backup.restore"));
}

/// All totals, as text.
trait UsageOfAll {
    async fn usage_of_all(&self) -> String;
}

impl<S: Store> UsageOfAll for S {
    async fn usage_of_all(&self) -> String {
        let query = UsageQuery {
            buckets: i64::MIN..i64::MAX,
            router: None,
            username: None,
            subscriber: None,
            reach: Reach::Everywhere,
        };
        let rows = self.usage(query).await.unwrap();
        assert!(!rows.is_empty());
        format!("{rows:?}")
    }
}

#[tokio::test]
async fn counting_goes_on_without_a_gap_or_a_double_and_who_was_at_work_before_is_fenced_off() {
    let folder = tempfile::tempdir().unwrap();
    let (file, new) = (folder.path().join("tikmeter.db"), folder.path().join("new.db"));
    let store = Sqlite::open(&file).unwrap();
    let (nas, version, login) = tower(&store).await;
    let epoch = store.load(nas).await.unwrap().lease_epoch;
    let round = shared(first(login.id, login.cycle, Octets { input: 10, output: 1_000 }));
    store.commit(nas, epoch, version, round).await.unwrap();
    let before = store.load(nas).await.unwrap();
    let backup = folder.path().join("one.backup");
    made(&BackupOrigin::Sqlite(file), &backup);

    restored(&backup, &file_target(&new), false).unwrap();
    let back = Sqlite::open(&new).unwrap();
    let loaded = back.load(nas).await.unwrap();
    assert_eq!(loaded.lease_epoch, epoch + 1);
    assert_eq!(loaded, Loaded { lease_epoch: epoch + 1, ..before }, "every baseline is the same");
    let mut grown = quiet(2, 60);
    grown.new_entries.push(entry(2_000, 1, login.id, Octets { input: 5, output: 50 }, 60));
    let stale = back.commit(nas, epoch, version, shared(grown.clone())).await;
    assert_eq!(stale, Err(CommitError::Fenced), "a process of before the restore");
    assert_eq!(back.usage_of_all().await, store.usage_of_all().await);
    let again = shared(first(login.id, login.cycle, Octets { input: 10, output: 1_000 }));
    let twice = back.commit(nas, epoch + 1, version, again).await;
    assert_eq!(twice, Err(CommitError::Fenced), "the round that is in the backup");
    back.commit(nas, epoch + 1, version, shared(quiet(2, 60))).await.unwrap();
}

#[tokio::test]
async fn a_backup_of_sqlite_goes_into_postgresql_and_back() {
    let (folder, store, file) = served().await;
    let backup = folder.path().join("one.backup");
    made(&BackupOrigin::Sqlite(file.clone()), &backup);
    drop(store);
    let database = Database::create();
    restored(&backup, &postgres_target(&database, folder.path()), false).unwrap();
    assert!(!folder.path().join("way.db.restoring").exists());
    let there = of_postgres(&database);
    assert_restored(&of_file(&file), &there);

    let (second, new) = (folder.path().join("two.backup"), folder.path().join("new.db"));
    let served = Postgres::open(database.url()).unwrap();
    made(&BackupOrigin::Postgres(database.url().to_owned()), &second);
    let usage = served.usage_of_all().await;
    restored(&second, &file_target(&new), false).unwrap();
    assert_restored(&there, &of_file(&new));
    let back = Sqlite::open(&new).unwrap();
    assert_eq!(back.usage_of_all().await, usage);
    assert_eq!(back.installation().await, served.installation().await);
    let ids = |store: Box<dyn Store>| async move {
        store.insert_nas(crate::rounds::router("last"), act("router.add")).await.unwrap()
    };
    assert_eq!(ids(Box::new(back)).await, ids(Box::new(served)).await, "new ids go on behind the highest");
}

#[tokio::test]
async fn whatever_octet_is_changed_or_cut_off_it_is_refused_and_nothing_is_written() {
    let (folder, store, file) = served().await;
    let (backup, bad, new) =
        ["one.backup", "bad.backup", "new.db"].map(|name| folder.path().join(name)).into();
    made(&BackupOrigin::Sqlite(file), &backup);
    drop(store);
    let whole = std::fs::read(&backup).unwrap();
    for at in (0..whole.len()).step_by(whole.len() / 97) {
        let mut flipped = whole.clone();
        flipped[at] ^= 1;
        for content in [&flipped[..], &whole[..at]] {
            std::fs::write(&bad, content).unwrap();
            check_backup(&bad, None).unwrap_err();
        }
        restored(&bad, &file_target(&new), false).unwrap_err();
        assert!(!new.exists() && !folder.path().join("new.db.restoring").exists(), "octet {at}");
    }
    std::fs::write(&bad, [&whole[..], b"x"].concat()).unwrap();
    assert!(check_backup(&bad, None).unwrap_err().to_string().contains("something follows"));
}

#[tokio::test]
async fn one_of_a_newer_program_is_refused() {
    let (folder, store, file) = served().await;
    let backup = folder.path().join("one.backup");
    made(&BackupOrigin::Sqlite(file), &backup);
    drop(store);
    let mut content = std::fs::read(&backup).unwrap();
    content[16] = 2;
    std::fs::write(&backup, &content).unwrap();
    let refused = restored(&backup, &file_target(&folder.path().join("new.db")), false).unwrap_err();
    assert_eq!(refused, BackupError::TooNew { what: "the file", found: 2, known: 1 });
    // The header: its frame, the version of the program as text, then the number of its tables' version.
    content[16] = 1;
    let number = 18 + 5 + 9 + env!("CARGO_PKG_VERSION").len() + 1 + 7;
    content[number] += 100;
    std::fs::write(&backup, &content).unwrap();
    let refused = restored(&backup, &file_target(&folder.path().join("new.db")), false).unwrap_err();
    assert!(matches!(refused, BackupError::TooNew { what: "the tables", .. }), "{refused}");
    assert!(!folder.path().join("new.db").exists());
}

#[tokio::test]
async fn a_database_that_holds_something_or_is_in_use_stays_unless_it_is_put_aside() {
    let (folder, store, file) = served().await;
    let backup = folder.path().join("one.backup");
    made(&BackupOrigin::Sqlite(file.clone()), &backup);
    let in_use = restored(&backup, &file_target(&file), true).unwrap_err().to_string();
    assert!(in_use.contains("is in use by process"), "{in_use}");
    store.insert_nas(crate::rounds::router("later"), act("router.add")).await.unwrap();
    drop(store);
    let before = of_file(&file);
    let refused = restored(&backup, &file_target(&file), false).unwrap_err().to_string();
    assert!(refused.contains("--replace") && refused.contains("nothing was touched"), "{refused}");
    assert_eq!(of_file(&file), before);
    let highest = epochs(&file).into_iter().max().unwrap();
    let back = restored(&backup, &file_target(&file), true).unwrap();
    let aside = PathBuf::from(back.aside.unwrap());
    assert_eq!(of_file(&aside), before, "what was there is whole");
    assert_eq!(of_file(&file)["nas"].len() + 1, before["nas"].len());
    assert!(epochs(&file).into_iter().all(|epoch| epoch > highest));
}

#[tokio::test]
async fn a_postgresql_database_at_work_stays_and_an_idle_one_is_put_aside() {
    let (folder, store, file) = served().await;
    let backup = folder.path().join("one.backup");
    made(&BackupOrigin::Sqlite(file), &backup);
    drop(store);
    let database = Database::create();
    let served = Postgres::open(database.url()).unwrap();
    let target = postgres_target(&database, folder.path());
    let refused = restored(&backup, &target, false).unwrap_err().to_string();
    assert!(refused.contains("--replace"), "{refused}");
    let refused = restored(&backup, &target, true).unwrap_err().to_string();
    assert!(refused.contains("at work on the database"), "{refused}");
    let there = served.installation().await.unwrap();
    drop(served);
    // The server may need a moment to notice that nobody is there any more.
    let mut back = restored(&backup, &target, true);
    for _ in 0..600 {
        let is_seen_yet = |error: &BackupError| error.to_string().contains("at work on the database");
        if !back.as_ref().is_err_and(is_seen_yet) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
        back = restored(&backup, &target, true);
    }
    let back = back.unwrap();
    assert_eq!(back.aside.as_deref(), Some("the schema tikmeter_before_restore_1"));
    assert_ne!(Postgres::open(database.url()).unwrap().installation().await.unwrap().id, there.id);
}

#[tokio::test]
async fn a_half_restored_database_is_not_served_and_the_next_attempt_ends_whole() {
    let (folder, store, file) = served().await;
    let (backup, new) = (folder.path().join("one.backup"), folder.path().join("new.db"));
    made(&BackupOrigin::Sqlite(file), &backup);
    drop(store);
    std::fs::write(folder.path().join("new.db.restoring"), b"half").unwrap();
    let refused = Sqlite::open(&new).err().unwrap().to_string();
    assert!(refused.contains("tikmeter backup restore` again") && !new.exists(), "{refused}");
    restored(&backup, &file_target(&new), false).unwrap();
    assert!(Sqlite::open(&new).unwrap().verify().await.unwrap().is_clean());

    let database = Database::create();
    let target = postgres_target(&database, folder.path());
    let mut steps = 0;
    let mut stop = |_: MoveStep| {
        steps += 1;
        if steps > 9 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let cut = Restore::new(&backup, &target, act("backup.restore")).run(&mut stop);
    assert!(matches!(cut, Err(BackupError::Moving(_))), "{cut:?}");
    let refused = Postgres::open(database.url()).err().unwrap().to_string();
    assert!(refused.contains("tikmeter backup restore"), "{refused}");
    restored(&backup, &target, false).unwrap();
    assert_restored(&of_file(&folder.path().join("tikmeter.db")), &of_postgres(&database));
}

#[tokio::test]
async fn a_sealed_backup_says_nothing_without_its_passphrase() {
    let (folder, store, file) = served().await;
    let backup = folder.path().join("one.backup");
    let origin = BackupOrigin::Sqlite(file);
    let checked = Backup::new(&origin, BEGIN).sealed_with(Some(&passphrase())).write(&backup).unwrap();
    drop(store);
    let content = std::fs::read(&backup).unwrap();
    assert!(!content.windows(5).any(|five| five == b"tower"), "names are readable in it");
    assert_eq!(read_backup_header(&backup, None), Ok(None));
    let refused = check_backup(&backup, None).unwrap_err().to_string();
    assert!(refused.contains("--passphrase-file"), "{refused}");
    check_backup(&backup, Some(&"another one".into())).unwrap_err();
    assert_eq!(check_backup(&backup, Some(&passphrase())), Ok(checked));
    let mut watch = |_: MoveStep| ControlFlow::Continue(());
    let (new, right) = (file_target(&folder.path().join("new.db")), passphrase());
    let restore = Restore::new(&backup, &new, act("backup.restore")).opened_with(Some(&right));
    assert_eq!(restore.run(&mut watch).unwrap().mismatches, Vec::<String>::new());
}

#[tokio::test]
async fn a_backup_replaces_no_file_and_leaves_none_that_is_half() {
    let (folder, _store, file) = served().await;
    let (backup, origin) = (folder.path().join("one.backup"), BackupOrigin::Sqlite(file));
    std::fs::write(&backup, b"somebody's").unwrap();
    let refused = Backup::new(&origin, BEGIN).write(&backup).unwrap_err().to_string();
    assert!(refused.contains("replaces none"), "{refused}");
    assert_eq!(std::fs::read(&backup).unwrap(), b"somebody's");
    assert!(!folder.path().join("one.backup.part").exists());
    let nowhere = BackupOrigin::Sqlite(folder.path().join("nowhere.db"));
    Backup::new(&nowhere, BEGIN).write(&folder.path().join("two.backup")).unwrap_err();
    assert!(!folder.path().join("two.backup").exists());
}
