//! Keeps this process' routers its own: says again and again that it is there, and learns which routers are.
//!
//! Beside everything else, for a router that takes long to stop must not make it silent.

use std::sync::Arc;
use std::time::Duration;

use store::{Leases, Node, Store, StoreError};
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::actor::Turns;
use crate::tenure::Tenures;

/// Where nobody else can have the database, nothing changes but by what this process itself is told.
const ALONE: Duration = Duration::from_secs(3600);
/// When the database is asked again that did not answer, at the latest.
const AGAIN: Duration = Duration::from_secs(5);

/// What is this process' own.
#[derive(Clone, Debug, Default)]
pub(super) struct Standing {
    /// As the database said last.
    pub(super) leases: Leases,
    /// Changes of the registry that were told before it was asked.
    pub(super) told: u64,
}

/// See the module.
pub(super) struct Keeper {
    store: Arc<dyn Store>,
    node: Node,
    term: Duration,
    told: watch::Receiver<u64>,
    standing: watch::Sender<Standing>,
    tenures: Tenures,
    turns: Turns,
    joined: bool,
}

impl Keeper {
    /// One that has not asked yet. Whoever waits for the store it tells by `turns` that it answers again.
    pub(super) fn new(
        store: Arc<dyn Store>,
        node: Node,
        term: Duration,
        told: watch::Receiver<u64>,
        (standing, tenures): (watch::Sender<Standing>, Tenures),
        turns: Turns,
    ) -> Keeper {
        Keeper { store, node, term, told, standing, tenures, turns, joined: false }
    }

    /// Keeps asking until `stop`.
    pub(super) async fn run(mut self, stop: CancellationToken) {
        let mut was_away = false;
        loop {
            let told = *self.told.borrow_and_update();
            // Its term begins later than that, by the database's clock.
            let asked_at = Instant::now();
            let pause = match stop.run_until_cancelled(self.ask_in_time()).await {
                None => return,
                Some(Ok(leases)) => {
                    if std::mem::take(&mut was_away) {
                        self.turns.store_answered();
                    }
                    self.tenures.are(&leases.held, asked_at + self.term);
                    self.standing.send_replace(Standing { leases, told });
                    if self.store.is_shared() { self.term / 3 } else { ALONE }
                }
                Some(Err(error)) => {
                    was_away = true;
                    self.failed(&error);
                    AGAIN.min(self.term / 3)
                }
            };
            tokio::select! {
                _ = self.told.changed() => {}
                () = tokio::time::sleep(pause) => {}
                () = stop.cancelled() => return,
            }
        }
    }

    /// A server that takes a question and never answers is as good as away.
    async fn ask_in_time(&mut self) -> Result<Leases, StoreError> {
        let within = self.term;
        tokio::time::timeout(within, self.ask()).await.unwrap_or_else(|_| {
            Err(StoreError::Unavailable(format!("it did not answer within {} s", within.as_secs())))
        })
    }

    async fn ask(&mut self) -> Result<Leases, StoreError> {
        if !self.joined {
            self.store.join(self.node.clone(), self.term).await?;
            self.joined = true;
        }
        self.store.say_alive(self.node.clone(), self.term).await?;
        self.store.share_out(self.node.clone()).await
    }

    /// While the database is away polling goes on, for counters that vanish meanwhile are read, and what waits in memory is
    /// written if the routers are still ours then. Nobody takes anything from a process that only the database's own absence
    /// made silent; what was taken from one that was cut off alone it learns when it gets through.
    fn failed(&mut self, error: &StoreError) {
        tracing::error!(%error, "the database did not say which routers are polled here; asked again in a moment");
        // It did: they are another run's.
        if matches!(error, StoreError::NotFound(_)) {
            self.joined = false;
            self.tenures.are_none();
            self.standing.send_modify(|standing| standing.leases = Leases::default());
        }
    }
}
