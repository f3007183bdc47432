//! Keeps the queues of one router to what is wanted: a pass when somebody orders one, and one every ten seconds while something of
//! ours may be there. It lives as long as the router is polled, connected or not.

use std::collections::VecDeque;
use std::time::Duration;

use operations::{LimitsKept, RouterCommandError, RouterLimits};
use routeros_proto::{Command, Event, Tag, Tagged};
use tokio::time::Instant;

use super::pass::{Next, Order, Pass};

/// Between two passes that nobody ordered (compat.md 001: a new address is followed within 10 s).
const EVERY: Duration = Duration::from_secs(10);
/// Orders that wait. Overflow rule: one more is refused.
pub const MOST_ORDERS: usize = 64;

/// See the module.
#[derive(Debug)]
pub struct Keeper {
    limits: RouterLimits,
    orders: VecDeque<Order>,
    pass: Option<Box<Pass>>,
    /// When the last pass began that was to change something.
    began_at: Option<Instant>,
    /// Whether this router lets a queue stand before one that it made itself (routeros.md U14), as far as is known.
    places: bool,
}

impl Default for Keeper {
    fn default() -> Self {
        let orders = VecDeque::new();
        Keeper { limits: RouterLimits::default(), orders, pass: None, began_at: None, places: true }
    }
}

impl Keeper {
    /// These limits are wanted from now on; what changed is seen to at once.
    pub fn want(&mut self, limits: RouterLimits) {
        if self.limits != limits {
            self.began_at = None;
        }
        self.limits = limits;
    }

    /// Somebody wants to know what comes of a pass.
    pub fn order(&mut self, order: Order) {
        if self.orders.len() < MOST_ORDERS {
            self.orders.push_back(order);
        } else if let Some(answer) = order.answer {
            let why = "so many changes of limits wait for this router that no more are taken; try again in a moment";
            // Whoever went away does not want it.
            let _ = answer.send(Err(RouterCommandError::Busy(why.to_owned())));
        }
    }

    /// There is no connection any more.
    pub fn disconnected(&mut self, because: &str) {
        if let Some(pass) = self.pass.take() {
            pass.give_up(because, None);
        }
        self.refuse(because);
        (self.began_at, self.places) = (None, true);
    }

    /// Answers those who wait that there is none.
    pub fn refuse(&mut self, because: &str) {
        for answer in self.orders.drain(..).filter_map(|order| order.answer) {
            let why = because.trim_end_matches('.').to_owned();
            let _ = answer.send(Err(RouterCommandError::Unreachable(why)));
        }
    }

    /// When [`Self::step`] has something to do, unless a reply comes before.
    pub fn due(&self, now: Instant) -> Option<Instant> {
        match &self.pass {
            Some(pass) if pass.is_ready() => Some(now),
            Some(pass) => pass.overdue_at(),
            None if !self.orders.is_empty() => Some(now),
            None => self.limits.is_asked.then(|| self.began_at.map_or(now, |at| at + EVERY)),
        }
    }

    /// Asks what is due. Told: what came of a pass by which the router was not only asked what would be.
    pub fn step(
        &mut self,
        now: Instant,
        replies: &mut Tagged,
        out: &mut Vec<Command>,
    ) -> Option<Result<LimitsKept, RouterCommandError>> {
        if self.due(now).is_none_or(|due| due > now) {
            return None;
        }
        let Some(pass) = self.pass.take() else {
            let order = self.orders.pop_front().unwrap_or_else(|| Order {
                wanted: self.limits.wanted.to_vec(),
                dry_run: false,
                answer: None,
            });
            if !order.dry_run {
                // Whatever comes of it, it is kept from now on.
                self.limits = RouterLimits { wanted: order.wanted.clone().into(), is_asked: true };
                self.began_at = Some(now);
            }
            self.pass = Some(Box::new(Pass::begin(order, now, replies, out)));
            return None;
        };
        if !pass.is_ready() {
            let why = "the router did not answer in time";
            pass.give_up(why, Some((replies, out)));
            return Some(Err(RouterCommandError::TimedOut));
        }
        let Next::Over(order, outcome) = self.go_on(pass, now, replies, out)? else { return None };
        let kept = outcome.map(|(kept, _)| kept);
        if let Some(answer) = order.answer {
            let _ = answer.send(kept.clone());
        }
        (!order.dry_run).then_some(kept)
    }

    /// Takes a reply; `false` when it is to nothing that was asked here.
    pub fn accept(&mut self, tag: Tag, event: &Event<'_>) -> bool {
        let Some(pass) = self.pass.as_mut().filter(|pass| pass.is_asked(tag)) else { return false };
        pass.accept(tag, event);
        if pass.refused_place {
            self.places = false;
        }
        true
    }

    /// As far as it goes without an answer of the router.
    fn go_on(
        &mut self,
        mut pass: Box<Pass>,
        now: Instant,
        replies: &mut Tagged,
        out: &mut Vec<Command>,
    ) -> Option<Next> {
        while pass.is_ready() {
            match pass.step(self.places, now, replies, out) {
                Next::Runs(on) => pass = on,
                over @ Next::Over(..) => return Some(over),
            }
        }
        self.pass = Some(pass);
        None
    }
}
