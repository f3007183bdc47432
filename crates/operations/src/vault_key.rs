//! The file that holds the vault's key, readable by its owner only.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use store::what_mends;

use crate::vault::{Vault, VaultError};
use crate::whole_file::{sync_folder, write_beside};

const KEY_LEN: usize = 32;
/// Mode bits that let anybody but the owner at the file.
const OTHERS: u32 = 0o077;

impl Vault {
    /// The vault of a key file; `None` where there is none.
    ///
    /// # Errors
    /// `KeyFile` when the file cannot be read, is readable by others, or is not a key.
    pub fn of_key_file(path: &Path) -> Result<Option<Vault>, VaultError> {
        match File::open(path) {
            Ok(file) => read(file, path).map(Some),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(cannot(path, "read", &error)),
        }
    }

    /// The vault of a new key, in a file that was not there before.
    ///
    /// # Errors
    /// `KeyFile` when the file is there already or cannot be made.
    pub fn of_new_key_file(path: &Path) -> Result<Vault, VaultError> {
        let key: [u8; KEY_LEN] = rand::random();
        put(path, &key).map_err(|error| cannot(path, "made", &error))?;
        Ok(Vault::new(key))
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

fn read(mut file: File, path: &Path) -> Result<Vault, VaultError> {
    let mode = file.metadata().map_err(|error| cannot(path, "read", &error))?.mode();
    if mode & OTHERS != 0 {
        return Err(VaultError::KeyFile(format!(
            "the key file {0} can be read by others; nothing was opened, run: chmod 600 {0}",
            path.display()
        )));
    }
    let mut key = Vec::new();
    file.read_to_end(&mut key).map_err(|error| cannot(path, "read", &error))?;
    let key = key.try_into().map_err(|_| {
        VaultError::KeyFile(format!(
            "the key file {} is not a key of {KEY_LEN} bytes; restore it from a backup. If it is lost: remove it, start \
             once with `tikmeter serve --new-key`, and set every router's password again",
            path.display()
        ))
    })?;
    Ok(Vault::new(key))
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

    use secrecy::{ExposeSecret, SecretString};
    use store::TlsMode;

    use super::*;
    use crate::vault::PasswordPlace;

    const PLACE: PasswordPlace<'_> =
        PasswordPlace { router: uuid::Uuid::nil(), host: "h", port: 1, tls: TlsMode::Off };

    #[test]
    fn the_same_file_opens_what_it_sealed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        assert!(Vault::of_key_file(&path).unwrap().is_none() && !path.exists(), "none is made by looking");
        let sealed = Vault::of_new_key_file(&path).unwrap().seal(&SecretString::from("pa55"), PLACE);
        assert_eq!(std::fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        let opened = Vault::of_key_file(&path).unwrap().unwrap().open(&sealed, PLACE).unwrap();
        assert_eq!(opened.expose_secret(), "pa55");
    }

    #[test]
    fn half_a_key_of_a_start_that_was_cut_short_is_nobodys() {
        let folder = tempfile::tempdir().unwrap();
        let (path, half) = (folder.path().join("key"), folder.path().join("key.new"));
        std::fs::write(&half, [1; KEY_LEN / 2]).unwrap();
        assert!(Vault::of_key_file(&path).unwrap().is_none());
        Vault::of_new_key_file(&path).unwrap();
        assert!(Vault::of_key_file(&path).unwrap().is_some() && !half.exists());
    }

    #[test]
    fn a_key_that_cannot_be_made_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        std::fs::create_dir(folder.path().join("key.new")).unwrap();
        let refused = Vault::of_new_key_file(&path).err().unwrap().to_string();
        assert!(refused.contains("cannot be made") && !path.exists(), "{refused}");
    }

    #[test]
    fn a_key_that_others_can_read_or_that_is_cut_short_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        Vault::of_new_key_file(&path).unwrap();
        assert!(Vault::of_new_key_file(&path).is_err(), "a key is never replaced");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        let refused = Vault::of_key_file(&path).unwrap_err();
        assert!(refused.to_string().contains("chmod 600"), "{refused}");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        std::fs::write(&path, [1; KEY_LEN - 1]).unwrap();
        assert!(Vault::of_key_file(&path).unwrap_err().to_string().contains("not a key"));
    }
}
