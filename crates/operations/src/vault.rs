//! Router passwords at rest: sealed with a key that lies in a place of its own, and tied to the address they were
//! given for, so that a changed host, port or TLS mode makes them useless on purpose (invariant 17).
//!
//! The key can be replaced while all runs: what was sealed with the one before is opened all the same, until it was sealed anew
//! ([`crate::Operations::rotate_key`]).

use std::sync::{PoisonError, RwLock};

use secrecy::SecretString;
use store::{Nas, NewNas, SealedPassword, TlsMode};
use tokio::sync::{RwLockReadGuard, RwLockWriteGuard};
use uuid::Uuid;

use crate::key_place::{FoundKeys, KeyPlace};
use crate::vault_cipher::{KEY_LEN, Key, sealed_with};
use crate::vault_error::VaultError;

/// The address a password is for.
#[derive(Clone, Copy, Debug)]
pub struct PasswordPlace<'a> {
    /// The router.
    pub router: Uuid,
    /// Its host.
    pub host: &'a str,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: TlsMode,
}

impl<'a> PasswordPlace<'a> {
    /// Where a router's password belongs.
    pub fn of(config: &'a NewNas) -> Self {
        PasswordPlace { router: config.uuid, host: &config.host, port: config.port, tls: config.tls }
    }

    /// Bytes that are authenticated with the password; no two places have the same.
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.router.as_bytes().to_vec();
        bytes.extend_from_slice(&self.port.to_be_bytes());
        bytes.extend_from_slice(self.tls.as_str().as_bytes());
        bytes.push(0);
        bytes.extend_from_slice(self.host.as_bytes());
        bytes
    }
}

/// Seals passwords with its key, and opens those that were sealed with it or with the one before.
pub struct Vault {
    keys: RwLock<Keys>,
    place: Option<KeyPlace>,
    /// Held for reading from the sealing of a password until it is stored, and for writing while the key changes: so that none is
    /// stored that only a key opens which is about to go.
    turn: tokio::sync::RwLock<()>,
}

struct Keys {
    current: Key,
    older: Option<Key>,
    /// Nothing is known to be sealed with the older one any more.
    is_settled: bool,
}

impl Vault {
    /// A vault of that key, which goes with the process.
    pub fn new(key: [u8; KEY_LEN]) -> Self {
        Vault::with(FoundKeys { current: Key::of(key), older: None }, None)
    }

    /// A vault of keys that are kept somewhere.
    pub fn kept(found: FoundKeys, place: KeyPlace) -> Self {
        Vault::with(found, Some(place))
    }

    /// A vault whose key goes with the process; for simulations and tests.
    pub fn ephemeral() -> Self {
        Vault::new(rand::random())
    }

    fn with(FoundKeys { current, older }: FoundKeys, place: Option<KeyPlace>) -> Self {
        let is_settled = older.is_none();
        Vault {
            keys: RwLock::new(Keys { current, older, is_settled }),
            place,
            turn: tokio::sync::RwLock::default(),
        }
    }

    /// Where its key is kept; `None`: nowhere.
    pub fn place(&self) -> Option<&KeyPlace> {
        self.place.as_ref()
    }

    /// What tells its key from others; says nothing of it.
    pub fn fingerprint(&self) -> String {
        self.read(|keys| keys.current.fingerprint())
    }

    /// The same of the key before, while passwords may be sealed with it.
    pub fn older_fingerprint(&self) -> Option<String> {
        self.read(|keys| keys.older.as_ref().filter(|_| !keys.is_settled).map(Key::fingerprint))
    }

    /// Seals a password for a place.
    pub fn seal(&self, password: &SecretString, place: PasswordPlace<'_>) -> SealedPassword {
        SealedPassword(self.read(|keys| keys.current.seal(password, &place.bytes())))
    }

    /// Opens a password that was sealed for that place.
    pub fn open(
        &self,
        sealed: &SealedPassword,
        place: PasswordPlace<'_>,
    ) -> Result<SecretString, VaultError> {
        let Some(sealed_with) = sealed_with(&sealed.0) else { return Err(VaultError::OtherAddress) };
        self.read(|keys| {
            let mut known = [Some(&keys.current), keys.older.as_ref()].into_iter().flatten();
            match known.find(|key| key.has_sealed(&sealed.0)) {
                Some(key) => key.open(&sealed.0, &place.bytes()).ok_or(VaultError::OtherAddress),
                None => Err(VaultError::OtherKey { sealed_with, ours: keys.current.fingerprint() }),
            }
        })
    }

    /// Opens a router's password.
    pub fn password_of(&self, nas: &Nas) -> Result<SecretString, VaultError> {
        self.open(&nas.config.password, PasswordPlace::of(&nas.config))
    }

