//! How many clients there can be, and the ring that they take from.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::counts::Counts;
use super::event::Event;
use super::settings::LiveSettings;
use crate::problem::Problem;

/// See the module. Cheap to clone; clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct Gateway {
    pub(super) settings: LiveSettings,
    pub(super) counts: Counts,
    /// Cancelled when the server stops.
    pub(super) closing: CancellationToken,
    /// One for each client.
    pub(super) tasks: TaskTracker,
    places: Arc<Semaphore>,
    ring: broadcast::Sender<Event>,
}

impl Gateway {
    pub(crate) fn new(settings: LiveSettings) -> Self {
        Gateway {
            settings,
            counts: Counts::default(),
            closing: CancellationToken::new(),
            tasks: TaskTracker::new(),
            places: Arc::new(Semaphore::new(settings.clients)),
            ring: broadcast::Sender::new(settings.behind),
        }
    }

    /// A place for one client more, for as long as it is kept.
    pub(super) fn place(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.places).try_acquire_owned().map_err(|_| {
            Problem::unavailable(format!(
                "All {} places for live connections are taken; those that are open go on. Close one, or try again later.",
                self.settings.clients
            ))
        })
    }

    /// Clients that are connected.
    pub(crate) fn clients(&self) -> usize {
        self.tasks.len()
    }

    pub(crate) fn counts(&self) -> &Counts {
        &self.counts
    }

    /// What is told from now on.
    pub(super) fn follow(&self) -> broadcast::Receiver<Event> {
        self.ring.subscribe()
    }

    /// Tells all clients; nothing is made where there is none.
    pub(super) fn tell(&self, event: impl FnOnce() -> Event) {
        if self.ring.receiver_count() > 0 {
            // The last of them may have gone meanwhile.
            drop(self.ring.send(event()));
        }
    }
}
