//! Another key for the vault: whatever a kill leaves of the change, every password stays readable, and the change is carried on.

use std::fs::Permissions;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use operations::{FoundKeys, KeyPlace, OperationError, Operations, Vault};
use secrecy::ExposeSecret;

use crate::bench::{Bench, router};

/// A house whose key is in a file.
struct House {
    folder: tempfile::TempDir,
    bench: Bench,
}

impl House {
    /// With two routers.
    async fn new() -> House {
        let folder = tempfile::tempdir().unwrap();
        let mut house = House { bench: Bench::new(), folder };
        house.place().make().unwrap();
        house.start();
        for name in ["hill", "tower"] {
            house.operations().add_router("eva", router(name)).await.unwrap();
        }
        house
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn place(&self) -> KeyPlace {
        KeyPlace::File(self.file("key"))
    }

    /// As a start does: with the keys that are there.
    fn start(&mut self) {
        let place = self.place();
        let found = place.read().unwrap().unwrap();
        self.bench.operations.vault = Arc::new(Vault::kept(found, place));
    }

    fn operations(&self) -> &Operations {
        &self.bench.operations
    }

    /// Every password is the right one, by the keys of now.
    async fn opens_all(&self) {
        for name in ["hill", "tower"] {
            let nas = self.operations().router(name).await.unwrap().nas;
            let password = self.operations().vault.password_of(&nas).unwrap();
            assert_eq!(password.expose_secret(), "pa55", "{name}");
        }
    }

    /// Every password is sealed with the key of the file alone, which nobody else can read.
    async fn is_settled(&mut self) {
        assert_eq!(names(self.folder.path()), ["key"]);
        assert_eq!(std::fs::metadata(self.file("key")).unwrap().mode() & 0o777, 0o600);
        self.start();
        self.opens_all().await;
        assert_eq!(self.operations().vault.older_fingerprint(), None);
    }

    async fn sealed(&self) -> Vec<Vec<u8>> {
        let routers = self.operations().store.list_nas().await.unwrap();
        routers.into_iter().map(|nas| nas.config.password.0).collect()
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    names
}

fn write_key(path: &Path, key: &[u8]) {
    std::fs::write(path, key).unwrap();
    std::fs::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
}

#[tokio::test]
async fn another_key_seals_all_anew_and_the_one_before_opens_nothing_more() {
    let mut house = House::new().await;
    let before = house.operations().vault.fingerprint();
    let (old_key, old_sealed) = (std::fs::read(house.file("key")).unwrap(), house.sealed().await);
    let now = house.operations().rotate_key("eva").await.unwrap();
    assert_ne!(now.fingerprint, before);
    assert_eq!((now.opens, now.lost.len(), now.older), (2, 0, None));
    assert!(now.since.is_some() && now.place == Some(house.place()));
    house.is_settled().await;
    let sealed = house.sealed().await;
    assert!(sealed.iter().all(|one| !old_sealed.contains(one)));
    assert_eq!(house.bench.journal().await.last().unwrap(), "eva key.rotate");

    write_key(&house.file("key"), &old_key);
    house.start();
    let told = house.operations().key_standing().await.unwrap();
    assert_eq!((told.fingerprint, told.opens, told.lost), (before, 0, vec!["hill".into(), "tower".into()]));
}

/// Each state that a kill can leave between two steps.
#[tokio::test]
async fn a_change_of_the_key_that_was_cut_short_anywhere_is_carried_on() {
    const NEW: [u8; 32] = [9; 32];
    for step in ["half written", "written", "named twice", "in place", "sealed anew"] {
        let mut house = House::new().await;
        let (key, new, old) = (house.file("key"), house.file("key.new"), house.file("key.old"));
        let before = std::fs::read(&key).unwrap();
        match step {
            "half written" => write_key(&new, &NEW[..7]),
            "written" => write_key(&new, &NEW),
            "named twice" => {
                write_key(&new, &NEW);
                std::fs::hard_link(&key, &old).unwrap();
            }
            "in place" => {
                write_key(&new, &NEW);
                std::fs::hard_link(&key, &old).unwrap();
                std::fs::rename(&new, &key).unwrap();
            }
            _ => {
                house.operations().rotate_key("eva").await.unwrap();
                write_key(&old, &before);
            }
        }
        house.start();
        house.opens_all().await;
        let sealed = house.operations().settle_key().await.unwrap();
        assert_eq!(sealed, if step == "in place" { 2 } else { 0 }, "{step}");
        assert!(!old.exists(), "{step}");
        house.opens_all().await;
        let is_new = std::fs::read(&key).unwrap() != before;
        assert_eq!(is_new, ["in place", "sealed anew"].contains(&step), "{step}");
        house.operations().rotate_key("eva").await.unwrap();
        house.is_settled().await;
    }
}

#[tokio::test]
async fn a_key_that_cannot_be_replaced_changes_nothing() {
    let mut house = House::new().await;
    let (fingerprint, sealed) = (house.operations().vault.fingerprint(), house.sealed().await);
    std::fs::create_dir(house.file("key.new")).unwrap();
    let refused = house.operations().rotate_key("eva").await.unwrap_err();
    assert!(matches!(&refused, OperationError::Vault(_)), "{refused}");
    assert_eq!(house.sealed().await, sealed);
    std::fs::remove_dir(house.file("key.new")).unwrap();
    house.is_settled().await;
    assert_eq!(house.operations().vault.fingerprint(), fingerprint);
}

/// Another process on the database, with a file of its own.
fn beside(house: &House, key: &Path) -> Operations {
    let place = KeyPlace::File(key.to_owned());
    let vault = Vault::kept(place.read().unwrap().unwrap(), place);
    Operations { vault: Arc::new(vault), ..house.operations().clone() }
}

#[tokio::test]
async fn another_process_takes_the_key_up_when_it_gets_the_file_and_seals_anew_what_it_sealed_meanwhile() {
    let mut house = House::new().await;
    let elsewhere = tempfile::tempdir().unwrap();
    let file = elsewhere.path().join("key");
    std::fs::copy(house.file("key"), &file).unwrap();
    let other = beside(&house, &file);
    house.operations().rotate_key("eva").await.unwrap();

    let nas = other.router("tower").await.unwrap().nas;
    let told = other.vault.password_of(&nas).unwrap_err().to_string();
    assert!(told.contains("tikmeter key rotate") && told.contains("copy that one's key here"), "{told}");
    assert!(!other.follow_key().await.unwrap(), "it has no other one yet");
    other.add_router("eva", router("shore")).await.unwrap();

    std::fs::copy(house.file("key"), &file).unwrap();
    assert!(other.follow_key().await.unwrap());
    assert_eq!(other.key_standing().await.unwrap().opens, 3);
    house.start();
    assert_eq!(house.operations().key_standing().await.unwrap().opens, 3, "also what was sealed meanwhile");
    house.is_settled().await;
}

#[tokio::test]
async fn a_key_that_opens_nothing_is_not_taken_up_and_one_that_is_gone_is_told() {
    let house = House::new().await;
    let (before, sealed) = (house.operations().vault.fingerprint(), house.sealed().await);
    let key = std::fs::read(house.file("key")).unwrap();
    write_key(&house.file("key"), &[4; 32]);
    let told = house.operations().follow_key().await.unwrap_err().to_string();
    assert!(told.contains("opens no password") && told.contains(&before), "{told}");
    std::fs::remove_file(house.file("key")).unwrap();
    let told = house.operations().follow_key().await.unwrap_err().to_string();
    assert!(told.contains("not there any more"), "{told}");
    house.opens_all().await;
    write_key(&house.file("key"), &key);
    assert!(!house.operations().follow_key().await.unwrap());
    assert_eq!(house.sealed().await, sealed);
}

/// The one in use would be in memory alone, and gone with a kill.
#[tokio::test]
async fn no_key_is_replaced_while_another_one_lies_in_its_place() {
    let house = House::new().await;
    let sealed = house.sealed().await;
    write_key(&house.file("key"), &[4; 32]);
    let refused = house.operations().rotate_key("eva").await.unwrap_err();
    assert!(
        matches!(&refused, OperationError::Conflict(text) if text.contains("nothing was changed")),
        "{refused}"
    );
    std::fs::remove_file(house.file("key")).unwrap();
    assert!(house.operations().rotate_key("eva").await.is_err());
    assert_eq!((house.sealed().await, names(house.folder.path())), (sealed, vec![]));
}

/// As after a backup of before was put back.
#[tokio::test]
async fn what_a_key_of_before_opens_is_sealed_anew_also_when_it_is_put_beside_later() {
    let mut house = House::new().await;
    let old = std::fs::read(house.file("key")).unwrap();
    write_key(&house.file("key"), &[6; 32]);
    house.start();
    assert_eq!(house.operations().key_standing().await.unwrap().opens, 0);
    write_key(&house.file("key.old"), &old);
    assert!(!house.operations().follow_key().await.unwrap(), "the key is the one it was");
    assert_eq!(house.operations().key_standing().await.unwrap().opens, 2);
    house.is_settled().await;
}

#[tokio::test]
async fn a_key_that_is_handed_over_is_replaced_by_handing_over_both() {
    let mut house = House::new().await;
    let folder = tempfile::tempdir().unwrap();
    let credential = folder.path().join("tikmeter.key");
    std::fs::copy(house.file("key"), &credential).unwrap();
    let handed = |house: &mut House| -> FoundKeys {
        let place = KeyPlace::of(Some(folder.path()), house.file("key"));
        let found = place.read().unwrap().unwrap();
        house.bench.operations.vault = Arc::new(Vault::kept(found.clone(), place));
        found
    };
    handed(&mut house);
    house.opens_all().await;
    let refused = house.operations().rotate_key("eva").await.unwrap_err();
    let told = refused.to_string();
    assert!(matches!(refused, OperationError::Conflict(_)) && told.contains("tikmeter.key.old"), "{told}");

    std::fs::rename(&credential, folder.path().join("tikmeter.key.old")).unwrap();
    write_key(&credential, &[8; 32]);
    let found = handed(&mut house);
    assert_eq!(house.operations().settle_key().await.unwrap(), 2);
    assert_eq!(house.bench.journal().await.last().unwrap(), "system key.rotate");
    assert!(folder.path().join("tikmeter.key.old").exists(), "it is not ours to remove");
    std::fs::remove_file(folder.path().join("tikmeter.key.old")).unwrap();
    assert_eq!(handed(&mut house).current.fingerprint(), found.current.fingerprint());
    house.opens_all().await;
}
