//! Limits of a router, kept on its control connection.

use std::sync::Arc;

use operations::{
    Clock, KeeperPass, LOOKED_AT_FOR, LimitBoard, LimitsKept, LimitsSeen, RouterCommandError, RouterLimits,
    TrafficRead,
};
use routeros_proto::{Command, Event, Tag, Tagged};
use store::{NasId, WantedLimit};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use crate::limits::{Keeper, MOST_ORDERS, Order, Told, Traffic};
use crate::prints::LoginsElsewhere;
use crate::tenure::{NOT_SURE, Tenure};
use operations::Marks;

/// What is wanted of a router's limits, and by whom at once.
pub struct LimitOrders {
    /// What is wanted at any time.
    pub wanted: watch::Receiver<RouterLimits>,
    /// Passes that somebody waits for.
    pub orders: mpsc::Receiver<Order>,
    /// Of this installation.
    pub mark: Marks,
    /// Whether it may be told something.
    pub tenure: Tenure,
}

impl LimitOrders {
    /// Nobody wants any.
    pub fn none() -> LimitOrders {
        LimitOrders::open(Marks::default(), Tenure::unshared()).2
    }

    /// With those who say what is wanted, and who order passes.
    pub fn open(
        mark: Marks,
        tenure: Tenure,
    ) -> (watch::Sender<RouterLimits>, mpsc::Sender<Order>, LimitOrders) {
        let (want, wanted) = watch::channel(RouterLimits::default());
        let (order, orders) = mpsc::channel(MOST_ORDERS);
        (want, order, LimitOrders { wanted, orders, mark, tenure })
    }
}

/// See the module. It lives as long as the router is polled, connected or not.
pub struct Keeping {
    nas: NasId,
    board: LimitBoard,
    clock: Arc<dyn Clock>,
    asked: LimitOrders,
    /// Changes whenever somebody looks at what users move.
    looks: watch::Receiver<()>,
    keeper: Keeper,
    /// Nothing is done, for another process may have the router.
    rests: bool,
}

impl Keeping {
    /// Of that router; how they stand is shown on `board`.
    pub fn new(nas: NasId, board: LimitBoard, clock: Arc<dyn Clock>, mut asked: LimitOrders) -> Keeping {
        asked.wanted.mark_changed();
        let looks = board.traffic().asked();
        let keeper = Keeper::new(asked.mark.clone());
        Keeping { nas, board, clock, asked, looks, keeper, rests: false }
    }

    /// Waits until something else is wanted, somebody orders a pass, or looks. Who is gone wants nothing.
    pub(super) async fn changed(&mut self) {
        let LimitOrders { wanted, orders, tenure, .. } = &mut self.asked;
        // What is wanted is told before the order for it.
        tokio::select! {
            biased;
            Some(order) = orders.recv() => self.keeper.order(order),
            Ok(()) = wanted.changed() => self.keeper.want(wanted.borrow_and_update().clone()),
            Ok(()) = self.looks.changed() => self.keeper.look_until(Instant::now() + LOOKED_AT_FOR),
            () = tenure.becomes_sure(), if self.rests => {}
            else => std::future::pending().await,
        }
    }

    /// There is no connection any more.
    pub(super) fn lost(&mut self, because: &str) {
        self.keeper.disconnected(because);
        self.note_broken(because);
        if let Some(LimitsSeen { told, .. }) = self.board.of(self.nas) {
            self.show(told, Vec::new(), Err(unreachable(because)));
        }
        self.not_seen(because);
    }

    /// Says so, while there is none, to those who order a pass then.
    pub(super) async fn refuse(&mut self, because: &str) -> std::convert::Infallible {
        // Whoever is refused anyway does not wait to be sure; the next step finds out again.
        self.rests = false;
        loop {
            self.changed().await;
            self.keeper.refuse(because);
            self.not_seen(because);
        }
    }

    /// Whether others who print the hotspot's logins are to do so now.
    pub(super) fn needs_logins(&self, now: Instant) -> bool {
        !self.rests && self.keeper.needs_logins(now)
    }

