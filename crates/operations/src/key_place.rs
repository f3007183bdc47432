//! Where the vault's key is kept: in a file of the data folder, or among the credentials that the service manager hands over.
//!
//! A key in a file is replaced in steps of which each leaves the passwords readable, wherever a kill falls: the new one is written
//! beside (`key.new`), the present one gets a second name (`key.old`), the new one takes its place, passwords are sealed anew in
//! one transaction, and when they were read back `key.old` goes. As long as there is one, what it sealed is sealed anew.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use accounting::time::Micros;
use store::what_mends;

use crate::vault_cipher::{KEY_LEN, Key};
use crate::vault_error::VaultError;
use crate::whole_file::{sync_folder, write_beside};

/// Mode bits that let anybody but the owner at a file.
const OTHERS: u32 = 0o077;
/// The same of a credential: the service manager lets the service's user read it by an access list, which shows as the group's bits.
const EVERYBODY: u32 = 0o007;
/// The name of the credential.
pub const KEY_CREDENTIAL: &str = "tikmeter.key";

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyPlace {
    /// A file that is this program's own.
    File(PathBuf),
    /// A file that another one hands over, and that only that one can replace.
    Credential(PathBuf),
}

/// The keys of a place.
#[derive(Clone, Debug)]
pub struct FoundKeys {
    /// With which is sealed.
    pub current: Key,
    /// With which passwords may be sealed still.
    pub older: Option<Key>,
}

impl KeyPlace {
    /// Among the credentials of a folder, where one is there, else in that file.
    pub fn of(credentials: Option<&Path>, file: PathBuf) -> KeyPlace {
        let credential = credentials.map(|folder| folder.join(KEY_CREDENTIAL)).filter(|path| path.exists());
        credential.map_or(KeyPlace::File(file), KeyPlace::Credential)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        match self {
            KeyPlace::File(path) | KeyPlace::Credential(path) => path,
        }
    }

    /// The keys that are there; `None` where there is none.
    ///
    /// # Errors
    /// `KeyFile` when a file cannot be read, is readable by others, or is not a key.
    pub fn read(&self) -> Result<Option<FoundKeys>, VaultError> {
        let Some(current) = self.key_in(self.path())? else { return Ok(None) };
        Ok(Some(FoundKeys { current, older: self.key_in(&self.older())? }))
    }

    /// A new key, in a file that was not there before.
    ///
    /// # Errors
    /// `KeyFile` when the file is there already or cannot be made, or where it is not ours to make.
    pub fn make(&self) -> Result<FoundKeys, VaultError> {
        let (path, key): (&Path, [u8; KEY_LEN]) = (self.own()?, rand::random());
        put(path, &key).map_err(|error| cannot(path, "made", &error))?;
        Ok(FoundKeys { current: Key::of(key), older: None })
    }

    /// Puts a new key into the place of the present one, which stays beside.
    ///
    /// # Errors
    /// `KeyFile` when it cannot be; then the present one is where it was.
    pub(crate) fn replace(&self) -> Result<Key, VaultError> {
        let (path, key): (&Path, [u8; KEY_LEN]) = (self.own()?, rand::random());
        swap(path, &self.older(), &key).map_err(|error| cannot(path, "replaced", &error))?;
        Ok(Key::of(key))
    }

    /// Removes the key before, with which nothing is sealed any more. One that is handed over stays.
    ///
    /// # Errors
    /// `KeyFile` when it cannot be removed.
    pub(crate) fn drop_older(&self) -> Result<(), VaultError> {
        let (KeyPlace::File(path), older) = (self, self.older()) else { return Ok(()) };
        let removed = remove(&older).and_then(|()| sync_folder(path));
        removed.map_err(|error| cannot(&older, "removed", &error))
    }

    /// Since when the key is the one it is, where that shows.
    pub(crate) fn since(&self) -> Option<Micros> {
        let KeyPlace::File(path) = self else { return None };
        let metadata = path.metadata().ok()?;
        Some(Micros(metadata.mtime() * 1_000_000 + metadata.mtime_nsec() / 1_000))
    }

    fn older(&self) -> PathBuf {
        let mut name = self.path().as_os_str().to_owned();
        name.push(".old");
        PathBuf::from(name)
    }

    fn own(&self) -> Result<&Path, VaultError> {
        match self {
            KeyPlace::File(path) => Ok(path),
            KeyPlace::Credential(path) => Err(VaultError::KeyFile(format!(
                "the key is the credential {}, which is not this program's to make or replace; nothing was changed",
                path.display()
            ))),
        }
    }

    fn key_in(&self, path: &Path) -> Result<Option<Key>, VaultError> {
        match File::open(path) {
            Ok(file) => self.read_key(file, path).map(Some),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(cannot(path, "read", &error)),
        }
    }

    fn read_key(&self, mut file: File, path: &Path) -> Result<Key, VaultError> {
        let mode = file.metadata().map_err(|error| cannot(path, "read", &error))?.mode();
        if mode & self.closed_to() != 0 {
            return Err(VaultError::KeyFile(format!(
                "the key file {0} can be read by others; nothing was opened, run: chmod 600 {0}",
                path.display()
            )));
        }
        let mut key = Vec::new();
        file.read_to_end(&mut key).map_err(|error| cannot(path, "read", &error))?;
        let key: [u8; KEY_LEN] = key.try_into().map_err(|_| no_key(path))?;
        Ok(Key::of(key))
    }

    fn closed_to(&self) -> u32 {
        match self {
            KeyPlace::File(_) => OTHERS,
            KeyPlace::Credential(_) => EVERYBODY,
        }
    }
}

