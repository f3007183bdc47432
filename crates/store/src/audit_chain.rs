//! The hash that chains the rows of the journal, the same in every database.

use sha2::{Digest, Sha256};

use crate::audit_repository::NewAudit;

/// The hash "before" the first row.
pub(crate) const FIRST: [u8; 32] = [0; 32];

/// SHA-256 over the hash before, the place and every field, each text led by its length so that no two acts can
/// be written with the same bytes.
pub(crate) fn hash(before: &[u8], seq: i64, act: &NewAudit) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(before);
    digest.update(seq.to_be_bytes());
    digest.update(act.at.0.to_be_bytes());
    // Last, so that acts of before it was written down hash as they did.
    for text in [&act.actor, &act.action, &act.subject, &act.detail].into_iter().chain(&act.origin) {
        digest.update((text.len() as u64).to_be_bytes());
        digest.update(text.as_bytes());
    }
    digest.finalize().into()
}
