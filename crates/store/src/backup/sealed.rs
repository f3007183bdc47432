//! A stream under a passphrase: chunks of XChaCha20-Poly1305, each with its number in its nonce and the last one marked as
//! such, so that none can be left out, moved or cut off. The key comes of the passphrase by Argon2id, with a salt of its own
//! for each file.

use std::io::{self, BufRead, Read, Write};

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use secrecy::{ExposeSecret, SecretString};

use super::error::{BackupError, damaged};
use super::frame::broken;

/// Octets of a chunk before it is sealed.
const CHUNK: usize = 64 * 1024;
/// What sealing adds to a chunk.
const TAG: usize = 16;
/// What guessing costs: memory in KiB, rounds, lanes.
const COST: [u32; 3] = [64 * 1024, 3, 1];
/// More is asked of nobody, whatever a file says.
const MOST_COST: [u32; 3] = [1024 * 1024, 16, 8];
/// Costs, salt, begin of the nonces.
const HEAD: usize = 12 + 16 + 16;

/// Encrypts and numbers chunks.
struct Chunks {
    cipher: XChaCha20Poly1305,
    begin: [u8; 16],
    /// What a chunk cannot be moved away from: the head of its file.
    head: Vec<u8>,
    number: u64,
}

impl Chunks {
    fn of(passphrase: &SecretString, head: &[u8; HEAD]) -> Result<Chunks, BackupError> {
        let [memory, rounds, lanes] = [0, 4, 8].map(|at| u32::from_be_bytes(fixed(&head[at..at + 4])));
        if [memory, rounds, lanes].iter().zip(MOST_COST).any(|(cost, most)| *cost > most) {
            return Err(damaged("its passphrase would take more work than any of ours"));
        }
        let params = Params::new(memory, rounds, lanes, Some(32));
        let params = params.map_err(|_| damaged("the cost of its passphrase makes no sense"))?;
        let mut key = [0; 32];
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        argon
            .hash_password_into(passphrase.expose_secret().as_bytes(), &head[12..28], &mut key)
            .map_err(|_| BackupError::Passphrase("a passphrase like this cannot be used".to_owned()))?;
        let cipher = XChaCha20Poly1305::new(&key.into());
        Ok(Chunks { cipher, begin: fixed(&head[28..44]), head: head.to_vec(), number: 0 })
    }

    fn nonce(&mut self, is_last: bool) -> [u8; 24] {
        let mut nonce = [0; 24];
        nonce[..16].copy_from_slice(&self.begin);
        nonce[16..].copy_from_slice(&(self.number << 1 | u64::from(is_last)).to_be_bytes());
        self.number += 1;
        nonce
    }

    fn seal(&mut self, chunk: &[u8], is_last: bool) -> io::Result<Vec<u8>> {
        let nonce = self.nonce(is_last);
        let payload = Payload { msg: chunk, aad: &self.head };
        self.cipher.encrypt(&nonce.into(), payload).map_err(|_| io::Error::other("sealing failed"))
    }

    fn open(&mut self, chunk: &[u8], is_last: bool) -> io::Result<Vec<u8>> {
        let is_first = self.number == 0;
        let nonce = self.nonce(is_last);
        let payload = Payload { msg: chunk, aad: &self.head };
        self.cipher.decrypt(&nonce.into(), payload).map_err(|_| {
            let why = if is_first { "the passphrase is another one, or its begin" } else { "a part" };
            io::Error::new(io::ErrorKind::InvalidData, format!("{why} is not what was written"))
        })
    }
}

fn fixed<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut fixed = [0; N];
    fixed.copy_from_slice(bytes);
    fixed
}

/// Seals what is written.
pub(super) struct Sealing<W> {
    inner: W,
    chunks: Chunks,
    waiting: Vec<u8>,
}