    /// When [`Self::step`] has something to do.
    pub(super) fn due(&self, now: Instant, logins: LoginsElsewhere) -> Option<Instant> {
        self.keeper.due(now, logins).filter(|_| !self.rests)
    }

    /// What is to be sent now.
    pub(super) fn step(
        &mut self,
        now: Instant,
        logins: LoginsElsewhere,
        replies: &mut Tagged,
    ) -> Vec<Command> {
        let mut out = Vec::new();
        if self.asked.wanted.has_changed().unwrap_or(false) {
            self.keeper.want(self.asked.wanted.borrow_and_update().clone());
        }
        if !self.asked.tenure.is_sure(now) {
            self.rest();
            return out;
        }
        self.rests = false;
        let Told { kept, is_its_own, told, over, traffic, is_unwatched } =
            self.keeper.step((now, logins), replies, &mut out);
        match (&kept, is_its_own) {
            (Some(Ok(kept)), true) => self.note(kept.commands.clone(), kept.stays.clone()),
            (Some(Err(why)), true) => self.note_broken(&why.to_string()),
            _ => {}
        }
        if let Some(kept) = kept {
            self.show(told, over, kept);
        }
        if let Some(traffic) = traffic {
            self.show_traffic(traffic);
        }
        if is_unwatched {
            self.board.traffic().forget(self.nas);
        }
        out
    }

    /// What was begun is given up, and whoever orders something is told why it is not done.
    fn rest(&mut self) {
        match std::mem::replace(&mut self.rests, true) {
            false => self.lost(NOT_SURE),
            true => self.keeper.refuse(NOT_SURE),
        }
    }

    /// Takes a reply; `false` when it is to nothing that was asked here.
    pub(super) fn accept(&mut self, tag: Tag, event: &Event<'_>) -> bool {
        self.keeper.accept(tag, event)
    }

    fn show_traffic(&self, traffic: Result<Traffic, RouterCommandError>) {
        let board = self.board.traffic();
        match traffic {
            Ok(Traffic { users, left_off }) => {
                let (at, read_at) = (self.clock.now(), self.clock.host());
                board.show(self.nas, TrafficRead { at, read_at, users: users.into(), left_off });
            }
            Err(why) => board.fail(self.nas, why.to_string()),
        }
    }

    /// Says so, while there is no connection, where somebody looks at what users move.
    fn not_seen(&self, because: &str) {
        if self.keeper.is_looked_at() {
            self.board.traffic().fail(self.nas, unreachable(because).to_string());
        }
    }

    fn note_broken(&mut self, why: &str) {
        let commands = self.keeper.take_broken();
        let pass = (self.nas, self.clock.now(), "limit.pass");
        self.board.passes().note_broken(pass, commands, why.trim_end_matches('.'));
    }

    fn note(&self, commands: Vec<String>, stays: Option<String>) {
        let (nas, at) = (self.nas, self.clock.now());
        self.board.passes().note(KeeperPass { nas, at, action: "limit.pass", commands, stays });
    }

    fn show(&self, told: u64, over: Vec<WantedLimit>, kept: Result<LimitsKept, RouterCommandError>) {
        let kept = kept.map_err(|error| error.to_string());
        let changed = kept.as_ref().map_or(0, |kept| kept.commands.len());
        if changed > 0 {
            tracing::info!(commands = changed, "commands about limits were sent");
        }
        let trouble = kept.as_ref().map_or_else(|why| Some(why.clone()), |kept| kept.stays.clone());
        let is_news = self.board.show(self.nas, LimitsSeen { at: self.clock.now(), told, over, kept });
        if let Some(why) = trouble.filter(|_| is_news) {
            tracing::warn!(%why, "limits cannot be kept at the moment");
        }
    }
}

fn unreachable(because: &str) -> RouterCommandError {
    RouterCommandError::Unreachable(because.trim_end_matches('.').to_owned())
}
