//! Devices of vouchers on a router, let in and put out on its control connection.

use std::sync::Arc;

use accounting::time::Micros;
use operations::{
    Clock, KeeperPass, Marks, RouterCommandError, RouterVouchers, VoucherBoard, VouchersKept, VouchersSeen,
};
use routeros_proto::{Command, Event, Tag, Tagged};
use store::NasId;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use crate::prints::LoginsElsewhere;
use crate::tenure::{NOT_SURE, Tenure};
use crate::vouchers::{Keeper, MOST_ORDERS, Order};

/// Who is to be in on a router, and what somebody waits for.
pub struct VoucherOrders {
    /// Who is to be in at any time.
    pub wanted: watch::Receiver<RouterVouchers>,
    /// What somebody waits for.
    pub orders: mpsc::Receiver<Order>,
    /// Of this installation.
    pub mark: Marks,
    /// Whether the router may be told something.
    pub tenure: Tenure,
}

impl VoucherOrders {
    /// Nobody is to be in.
    pub fn none() -> VoucherOrders {
        VoucherOrders::open(Marks::default(), Tenure::unshared()).2
    }

    /// With those who say who is to be in, and who wait for something.
    pub fn open(
        mark: Marks,
        tenure: Tenure,
    ) -> (watch::Sender<RouterVouchers>, mpsc::Sender<Order>, VoucherOrders) {
        let (want, wanted) = watch::channel(RouterVouchers::default());
        let (order, orders) = mpsc::channel(MOST_ORDERS);
        (want, order, VoucherOrders { wanted, orders, mark, tenure })
    }
}

/// See the module. It lives as long as the router is polled, connected or not.
pub struct Admitting {
    nas: NasId,
    board: VoucherBoard,
    clock: Arc<dyn Clock>,
    asked: VoucherOrders,
    keeper: Keeper,
    /// Nothing is done, for another process may have the router.
    rests: bool,
}

impl Admitting {
    /// On that router; how they stand is shown on `board`.
    pub fn new(
        nas: NasId,
        board: VoucherBoard,
        clock: Arc<dyn Clock>,
        mut asked: VoucherOrders,
    ) -> Admitting {
        asked.wanted.mark_changed();
        let keeper = Keeper::new(nas, board.clone(), asked.mark.clone());
        Admitting { nas, board, clock, asked, keeper, rests: false }
    }

    /// Waits until others are to be in, or somebody waits for something. Who is gone wants nothing.
    pub(super) async fn changed(&mut self) {
        let VoucherOrders { wanted, orders, tenure, .. } = &mut self.asked;
        tokio::select! {
            biased;
            Some(order) = orders.recv() => self.keeper.order(order),
            Ok(()) = wanted.changed() => self.keeper.want(wanted.borrow_and_update().clone()),
            () = tenure.becomes_sure(), if self.rests => {}
            else => std::future::pending().await,
        }
    }

    /// There is no connection any more.
    pub(super) fn lost(&mut self, because: &str) {
        self.keeper.disconnected(because);
        self.note_broken(because);
        if self.board.of(self.nas).is_some() {
            self.show(Err(RouterCommandError::Unreachable(because.trim_end_matches('.').to_owned())));
        }
    }

    /// Says so, while there is none, to those who wait for something then.
    pub(super) async fn refuse(&mut self, because: &str) -> std::convert::Infallible {
        // Whoever is refused anyway does not wait to be sure; the next step finds out again.
        self.rests = false;
        loop {
            self.changed().await;
            self.keeper.refuse(because);
        }
    }

    /// Whether it prints the logins of all.
    pub(super) fn logins(&self) -> LoginsElsewhere {
        self.keeper.logins()
    }

    /// Somebody else needs the logins of all, too: a pass that is due soon begins now.
    pub(super) fn hurry(&mut self, now: Instant) {
        self.keeper.hurry(now);
    }

    /// When [`Self::step`] has something to do.
    pub(super) fn due(&self, now: Instant) -> Option<Instant> {
        self.keeper.due(now).filter(|_| !self.rests)
    }

    /// What is to be sent now.
    pub(super) fn step(&mut self, now: Instant, replies: &mut Tagged) -> Vec<Command> {
        // Who is wanted is told before the order about it.
        if self.asked.wanted.has_changed().unwrap_or(false) {
            self.keeper.want(self.asked.wanted.borrow_and_update().clone());
        }
        let mut out = Vec::new();
        if !self.asked.tenure.is_sure(now) {
            self.rest();
            return out;
        }
        self.rests = false;
        if let Some(kept) = self.keeper.step((now, self.time()), replies, &mut out) {
            if let Err(why) = &kept {
                self.note_broken(&why.to_string());
            }
            self.show(kept);
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

    /// The books' time, in which it is said until when somebody may be in.
    fn time(&self) -> Micros {
        self.keeper.time(self.clock.host()).unwrap_or_else(|| self.clock.now())
    }

    fn note_broken(&mut self, why: &str) {
        let commands = self.keeper.take_broken();
        let pass = (self.nas, self.clock.now(), "voucher.pass");
        self.board.passes().note_broken(pass, commands, why.trim_end_matches('.'));
    }

    fn note(&self, commands: Vec<String>, stays: Option<String>) {
        let (nas, at, action) = (self.nas, self.clock.now(), "voucher.pass");
        self.board.passes().note(KeeperPass { nas, at, action, commands, stays });
    }

    fn show(&self, kept: Result<VouchersKept, RouterCommandError>) {
        let kept = kept.map_err(|error| error.to_string());
        let changed = kept.as_ref().map_or(0, |kept| kept.commands.len());
        if changed > 0 {
            tracing::info!(commands = changed, "commands about devices of vouchers were sent");
        }
        let trouble = kept.as_ref().map_or_else(|why| Some(why.clone()), |kept| kept.stays.clone());
        if let Ok(VouchersKept { commands, stays, .. }) = &kept {
            self.note(commands.clone(), stays.clone());
        }
        let seen = VouchersSeen { at: self.time(), told: self.keeper.told(), kept };
        let is_news = self.board.show(self.nas, seen);
        if let Some(why) = trouble.filter(|_| is_news) {
            tracing::warn!(%why, "devices of vouchers cannot be kept as is wanted at the moment");
        }
    }
}
