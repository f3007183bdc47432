//! Limits of a router, kept on its control connection.

use std::sync::Arc;

use operations::{Clock, LimitBoard, LimitsKept, LimitsSeen, RouterCommandError, RouterLimits};
use routeros_proto::{Command, Event, Tag, Tagged};
use store::NasId;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use crate::limits::{Keeper, Order};

/// What is wanted of a router's limits, and by whom at once.
pub struct LimitOrders {
    /// What is wanted at any time.
    pub wanted: watch::Receiver<RouterLimits>,
    /// Passes that somebody waits for.
    pub orders: mpsc::Receiver<Order>,
}

impl LimitOrders {
    /// Nobody wants any.
    pub fn none() -> LimitOrders {
        LimitOrders { wanted: watch::channel(RouterLimits::default()).1, orders: mpsc::channel(1).1 }
    }
}

/// See the module. It lives as long as the router is polled, connected or not.
pub struct Keeping {
    nas: NasId,
    board: LimitBoard,
    clock: Arc<dyn Clock>,
    asked: LimitOrders,
    keeper: Keeper,
}

impl Keeping {
    /// Of that router; how they stand is shown on `board`.
    pub fn new(nas: NasId, board: LimitBoard, clock: Arc<dyn Clock>, mut asked: LimitOrders) -> Keeping {
        asked.wanted.mark_changed();
        Keeping { nas, board, clock, asked, keeper: Keeper::default() }
    }

    /// Waits until something else is wanted, or somebody orders a pass. Who is gone wants nothing.
    pub(super) async fn changed(&mut self) {
        let LimitOrders { wanted, orders } = &mut self.asked;
        // What somebody orders is told as wanted right after: the pass is theirs.
        tokio::select! {
            biased;
            Some(order) = orders.recv() => self.keeper.order(order),
            Ok(()) = wanted.changed() => self.keeper.want(wanted.borrow_and_update().clone()),
            else => std::future::pending().await,
        }
    }

    /// There is no connection any more.
    pub(super) fn lost(&mut self, because: &str) {
        self.keeper.disconnected(because);
        if self.board.of(self.nas).is_some() {
            self.show(Err(RouterCommandError::Unreachable(because.trim_end_matches('.').to_owned())));
        }
    }

    /// Says so, while there is none, to those who order a pass then.
    pub(super) async fn refuse(&mut self, because: &str) -> std::convert::Infallible {
        loop {
            self.changed().await;
            self.keeper.refuse(because);
        }
    }

    /// When [`Self::step`] has something to do.
    pub(super) fn due(&self, now: Instant) -> Option<Instant> {
        self.keeper.due(now)
    }

    /// What is to be sent now.
    pub(super) fn step(&mut self, now: Instant, replies: &mut Tagged) -> Vec<Command> {
        let mut out = Vec::new();
        if let Some(kept) = self.keeper.step(now, replies, &mut out) {
            self.show(kept);
        }
        out
    }

    /// Takes a reply; `false` when it is to nothing that was asked here.
    pub(super) fn accept(&mut self, tag: Tag, event: &Event<'_>) -> bool {
        self.keeper.accept(tag, event)
    }

    fn show(&self, kept: Result<LimitsKept, RouterCommandError>) {
        let kept = kept.map_err(|error| error.to_string());
        let changed = kept.as_ref().map_or(0, |kept| kept.commands.len());
        if changed > 0 {
            tracing::info!(commands = changed, "commands about limits were sent");
        }
        let trouble = kept.as_ref().err().cloned();
        let is_news = self.board.show(self.nas, LimitsSeen { at: self.clock.now(), kept });
        if let Some(why) = trouble.filter(|_| is_news) {
            tracing::warn!(%why, "limits cannot be kept at the moment");
        }
    }
}
