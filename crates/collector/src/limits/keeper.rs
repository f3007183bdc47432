//! Keeps the queues of one router to what is wanted: a pass when somebody orders one, and one every ten seconds while something of
//! ours may be there. It lives as long as the router is polled, connected or not.

use std::collections::VecDeque;
use std::time::Duration;

use operations::{Marks, RouterCommandError, RouterLimits};
use routeros_proto::{Command, Event, Tag, Tagged};
use store::{LimitSubject, WantedLimit};
use tokio::time::Instant;

use super::bonds::Bonds;
use super::logins::Logins;
use super::look::Seen;
use super::order::{Kept, Order};
use super::pass::{Ended, Next, Pass};
use super::places::Places;
use super::traffic::{Before, Traffic};
use crate::prints::LoginsElsewhere;

/// Between two passes that nobody ordered, at most (compat.md 001: a new address is followed within 10 s).
const EVERY: Duration = Duration::from_secs(10);
/// So much before that is up whoever prints the hotspot's logins anyway is waited for.
const WAITS_FOR_OTHERS: Duration = Duration::from_secs(1);
/// Between two passes at a hotspot, so that it is followed in time also where others are waited for.
const AT_A_HOTSPOT: Duration = EVERY.checked_sub(WAITS_FOR_OTHERS).unwrap();
/// Orders that wait. Overflow rule: one more is refused.
pub const MOST_ORDERS: usize = 64;

/// See the module.
#[derive(Debug)]
pub struct Keeper {
    mark: Marks,
    limits: RouterLimits,
    orders: VecDeque<Order>,
    pass: Option<Box<Pass>>,
    /// By which number the pass, or the last one, knew what was wanted.
    told: u64,
    /// When the last pass began that was to change something.
    began_at: Option<Instant>,
    /// Where this router lets queues stand, as far as is known.
    places: Places,
    /// Which sessions limits end with, as they were seen last.
    bonds: Bonds,
    /// Until then somebody looks at what users of the hotspot move.
    looked_at_until: Option<Instant>,
    /// What they had moved before.
    before: Before,
    /// What a pass had sent that nobody waited for and that broke off, until it is written down.
    broke_off: Vec<String>,
}

/// What came of a step.
#[derive(Debug, Default)]
pub struct Told {
    /// Of a pass by which the router was kept to what is wanted, and not only asked what would be.
    pub kept: Option<Kept>,
    /// Nobody waited for that pass: who does has it in the journal themselves.
    pub is_its_own: bool,
    /// By which number that pass knew what was wanted.
    pub told: u64,
    /// Limits that it found to be over: others are there in the place of the session that they end with.
    pub over: Vec<WantedLimit>,
    /// What users of the hotspot move, where somebody looks.
    pub traffic: Option<Result<Traffic, RouterCommandError>>,
    /// Nobody looks at that any more.
    pub is_unwatched: bool,
}

impl Keeper {
    /// With that mark, of a router on which nothing is wanted yet.
    pub fn new(mark: Marks) -> Keeper {
        Keeper {
            mark,
            limits: RouterLimits::default(),
            orders: VecDeque::new(),
            pass: None,
            told: 0,
            began_at: None,
            places: Places::default(),
            bonds: Bonds::default(),
            looked_at_until: None,
            before: Before::default(),
            broke_off: Vec::new(),
        }
    }

    /// These limits are wanted from now on; what changed is seen to at once.
    pub fn want(&mut self, limits: RouterLimits) {
        if self.limits != limits {
            self.began_at = None;
        }
        self.bonds.tell(&limits.sessions);
        self.limits = limits;
    }

    /// Somebody looks at what users of the hotspot move, until then.
    pub fn look_until(&mut self, until: Instant) {
        if self.looked_at_until.replace(until).is_none() {
            self.began_at = None;
        }
    }

    /// Whether somebody looks at that.
    pub fn is_looked_at(&self) -> bool {
        self.looked_at_until.is_some()
    }

    /// Somebody wants to know what comes of a pass.
    pub fn order(&mut self, mut order: Order) {
        if self.orders.len() < MOST_ORDERS {
            self.orders.push_back(order);
        } else {
            let why = "so many changes of limits wait for this router that no more are taken; try again in a moment";
            order.answer(&Err(RouterCommandError::Busy(why.to_owned())));
        }
    }

    /// There is no connection any more.
    pub fn disconnected(&mut self, because: &str) {
        if let Some(pass) = self.pass.take() {
            self.broke_off = pass.give_up(because, None).1;
        }
        self.refuse(because);
        self.places.forget();
        (self.began_at, self.before) = (None, Before::default());
    }

    /// What a pass had sent that nobody waited for and that broke off; it is told once.
    pub fn take_broken(&mut self) -> Vec<String> {
        std::mem::take(&mut self.broke_off)
    }

    /// Answers those who wait that there is none.
    pub fn refuse(&mut self, because: &str) {
        let why = because.trim_end_matches('.');
        for mut order in self.orders.drain(..) {
            order.answer(&Err(RouterCommandError::Unreachable(why.to_owned())));
        }
    }

    /// Whether a pass that nobody ordered is due, and needs the hotspot's logins: others who print them are to do so now.
    pub(crate) fn needs_logins(&self, now: Instant) -> bool {
        let is_due = self.pass.is_none() && self.orders.is_empty() && self.limits.is_asked;
        is_due && self.has_devices() && self.began_at.is_some_and(|at| at + AT_A_HOTSPOT <= now)
    }

    fn has_devices(&self) -> bool {
        let is_device = |limit: &WantedLimit| matches!(limit.subject, LimitSubject::Device(_));
        self.is_looked_at() || self.limits.wanted.iter().any(is_device)
    }

