//! Router passwords at rest: sealed with a key that lies in a file of its own, and tied to the address they were
//! given for, so that a changed host, port or TLS mode makes them useless on purpose (invariant 17).

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use store::{Nas, NewNas, SealedPassword, TlsMode};
use uuid::Uuid;

/// First byte of a sealed password: the layout is version, key id, nonce, ciphertext.
const VERSION: u8 = 1;
const KEY_ID_LEN: usize = 4;
const NONCE_LEN: usize = 24;
const NONCE_AT: usize = 1 + KEY_ID_LEN;
const SEALED_AT: usize = NONCE_AT + NONCE_LEN;

/// Why a password cannot be sealed or opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The key file cannot be used; the sentence says why and what to do.
    #[error("{0}")]
    KeyFile(String),
    /// It was sealed with another key.
    #[error(
        "its stored password was sealed with another key file; put that key file back and start the server again, or set \
         the password again"
    )]
    OtherKey,
    /// It was sealed for another address, or damaged.
    #[error("its stored password does not belong to this address; set the password again")]
    OtherAddress,
}

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

/// Seals and opens passwords with one key.
pub struct Vault {
    cipher: XChaCha20Poly1305,
    key_id: [u8; KEY_ID_LEN],
}

impl Vault {
    /// A vault of that key.
    pub fn new(key: [u8; 32]) -> Self {
        let digest = Sha256::digest(key);
        let mut key_id = [0; KEY_ID_LEN];
        key_id.copy_from_slice(&digest[..KEY_ID_LEN]);
        Vault { cipher: XChaCha20Poly1305::new(&key.into()), key_id }
    }

    /// A vault whose key goes with the process; for simulations and tests.
    pub fn ephemeral() -> Self {
        Vault::new(rand::random())
    }

    /// What tells its key from others; says nothing of it.
    pub fn key_name(&self) -> String {
        hex::encode(self.key_id)
    }

    /// Seals a password for a place.
    pub fn seal(&self, password: &SecretString, place: PasswordPlace<'_>) -> SealedPassword {
        let nonce: [u8; NONCE_LEN] = rand::random();
        let payload = Payload { msg: password.expose_secret().as_bytes(), aad: &place.bytes() };
        let sealed = self.cipher.encrypt(&nonce.into(), payload);
        let sealed = sealed.expect("a password is far below the 256 GiB that the cipher can seal");
        let mut blob = Vec::with_capacity(SEALED_AT + sealed.len());
        blob.push(VERSION);
        blob.extend_from_slice(&self.key_id);
        blob.extend_from_slice(&nonce);
        blob.extend_from_slice(&sealed);
        SealedPassword(blob)
    }

    /// Opens a password that was sealed for that place.
    pub fn open(
        &self,
        sealed: &SealedPassword,
        place: PasswordPlace<'_>,
    ) -> Result<SecretString, VaultError> {
        let blob = &sealed.0;
        if blob.len() < SEALED_AT || blob[0] != VERSION {
            return Err(VaultError::OtherAddress);
        }
        if blob[1..NONCE_AT] != self.key_id {
            return Err(VaultError::OtherKey);
        }
        let mut nonce = [0; NONCE_LEN];
        nonce.copy_from_slice(&blob[NONCE_AT..SEALED_AT]);
        let payload = Payload { msg: &blob[SEALED_AT..], aad: &place.bytes() };
        let opened = self.cipher.decrypt(&nonce.into(), payload).map_err(|_| VaultError::OtherAddress)?;
        let text = String::from_utf8(opened).map_err(|_| VaultError::OtherAddress)?;
        Ok(SecretString::from(text))
    }

    /// Opens a router's password.
    pub fn password_of(&self, nas: &Nas) -> Result<SecretString, VaultError> {
        self.open(&nas.config.password, PasswordPlace::of(&nas.config))
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault(..)")
    }
}

#[cfg(test)]
mod tests {
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
        let vault = Vault::ephemeral();
        let sealed = vault.seal(&SecretString::from("pa55"), PLACE);
        assert_eq!(open(&Vault::ephemeral(), &sealed, PLACE), Err(VaultError::OtherKey));
        for at in [0, SEALED_AT - 1, SEALED_AT, sealed.0.len() - 1] {
            let mut damaged = sealed.clone();
            damaged.0[at] ^= 1;
            assert_eq!(open(&vault, &damaged, PLACE), Err(VaultError::OtherAddress), "byte {at}");
        }
        assert_eq!(open(&vault, &SealedPassword(vec![VERSION]), PLACE), Err(VaultError::OtherAddress));
    }

    #[test]
    fn sealing_twice_shows_nothing_alike() {
        let vault = Vault::ephemeral();
        let password = SecretString::from("pa55");
        let (one, other) = (vault.seal(&password, PLACE), vault.seal(&password, PLACE));
        assert_ne!(one.0[NONCE_AT..], other.0[NONCE_AT..]);
        assert!(!format!("{vault:?} {one:?} {password:?}").contains("pa55"));
    }
}
