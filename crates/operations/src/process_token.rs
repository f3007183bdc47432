//! A token that is accepted while the process runs and is never stored.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The hash of an admin token that the process was started with.
#[derive(Clone)]
pub struct ProcessToken {
    sha256: [u8; 32],
}

impl ProcessToken {
    /// Accepts `token` while the process runs.
    pub fn new(token: &str) -> Self {
        ProcessToken { sha256: hash(token) }
    }

    /// True for the hash of that token; takes as long for any other.
    pub(crate) fn is(&self, sha256: &[u8; 32]) -> bool {
        self.sha256.ct_eq(sha256).into()
    }
}

/// What is stored of a token.
pub(crate) fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}
