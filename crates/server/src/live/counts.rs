//! What became of live samples, for `/metrics`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// So far; clones count together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    counts: Arc<Four>,
}

#[derive(Debug, Default)]
struct Four {
    sent: AtomicU64,
    flushes: AtomicU64,
    dropped: AtomicU64,
    closed_slow: AtomicU64,
}

impl Counts {
    /// With one flush.
    pub(super) fn sent(&self, samples: u64) {
        self.counts.sent.fetch_add(samples, Ordering::Relaxed);
        self.counts.flushes.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn dropped(&self, samples: u64) {
        self.counts.dropped.fetch_add(samples, Ordering::Relaxed);
    }

    pub(super) fn closed_slow(&self) {
        self.counts.closed_slow.fetch_add(1, Ordering::Relaxed);
    }

    /// Samples sent, flushes with which they were, samples lost to clients that were too slow, and clients closed because of
    /// it.
    pub(crate) fn read(&self) -> [u64; 4] {
        let Four { sent, flushes, dropped, closed_slow } = &*self.counts;
        [sent, flushes, dropped, closed_slow].map(|count| count.load(Ordering::Relaxed))
    }
}
