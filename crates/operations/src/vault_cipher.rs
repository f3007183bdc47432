//! One key, and what it makes of a text: bytes that name the key, and open with it and at the same place only.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// Octets of a key.
pub(crate) const KEY_LEN: usize = 32;
/// First byte of what is sealed: the layout is version, key id, nonce, ciphertext.
const VERSION: u8 = 1;
const ID_LEN: usize = 4;
const NONCE_LEN: usize = 24;
const NONCE_AT: usize = 1 + ID_LEN;
const SEALED_AT: usize = NONCE_AT + NONCE_LEN;

/// A key. It cannot be printed.
#[derive(Clone)]
pub struct Key {
    cipher: XChaCha20Poly1305,
    id: [u8; ID_LEN],
}

impl Key {
    /// Of its bytes.
    pub fn of(bytes: [u8; KEY_LEN]) -> Key {
        let digest = Sha256::digest(bytes);
        let mut id = [0; ID_LEN];
        id.copy_from_slice(&digest[..ID_LEN]);
        Key { cipher: XChaCha20Poly1305::new(&bytes.into()), id }
    }

    /// What tells it from others; says nothing of it.
    pub fn fingerprint(&self) -> String {
        hex::encode(self.id)
    }

    /// Whether these bytes were sealed with it, as they say themselves.
    pub(crate) fn has_sealed(&self, blob: &[u8]) -> bool {
        id_of(blob) == Some(&self.id)
    }

    /// Seals a text for a place.
    pub(crate) fn seal(&self, text: &SecretString, place: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE_LEN] = rand::random();
        let payload = Payload { msg: text.expose_secret().as_bytes(), aad: place };
        let sealed = self.cipher.encrypt(&nonce.into(), payload);
        let sealed = sealed.expect("a password is far below the 256 GiB that the cipher can seal");
        [&[VERSION], &self.id[..], &nonce, &sealed].concat()
    }

    /// Opens what it sealed for that place; `None` for anything else.
    pub(crate) fn open(&self, blob: &[u8], place: &[u8]) -> Option<SecretString> {
        if !self.has_sealed(blob) {
            return None;
        }
        let mut nonce = [0; NONCE_LEN];
        nonce.copy_from_slice(&blob[NONCE_AT..SEALED_AT]);
        let payload = Payload { msg: &blob[SEALED_AT..], aad: place };
        let opened = self.cipher.decrypt(&nonce.into(), payload).ok()?;
        String::from_utf8(opened).ok().map(SecretString::from)
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Key({})", self.fingerprint())
    }
}

/// The fingerprint of the key with which something was sealed; `None` where it is nothing that any key sealed.
pub(crate) fn sealed_with(blob: &[u8]) -> Option<String> {
    id_of(blob).map(hex::encode)
}

fn id_of(blob: &[u8]) -> Option<&[u8]> {
    (blob.len() >= SEALED_AT && blob[0] == VERSION).then(|| &blob[1..NONCE_AT])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_opens_nothing() {
        let key = Key::of([7; KEY_LEN]);
        let sealed = key.seal(&"pa55".into(), b"place");
        assert!(key.open(&sealed, b"place").is_some() && key.open(&sealed, b"other").is_none());
        for at in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[at] ^= 1;
            assert!(key.open(&damaged, b"place").is_none(), "byte {at}");
        }
        assert!(key.open(&[VERSION], b"place").is_none());
    }

    #[test]
    fn a_key_is_printed_by_its_fingerprint_alone() {
        let key = Key::of(*b"unmistakable-key-of-32-octets-xx");
        assert_eq!(format!("{key:?}"), format!("Key({})", key.fingerprint()));
        assert_eq!(sealed_with(&key.seal(&"pa55".into(), b"")), Some(key.fingerprint()));
    }
}