impl<W: Write> Sealing<W> {
    /// Begins, with salt and nonces of its own.
    pub(super) fn new(mut inner: W, passphrase: &SecretString) -> Result<Self, BackupError> {
        let mut head = [0; HEAD];
        for (at, cost) in COST.iter().enumerate() {
            head[at * 4..at * 4 + 4].copy_from_slice(&cost.to_be_bytes());
        }
        head[12..28].copy_from_slice(uuid::Uuid::new_v4().as_bytes());
        head[28..44].copy_from_slice(uuid::Uuid::new_v4().as_bytes());
        inner.write_all(&head).map_err(broken)?;
        let chunks = Chunks::of(passphrase, &head)?;
        Ok(Sealing { inner, chunks, waiting: Vec::with_capacity(CHUNK) })
    }

    /// Writes the last chunk.
    pub(super) fn end(mut self) -> io::Result<W> {
        let sealed = self.chunks.seal(&self.waiting, true)?;
        self.inner.write_all(&sealed)?;
        Ok(self.inner)
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.waiting.len() == CHUNK {
            let sealed = self.chunks.seal(&self.waiting, false)?;
            self.inner.write_all(&sealed)?;
            self.waiting.clear();
        }
        let taken = bytes.len().min(CHUNK - self.waiting.len());
        self.waiting.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Opens what is read.
pub(super) struct Opening<R> {
    inner: R,
    chunks: Chunks,
    opened: Vec<u8>,
    at: usize,
    has_ended: bool,
}

impl<R: BufRead> Opening<R> {
    /// Reads the head; the passphrase shows to be the right one with the first chunk.
    pub(super) fn new(mut inner: R, passphrase: &SecretString) -> Result<Self, BackupError> {
        let mut head = [0; HEAD];
        inner.read_exact(&mut head).map_err(broken)?;
        let chunks = Chunks::of(passphrase, &head)?;
        Ok(Opening { inner, chunks, opened: Vec::new(), at: 0, has_ended: false })
    }

    fn next(&mut self) -> io::Result<()> {
        let mut chunk = Vec::with_capacity(CHUNK + TAG);
        (&mut self.inner).take((CHUNK + TAG) as u64).read_to_end(&mut chunk)?;
        self.has_ended = self.inner.fill_buf()?.is_empty();
        self.opened = self.chunks.open(&chunk, self.has_ended)?;
        self.at = 0;
        Ok(())
    }
}

impl<R: BufRead> Read for Opening<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        if self.at == self.opened.len() && !self.has_ended {
            self.next()?;
        }
        let taken = bytes.len().min(self.opened.len() - self.at);
        bytes[..taken].copy_from_slice(&self.opened[self.at..self.at + taken]);
        self.at += taken;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(content: &[u8]) -> Vec<u8> {
        let mut sealing = Sealing::new(Vec::new(), &"open sesame".into()).unwrap();
        sealing.write_all(content).unwrap();
        sealing.end().unwrap()
    }

    fn opened(sealed: &[u8], passphrase: &str) -> Result<Vec<u8>, BackupError> {
        let mut content = Vec::new();
        Opening::new(sealed, &passphrase.into())?.read_to_end(&mut content).map_err(broken)?;
        Ok(content)
    }

    #[test]
    fn what_was_sealed_opens_with_its_passphrase_only() {
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK] {
            let content: Vec<u8> = (0..length).map(|at| at.to_le_bytes()[0]).collect();
            let sealed = sealed(&content);
            assert!(opened(&sealed, "open sesame").unwrap() == content, "{length}");
            let refused = opened(&sealed, "open barley").unwrap_err().to_string();
            assert!(refused.contains("the passphrase is another one"), "{refused}");
        }
    }

    #[test]
    fn a_chunk_that_is_changed_left_out_or_cut_off_is_noticed() {
        let whole = sealed(&[7; 2 * CHUNK + 9]);
        let cut = whole[..HEAD + 2 * (CHUNK + TAG)].to_vec();
        let mut without_one = whole.clone();
        without_one.drain(HEAD..HEAD + CHUNK + TAG);
        let mut flipped = whole.clone();
        flipped[HEAD + CHUNK + TAG + 5] ^= 1;
        let mut dear = whole.clone();
        dear[0] = 0xff;
        for bad in [cut, without_one, flipped, dear] {
            opened(&bad, "open sesame").unwrap_err();
        }
    }
}
