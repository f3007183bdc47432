//! Keeps this process' routers its own: says again and again that it is there, and learns which routers are.
//!
//! Beside everything else, for a router that takes long to stop must not make it silent.

use std::sync::Arc;
use std::time::Duration;

use store::{Leases, Node, Store, StoreError};
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Where nobody else can have the database, nothing changes but by what this process itself is told.
const ALONE: Duration = Duration::from_secs(3600);
/// When the database is asked again that did not answer, at the latest.
const AGAIN: Duration = Duration::from_secs(5);

/// What is this process' own.
#[derive(Clone, Debug, Default)]
pub(super) struct Standing {
    /// As the database said last, or nothing when it was silent for too long beside others.
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
    joined: bool,
    /// When this process last said that it is there: what it holds is its own for a term from then.
    said_at: Instant,
}

impl Keeper {
    /// One that has not asked yet.
    pub(super) fn new(
        store: Arc<dyn Store>,
        node: Node,
        term: Duration,
        told: watch::Receiver<u64>,
    ) -> Keeper {
        Keeper {
            store,
            node,
            term,
            told,
            standing: watch::Sender::new(Standing::default()),
            joined: false,
            said_at: Instant::now(),
        }
    }

    /// What is ours, as it changes.
    pub(super) fn standing(&self) -> watch::Receiver<Standing> {
        self.standing.subscribe()
    }

    /// Keeps asking until `stop`.
    pub(super) async fn run(mut self, stop: CancellationToken) {
        loop {
            let told = *self.told.borrow_and_update();
            let pause = match stop.run_until_cancelled(self.ask()).await {
                None => return,
                Some(Ok(leases)) => {
                    self.standing.send_replace(Standing { leases, told });
                    if self.store.is_shared() { self.term / 3 } else { ALONE }
                }
                Some(Err(error)) => {
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

    async fn ask(&mut self) -> Result<Leases, StoreError> {
        if !self.joined {
            self.store.join(self.node.clone(), self.term).await?;
            self.joined = true;
        }
        let said_at = Instant::now();
        self.store.say_alive(self.node.clone(), self.term).await?;
        self.said_at = said_at;
        self.store.share_out(self.node.clone()).await
    }

    /// While the database is away nobody takes anything, so polling goes on: counters that vanish meanwhile are read. But it
    /// may be away for this process alone; when its term has passed, others poll what was its own.
    fn failed(&mut self, error: &StoreError) {
        if matches!(error, StoreError::NotFound(_)) {
            self.joined = false;
        }
        let standing = self.standing.borrow();
        let (lost, others) = (self.said_at.elapsed() >= self.term, standing.leases.others);
        let held = standing.leases.held.len();
        drop(standing);
        tracing::error!(%error, "the database did not say which routers are polled here; asked again in a moment");
        if held > 0 && others > 0 && lost {
            tracing::error!(
                routers = held,
                others,
                "polling stops here: the term of {} s has passed, and other processes may poll these routers by now",
                self.term.as_secs()
            );
            self.standing.send_modify(|standing| {
                standing.leases.held.clear();
                standing.leases.leads = false;
            });
        }
    }
}