/// A second name instead of a move: it is refused where a key is already.
fn put(path: &Path, key: &[u8]) -> std::io::Result<()> {
    let new = write_beside(path, key)?;
    let named = std::fs::hard_link(&new, path);
    std::fs::remove_file(&new)?;
    named?;
    // Passwords sealed with a key that is lost in a power cut would be lost too.
    sync_folder(path)
}

/// At no moment there is no key under the name of the present one.
fn swap(path: &Path, older: &Path, key: &[u8]) -> std::io::Result<()> {
    let new = write_beside(path, key)?;
    remove(older)?;
    std::fs::hard_link(path, older)?;
    sync_folder(path)?;
    std::fs::rename(&new, path)?;
    let kept = sync_folder(path);
    if kept.is_err() {
        std::fs::rename(older, path)?;
    }
    kept
}

fn remove(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn no_key(path: &Path) -> VaultError {
    VaultError::KeyFile(format!(
        "the key file {} is not a key of {KEY_LEN} bytes; restore it from a backup. If it is lost: remove it, start \
         once with `tikmeter serve --new-key`, and set every router's password again; nothing else is lost",
        path.display()
    ))
}

fn cannot(path: &Path, what: &str, error: &std::io::Error) -> VaultError {
    VaultError::KeyFile(format!(
        "the key file {} cannot be {what} ({error}); {}",
        path.display(),
        what_mends(error)
    ))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use secrecy::ExposeSecret;

    use super::*;

    fn place(folder: &Path) -> KeyPlace {
        KeyPlace::of(Some(&folder.join("credentials")), folder.join("key"))
    }

    fn mode(path: &Path, mode: u32) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn the_same_file_opens_what_it_sealed() {
        let folder = tempfile::tempdir().unwrap();
        let place = place(folder.path());
        assert!(place.read().unwrap().is_none() && !place.path().exists(), "none is made by looking");
        let sealed = place.make().unwrap().current.seal(&"pa55".into(), b"");
        assert_eq!(std::fs::metadata(place.path()).unwrap().mode() & 0o777, 0o600);
        let opened = place.read().unwrap().unwrap().current.open(&sealed, b"").unwrap();
        assert_eq!(opened.expose_secret(), "pa55");
    }

    #[test]
    fn half_a_key_of_a_start_that_was_cut_short_is_nobodys() {
        let folder = tempfile::tempdir().unwrap();
        let (place, half) = (place(folder.path()), folder.path().join("key.new"));
        std::fs::write(&half, [1; KEY_LEN / 2]).unwrap();
        assert!(place.read().unwrap().is_none());
        place.make().unwrap();
        assert!(place.read().unwrap().is_some() && !half.exists());
    }

    #[test]
    fn a_key_that_cannot_be_made_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let place = place(folder.path());
        std::fs::create_dir(folder.path().join("key.new")).unwrap();
        let refused = place.make().unwrap_err().to_string();
        assert!(refused.contains("cannot be made") && !place.path().exists(), "{refused}");
    }

    #[test]
    fn a_key_that_others_can_read_or_that_is_cut_short_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let place = place(folder.path());
        place.make().unwrap();
        assert!(place.make().is_err(), "a key is never made over another");
        mode(place.path(), 0o640);
        let refused = place.read().unwrap_err();
        assert!(refused.to_string().contains("chmod 600"), "{refused}");
        mode(place.path(), 0o600);
        std::fs::write(place.path(), [1; KEY_LEN - 1]).unwrap();
        assert!(place.read().unwrap_err().to_string().contains("not a key"));
    }

    #[test]
    fn the_key_before_stays_beside_a_new_one_until_it_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let place = place(folder.path());
        let before = place.make().unwrap().current.fingerprint();
        let new = place.replace().unwrap().fingerprint();
        let found = place.read().unwrap().unwrap();
        assert_eq!(found.current.fingerprint(), new);
        assert_eq!(found.older.map(|key| key.fingerprint()), Some(before));
        assert_eq!(names(folder.path()), ["key", "key.old"]);
        assert_eq!(std::fs::metadata(place.path()).unwrap().mode() & 0o777, 0o600);
        place.drop_older().unwrap();
        assert!(place.read().unwrap().unwrap().older.is_none());
        assert_eq!(names(folder.path()), ["key"]);
    }

    #[test]
    fn a_key_that_cannot_be_replaced_is_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let place = place(folder.path());
        let before = place.make().unwrap().current.fingerprint();
        std::fs::create_dir(folder.path().join("key.new")).unwrap();
        let refused = place.replace().unwrap_err().to_string();
        assert!(refused.contains("cannot be replaced"), "{refused}");
        let found = place.read().unwrap().unwrap();
        assert_eq!((found.current.fingerprint(), found.older.is_none()), (before, true));
    }

    #[test]
    fn a_credential_goes_before_the_file_and_is_not_ours_to_replace() {
        let folder = tempfile::tempdir().unwrap();
        place(folder.path()).make().unwrap();
        let credentials = folder.path().join("credentials");
        std::fs::create_dir(&credentials).unwrap();
        let credential = credentials.join(KEY_CREDENTIAL);
        std::fs::write(&credential, [5; KEY_LEN]).unwrap();
        // As systemd hands it over to a user that is not root.
        mode(&credential, 0o440);
        let place = place(folder.path());
        assert_eq!(place, KeyPlace::Credential(credential.clone()));
        assert_eq!(place.read().unwrap().unwrap().current.fingerprint(), Key::of([5; KEY_LEN]).fingerprint());
        assert!(place.replace().unwrap_err().to_string().contains("nothing was changed"));
        assert!(place.make().is_err());
        mode(&credential, 0o444);
        assert!(place.read().is_err(), "everybody can read it");
        assert_eq!(names(&credentials), [KEY_CREDENTIAL]);
    }
}
