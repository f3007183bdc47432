//! How the telling of samples stands.

use std::sync::{Arc, Mutex, PoisonError};

/// How it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrafficStatus {
    /// Why samples cannot be told at the moment, in a sentence.
    pub trouble: Option<String>,
    /// Samples told by this process, repetitions included.
    pub told: u64,
    /// Samples that wait in memory.
    pub waiting: usize,
    /// Samples that were given up because too many waited.
    pub lost: u64,
    /// Consumers of groups that asked for more within two minutes; `None` while that is not known.
    pub readers: Option<usize>,
}

/// Where the status is kept; cheap to clone, clones show the same.
#[derive(Clone, Debug, Default)]
pub struct TrafficBoard(Arc<Mutex<TrafficStatus>>);

impl TrafficBoard {
    /// How it stands now.
    pub fn status(&self) -> TrafficStatus {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// So many wait, and so many were given up in all.
    pub(super) fn waits(&self, waiting: usize, lost: u64) {
        self.change(|status| (status.waiting, status.lost) = (waiting, lost));
    }

    /// So many were told.
    pub(super) fn told(&self, samples: usize) {
        self.change(|status| {
            status.told += samples as u64;
            status.trouble = None;
        });
    }

    /// So many read the stream, as far as that can be seen.
    pub(super) fn read_by(&self, readers: Option<usize>) {
        self.change(|status| status.readers = readers);
    }

    /// They cannot be told; `true` when that is news.
    pub(super) fn failed(&self, why: &str) -> bool {
        let mut is_news = false;
        self.change(|status| {
            is_news = status.trouble.as_deref() != Some(why);
            status.trouble = Some(why.to_owned());
        });
        is_news
    }

    fn change(&self, change: impl FnOnce(&mut TrafficStatus)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
