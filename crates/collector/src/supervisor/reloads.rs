//! Who changed the registry waits until the routers are run as it says now.

use std::time::Duration;

use tokio::sync::watch;

/// A router whose last snapshot waits for the store keeps nobody waiting longer.
const WITHIN: Duration = Duration::from_secs(5);

/// Changes of the registry, counted.
pub(super) struct Reloads {
    told: watch::Sender<u64>,
    /// How many of them the routers fit; `None` while nobody runs any.
    done: watch::Sender<Option<u64>>,
}

impl Reloads {
    pub(super) fn new() -> Self {
        Reloads { told: watch::Sender::new(0), done: watch::Sender::new(None) }
    }

    /// The changes told so far, and those to come.
    pub(super) fn told(&self) -> watch::Receiver<u64> {
        self.told.subscribe()
    }

    /// The routers fit the registry as it was when so many changes had been told; `None`: they are run no longer.
    pub(super) fn done(&self, told: Option<u64>) {
        self.done.send_replace(told);
    }

    /// Tells of a change, and returns once the routers fit it, or it took too long.
    pub(super) async fn tell(&self) {
        let mut mine = 0;
        self.told.send_modify(|told| {
            *told += 1;
            mine = *told;
        });
        let mut done = self.done.subscribe();
        let fits = done.wait_for(|done| done.is_none_or(|done| done >= mine));
        if tokio::time::timeout(WITHIN, fits).await.is_err() {
            tracing::warn!(
                "a changed router takes long to be stopped; it is started as it is configured now after that"
            );
        }
    }
}
