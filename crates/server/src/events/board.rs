//! How the telling of events stands.

use std::sync::{Arc, Mutex, PoisonError};

use accounting::time::Micros;
use store::OutboxQueue;

/// How it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventsStatus {
    /// Redis took what was sent last, or answered.
    pub up: bool,
    /// Why events cannot be told at the moment, in a sentence.
    pub trouble: Option<String>,
    /// Events told by this process, repetitions included.
    pub told: u64,
}

/// Where the status is kept; cheap to clone, clones show the same.
#[derive(Clone, Debug, Default)]
pub struct EventsBoard(Arc<Mutex<EventsStatus>>);

impl EventsBoard {
    /// How it stands now.
    pub fn status(&self) -> EventsStatus {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn change(&self, change: impl FnOnce(&mut EventsStatus)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// So many events were told; none when Redis only answered.
    pub(super) fn told(&self, events: usize) {
        self.change(|status| {
            status.told += events as u64;
            (status.up, status.trouble) = (true, None);
        });
    }

    /// True when that is news.
    pub(super) fn failed(&self, why: &str) -> bool {
        let mut is_news = false;
        self.change(|status| {
            is_news = status.trouble.as_deref() != Some(why);
            (status.up, status.trouble) = (false, Some(why.to_owned()));
        });
        is_news
    }
}

/// What waits in the database, of all routers together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventsWaiting {
    /// How many events.
    pub events: u64,
    /// Bytes that these take.
    pub bytes: u64,
    /// When the oldest of them happened (our clock).
    pub oldest_at: Option<Micros>,
    /// Events that were ever given up because they could not be told in time.
    pub lost: u64,
}

impl EventsWaiting {
    /// Adds it up.
    pub fn of(queues: &[OutboxQueue]) -> EventsWaiting {
        EventsWaiting {
            events: queues.iter().map(|queue| queue.events).sum(),
            bytes: queues.iter().map(|queue| queue.bytes).sum(),
            oldest_at: queues.iter().filter_map(|queue| queue.oldest_at).min(),
            lost: queues.iter().map(|queue| queue.lost).sum(),
        }
    }
}
