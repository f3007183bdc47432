//! What became of live samples, for `/metrics`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// So far; clones count together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    counts: Arc<Three>,
}

#[derive(Debug, Default)]
struct Three {
    sent: AtomicU64,
    dropped: AtomicU64,
    closed_slow: AtomicU64,
}

impl Counts {
    pub(super) fn sent(&self, samples: u64) {
        self.counts.sent.fetch_add(samples, Ordering::Relaxed);
    }

    pub(super) fn dropped(&self, samples: u64) {
        self.counts.dropped.fetch_add(samples, Ordering::Relaxed);
    }

    pub(super) fn closed_slow(&self) {
        self.counts.closed_slow.fetch_add(1, Ordering::Relaxed);
    }

    /// Samples sent, samples lost to clients that were too slow, and clients closed because of it.
    pub(crate) fn read(&self) -> [u64; 3] {
        let Three { sent, dropped, closed_slow } = &*self.counts;
        [sent, dropped, closed_slow].map(|count| count.load(Ordering::Relaxed))
    }
}