    /// A router's password sealed with the present key, where it was sealed with the one before.
    pub(crate) fn sealed_anew(&self, nas: &Nas) -> Option<SealedPassword> {
        let is_current = self.read(|keys| keys.current.has_sealed(&nas.config.password.0));
        let password = self.password_of(nas).ok().filter(|_| !is_current)?;
        Some(self.seal(&password, PasswordPlace::of(&nas.config)))
    }

    /// Whether a key that is not in use yet opens a router's password.
    pub(crate) fn opens_with(key: &Key, nas: &Nas) -> bool {
        key.open(&nas.config.password.0, &PasswordPlace::of(&nas.config).bytes()).is_some()
    }

    /// From the sealing of a password until it is stored.
    pub(crate) async fn sealing(&self) -> RwLockReadGuard<'_, ()> {
        self.turn.read().await
    }

    /// While the key changes.
    pub(crate) async fn turning(&self) -> RwLockWriteGuard<'_, ()> {
        self.turn.write().await
    }

    /// Seals with this key from now on; what the present one sealed is opened all the same.
    pub(crate) fn turn_to(&self, key: Key) {
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut keys.current, key);
        (keys.older, keys.is_settled) = (Some(before), false);
    }

    /// Opens what this key sealed as well. One that is known already changes nothing.
    pub(crate) fn take_older(&self, key: Key) {
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        if keys.older.as_ref().map(Key::fingerprint) != Some(key.fingerprint()) {
            (keys.older, keys.is_settled) = (Some(key), false);
        }
    }

    /// Nothing is sealed with the key before any more. It stays in memory for who read a password just before.
    pub(crate) fn settled(&self) {
        self.keys.write().unwrap_or_else(PoisonError::into_inner).is_settled = true;
    }

    fn read<T>(&self, look: impl FnOnce(&Keys) -> T) -> T {
        look(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Vault({})", self.fingerprint())
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    const PLACE: PasswordPlace<'_> =
        PasswordPlace { router: Uuid::nil(), host: "10.0.0.1", port: 8728, tls: TlsMode::Off };

    fn open(vault: &Vault, sealed: &SealedPassword, place: PasswordPlace<'_>) -> Result<String, VaultError> {
        vault.open(sealed, place).map(|password| password.expose_secret().to_owned())
    }

    #[test]
    fn a_password_opens_at_its_place_only() {
        let vault = Vault::ephemeral();
        let sealed = vault.seal(&SecretString::from("pa55"), PLACE);
        assert_eq!(open(&vault, &sealed, PLACE).as_deref(), Ok("pa55"));
        let elsewhere = [
            PasswordPlace { router: Uuid::max(), ..PLACE },
            PasswordPlace { host: "10.0.0.2", ..PLACE },
            PasswordPlace { port: 8729, ..PLACE },
            PasswordPlace { tls: TlsMode::Pinned, ..PLACE },
        ];
        for place in elsewhere {
            assert_eq!(open(&vault, &sealed, place), Err(VaultError::OtherAddress), "{place:?}");
        }
    }

    #[test]
    fn another_key_and_damage_are_told_apart() {
        let (vault, other) = (Vault::ephemeral(), Vault::ephemeral());
        let sealed = vault.seal(&SecretString::from("pa55"), PLACE);
        let told = VaultError::OtherKey { sealed_with: vault.fingerprint(), ours: other.fingerprint() };
        assert_eq!(open(&other, &sealed, PLACE), Err(told));
        for at in [0, sealed.0.len() - 1] {
            let mut damaged = sealed.clone();
            damaged.0[at] ^= 1;
            assert_eq!(open(&vault, &damaged, PLACE), Err(VaultError::OtherAddress), "byte {at}");
        }
        assert_eq!(open(&vault, &SealedPassword(vec![1]), PLACE), Err(VaultError::OtherAddress));
    }

    #[test]
    fn sealing_twice_shows_nothing_alike() {
        let vault = Vault::ephemeral();
        let password = SecretString::from("pa55");
        let (one, other) = (vault.seal(&password, PLACE), vault.seal(&password, PLACE));
        assert_ne!(one.0[5..], other.0[5..]);
        assert!(!format!("{vault:?} {one:?} {password:?}").contains("pa55"));
    }

    #[test]
    fn the_key_before_opens_and_no_longer_seals() {
        let vault = Vault::ephemeral();
        let (before, new) = (vault.fingerprint(), Key::of([3; KEY_LEN]));
        let sealed = vault.seal(&SecretString::from("pa55"), PLACE);
        vault.turn_to(new.clone());
        assert_eq!((vault.older_fingerprint(), vault.fingerprint()), (Some(before), new.fingerprint()));
        assert_eq!(open(&vault, &sealed, PLACE).as_deref(), Ok("pa55"));
        assert!(new.has_sealed(&vault.seal(&SecretString::from("pa55"), PLACE).0));
        vault.settled();
        assert_eq!(vault.older_fingerprint(), None);
        assert_eq!(open(&vault, &sealed, PLACE).as_deref(), Ok("pa55"), "for who read it just before");
    }
}