    /// When a pass that nobody ordered is due: with the print of the hotspot's logins that somebody else needs, where there is one.
    fn next(&self, now: Instant, logins: LoginsElsewhere) -> Instant {
        let Some(at) = self.began_at else { return now };
        match logins {
            _ if !self.has_devices() => at + EVERY,
            LoginsElsewhere { asked: Some(_), .. } => at + EVERY / 2,
            LoginsElsewhere { is_coming: true, .. } => at + EVERY,
            LoginsElsewhere { .. } => at + AT_A_HOTSPOT,
        }
    }

    /// When [`Self::step`] has something to do, unless a reply comes before.
    pub(crate) fn due(&self, now: Instant, logins: LoginsElsewhere) -> Option<Instant> {
        match &self.pass {
            Some(pass) if pass.is_ready() => Some(now),
            Some(pass) => pass.overdue_at(),
            None if !self.orders.is_empty() => Some(now),
            None => {
                let next = self.next(now, logins);
                let kept = self.limits.is_asked.then_some(next);
                kept.into_iter().chain(self.looked_at_until.map(|until| until.min(next))).min()
            }
        }
    }

    /// Asks what is due.
    pub(crate) fn step(
        &mut self,
        (now, logins): (Instant, LoginsElsewhere),
        replies: &mut Tagged,
        out: &mut Vec<Command>,
    ) -> Told {
        if self.due(now, logins).is_none_or(|due| due > now) {
            return Told::default();
        }
        match self.pass.take() {
            None if self.looks_no_more(now) => Told { is_unwatched: true, ..Told::default() },
            None => {
                self.begin((now, logins.asked), replies, out);
                Told::default()
            }
            Some(pass) if pass.is_ready() => match self.go_on(pass, now, replies, out) {
                Some(ended) => self.told(*ended),
                None => Told::default(),
            },
            Some(mut pass) => {
                let places = pass.places();
                let (order, sent) = pass.give_up("the router did not answer in time", Some((replies, out)));
                let (over, outcome) = (Vec::new(), Err(RouterCommandError::TimedOut));
                self.told(Ended { order, places, over, sent, outcome })
            }
        }
    }

    /// Whether nobody looks any more who did.
    fn looks_no_more(&mut self, now: Instant) -> bool {
        let is_over = self.looked_at_until.is_some_and(|until| until <= now);
        if is_over {
            (self.looked_at_until, self.before) = (None, Before::default());
        }
        is_over
    }

    fn begin(&mut self, (now, logins): (Instant, Option<Tag>), replies: &mut Tagged, out: &mut Vec<Command>) {
        let ordered = self.next_order();
        if ordered.as_ref().is_none_or(|order| !order.dry_run) {
            self.began_at = Some(now);
        }
        // Who only looks changes nothing.
        let dry_run = !self.limits.is_asked;
        let mut order = ordered.unwrap_or_else(|| Order { dry_run, ..Order::default() });
        let wanted = order.thought.take().map_or_else(|| self.limits.wanted.clone(), Into::into);
        self.told = self.limits.told;
        let seen = Seen::nothing(self.mark.clone(), Logins::new(self.is_looked_at()), self.bonds.clone());
        let places = std::mem::take(&mut self.places);
        // Who waits is answered by rows that were asked for later, and an uptime is judged with rows of its own moment.
        let logins = logins.filter(|_| order.answers.is_empty() && !self.bonds.needs_uptime());
        let pass = Pass::begin((order, wanted), (seen, places), (now, logins), replies, out);
        self.pass = Some(Box::new(pass));
    }

    /// The one that waited longest, and all who are served by the same pass.
    fn next_order(&mut self) -> Option<Order> {
        let mut first = self.orders.pop_front()?;
        if first.can_join() {
            let (joining, others): (VecDeque<Order>, VecDeque<Order>) =
                self.orders.drain(..).partition(Order::can_join);
            self.orders = others;
            first.answers.extend(joining.into_iter().flat_map(|order| order.answers));
        }
        Some(first)
    }

    fn told(&mut self, Ended { mut order, places, over, sent, outcome }: Ended) -> Told {
        self.places = places;
        let (kept, seen) = match outcome {
            Ok((kept, seen)) => (Ok(kept), Ok(seen)),
            Err(error) => (Err(error.clone()), Err(error)),
        };
        let is_its_own = order.answers.is_empty();
        if is_its_own {
            self.broke_off = sent;
        }
        order.answer(&kept);
        if let Ok(seen) = &seen {
            self.bonds = seen.bonds.clone();
            // Others may have been told meanwhile.
            self.bonds.tell(&self.limits.sessions);
        }
        let traffic = match seen {
            _ if !self.is_looked_at() => None,
            Ok(seen) => self.before.look(seen).map(Ok),
            Err(error) => Some(Err(error)),
        };
        let over = if order.dry_run { Vec::new() } else { over };
        let kept = (!order.dry_run).then_some(kept);
        Told { kept, is_its_own, told: self.told, over, traffic, is_unwatched: false }
    }

    /// Takes a reply; `false` when it is to nothing that was asked here.
    pub fn accept(&mut self, tag: Tag, event: &Event<'_>) -> bool {
        let Some(pass) = self.pass.as_mut().filter(|pass| pass.is_asked(tag)) else { return false };
        pass.accept(tag, event);
        true
    }

    /// As far as it goes without an answer of the router.
    fn go_on(
        &mut self,
        mut pass: Box<Pass>,
        now: Instant,
        replies: &mut Tagged,
        out: &mut Vec<Command>,
    ) -> Option<Box<Ended>> {
        while pass.is_ready() {
            match pass.step(now, replies, out) {
                Next::Runs(on) => pass = on,
                Next::Over(ended) => return Some(ended),
            }
        }
        self.pass = Some(pass);
        None
    }
}
