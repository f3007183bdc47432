//! Keeps the devices of vouchers on one router to what is wanted: a pass when somebody orders one, and one every ten seconds while
//! something of ours may be there. It lives as long as the router is polled, connected or not.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use accounting::time::{HostInstant, Micros};
use operations::{Marks, RouterCommandError, RouterVouchers, VoucherBoard, VoucherLogin, VouchersKept};
use routeros_proto::{Command, Event, Tag, Tagged};
use store::NasId;
use tokio::time::Instant;

use super::answer;
use super::look::Task;
use super::order::{Order, tell_all};
use super::pass::{Broken, Next, Pass, Seen};
use super::plan::Way;
use crate::prints::LoginsElsewhere;

/// Between two passes that nobody ordered (compat.md 001: at most every 10 s).
const EVERY: Duration = Duration::from_secs(10);
/// Orders that wait. Overflow rule: one more is refused.
pub const MOST_ORDERS: usize = 64;

type Kept = Result<VouchersKept, RouterCommandError>;

/// See the module.
#[derive(Debug)]
pub struct Keeper {
    nas: NasId,
    /// Where it is said what logins moved.
    board: VoucherBoard,
    /// Of this installation.
    marks: Marks,
    vouchers: RouterVouchers,
    orders: VecDeque<Order>,
    pass: Option<(Box<Pass>, Option<Order>)>,
    /// By which number the pass, or the last one that was to make the router what is wanted, knew what that is.
    told: u64,
    /// When the last pass began that was to make the router what is wanted.
    began_at: Option<Instant>,
    /// Users whose devices were let in since then: on the router they stand as wanted.
    admitted: BTreeSet<Vec<u8>>,
    /// What a pass had sent that nobody waited for and that broke off, until it is written down.
    broke_off: Vec<String>,
}

impl Keeper {
    /// Of that router; what looks show of logins is noted on `board` before anybody is told of the pass.
    pub fn new(nas: NasId, board: VoucherBoard, marks: Marks) -> Keeper {
        let (vouchers, orders) = (RouterVouchers::default(), VecDeque::new());
        let (pass, admitted) = (None, BTreeSet::new());
        let broke_off = Vec::new();
        Keeper { nas, board, marks, vouchers, orders, pass, told: 0, began_at: None, admitted, broke_off }
    }

    /// These are wanted from now on; what changed is seen to at once.
    pub fn want(&mut self, vouchers: RouterVouchers) {
        if self.are_news(&vouchers) {
            self.began_at = None;
        }
        self.vouchers = vouchers;
    }

    /// Whether the router has to be made something else: somebody is not to be in any more, or somebody is whom no admission let in. What
    /// they moved is no news, nor when the time of one would end that is being let in.
    fn are_news(&self, next: &RouterVouchers) -> bool {
        let terms = |who: &VoucherLogin| (who.mac.clone(), who.until, who.is_in);
        let by_login = |who: &VoucherLogin| (who.login.clone(), terms(who));
        let before: BTreeMap<_, _> = self.vouchers.wanted.iter().map(by_login).collect();
        let stay: BTreeSet<_> = next.wanted.iter().map(|who| &who.login).collect();
        let is_new = |who: &VoucherLogin| {
            who.is_in && before.get(&who.login) != Some(&terms(who)) && !self.admitted.contains(&who.login)
        };
        before.keys().any(|login| !stay.contains(login))
            || next.wanted.iter().any(is_new)
            || self.vouchers.leaving != next.leaving
    }

    /// By which number the last pass that was to make the router what is wanted knew what that is.
    pub fn told(&self) -> u64 {
        self.told
    }

    /// What time it is in the books of vouchers; `None`: that was not told yet.
    pub fn time(&self, host: HostInstant) -> Option<Micros> {
        self.vouchers.time.and_then(|time| time.at(host))
    }

    /// Somebody wants something and waits for it.
    pub fn order(&mut self, order: Order) {
        if self.orders.len() < MOST_ORDERS {
            self.orders.push_back(order);
        } else {
            let why = "so many devices wait to be let in by this router that no more are taken; try again in a moment";
            order.fail(RouterCommandError::Busy(why.to_owned()));
        }
    }

    /// There is no connection any more.
    pub fn disconnected(&mut self, because: &str) {
        if let Some((mut pass, order)) = self.pass.take() {
            self.board.note(self.nas, pass.take_sights());
            let error = self.broken(pass.give_up(because, None), order.is_none());
            order.into_iter().for_each(|order| order.fail(error.clone()));
        }
        self.refuse(because);
        self.began_at = None;
    }

    /// What a pass had sent that nobody waited for and that broke off; it is told once.
    pub fn take_broken(&mut self) -> Vec<String> {
        std::mem::take(&mut self.broke_off)
    }

    fn broken(&mut self, Broken { error, sent }: Broken, is_its_own: bool) -> RouterCommandError {
        if is_its_own {
            self.broke_off = sent;
        }
        error
    }

    /// Answers those who wait that there is none.
    pub fn refuse(&mut self, because: &str) {
        let error = RouterCommandError::Unreachable(because.trim_end_matches('.').to_owned());
        self.orders.drain(..).for_each(|order| order.fail(error.clone()));
    }

    /// When [`Self::step`] has something to do, unless a reply comes before.
    pub fn due(&self, now: Instant) -> Option<Instant> {
        match &self.pass {
            Some((pass, _)) if pass.is_ready() => Some(now),
            Some((pass, _)) => pass.overdue_at(),
            None if !self.orders.is_empty() => Some(now),
            None => self.vouchers.is_asked.then(|| self.began_at.map_or(now, |at| at + EVERY)),
        }
    }

    /// Asks what is due; how the router stands, after a pass that made it what is wanted. `wall`: the time in the books of vouchers.
    pub fn step(
        &mut self,
        (now, wall): (Instant, Micros),
        replies: &mut Tagged,
        out: &mut Vec<Command>,
    ) -> Option<Kept> {
        if self.due(now).is_none_or(|due| due > now) {
            return None;
        }
        match self.pass.take() {
            None => {
                self.begin(now, replies, out);
                None
            }
            Some((pass, order)) if pass.is_ready() => self.go_on((pass, order), (now, wall), replies, out),
            Some((mut pass, order)) => {
                self.board.note(self.nas, pass.take_sights());
                let task = pass.task.clone();
                let broken = pass.give_up("the router did not answer in time", Some((replies, out)));
                let error = self.broken(broken, order.is_none());
                told(&task, order, Err(error))
            }
        }
    }

    /// Whether it prints the logins of all.
    pub(crate) fn logins(&self) -> LoginsElsewhere {
        self.pass.as_ref().map(|(pass, _)| pass.logins()).unwrap_or_default()
    }

    /// Somebody else needs the logins of all, too: a pass that is due soon begins now, so that they are printed once.
    pub(crate) fn hurry(&mut self, now: Instant) {
        let is_free = self.pass.is_none() && self.orders.is_empty() && self.vouchers.is_asked;
        if is_free && self.began_at.is_some_and(|at| at + EVERY / 2 <= now) {
            self.began_at = None;
        }
    }

    /// Takes a reply; `false` when it is to nothing that was asked here.
    pub fn accept(&mut self, tag: Tag, event: &Event<'_>) -> bool {
        let Some((pass, _)) = self.pass.as_mut().filter(|(pass, _)| pass.is_asked(tag)) else { return false };
        pass.accept(tag, event);
        true
    }

    fn begin(&mut self, now: Instant, replies: &mut Tagged, out: &mut Vec<Command>) {
        let order = if self.is_overdue(now) { None } else { self.next_order() };
        let task = match &order {
            Some(Order::Admit(device, _)) => Task::Admit(device.clone()),
            Some(Order::Hosts(sought, _)) => Task::Hosts(sought.clone()),
            Some(Order::Moved(users, _)) => Task::Moved(users.clone()),
            Some(Order::Plan(thought, _)) => {
                Task::Keep(thought.wanted.clone().into(), thought.leaving.clone().into())
            }
            Some(Order::Keep(_)) | None => {
                (self.began_at, self.told) = (Some(now), self.vouchers.told);
                self.admitted.clear();
                Task::Keep(Arc::clone(&self.vouchers.wanted), Arc::clone(&self.vouchers.leaving))
            }
        };
        let is_thought = matches!(order, Some(Order::Plan(..)));
        let pass = Pass::begin((task, is_thought), self.marks.clone(), now, replies, out);
        self.pass = Some((Box::new(pass), order));
    }

    /// Whoever is to go is put out in time, however many orders there are.
    fn is_overdue(&self, now: Instant) -> bool {
        let is_time = self.began_at.is_none_or(|at| at + EVERY <= now);
        // Nobody wants to know twice how the router stands.
        is_time && self.vouchers.is_asked && !matches!(self.orders.front(), Some(Order::Keep(_)))
    }

    /// Nothing is done for whoever went away: the books may say otherwise of their device by now. All who are served by the same pass
    /// are served by it.
    fn next_order(&mut self) -> Option<Order> {
        let mut first = std::iter::from_fn(|| self.orders.pop_front()).find(Order::is_waited_for)?;
        self.orders = self.orders.drain(..).filter_map(|other| first.join(other)).collect();
        Some(first)
    }

    /// As far as it goes without an answer of the router.
    fn go_on(
        &mut self,
        (mut pass, order): (Box<Pass>, Option<Order>),
        times: (Instant, Micros),
        replies: &mut Tagged,
        out: &mut Vec<Command>,
    ) -> Option<Kept> {
        let task = pass.task.clone();
        while pass.is_ready() {
            match pass.step(times, replies, out) {
                Next::Runs(on) => pass = on,
                Next::Over(seen, sights) => {
                    self.board.note(self.nas, sights);
                    self.admitted.extend(seen.as_ref().as_ref().ok().and_then(|seen| let_in(&task, seen)));
                    let seen = (*seen).map_err(|broken| self.broken(broken, order.is_none()));
                    return told(&task, order, seen);
                }
            }
        }
        self.pass = Some((pass, order));
        None
    }
}

/// The user of the device that was let in.
fn let_in(task: &Task, seen: &Seen) -> Option<Vec<u8>> {
    match (task, &seen.way) {
        (Task::Admit(device), Some(Way::In(_))) => Some(device.who.login.clone()),
        _ => None,
    }
}

/// Tells who waits; whoever went away does not want it.
fn told(task: &Task, order: Option<Order>, seen: Result<Seen, RouterCommandError>) -> Option<Kept> {
    let waits = match order {
        Some(Order::Admit(device, answer)) => {
            let _ = answer.send(seen.and_then(|seen| answer::admitted(&device.who.login, seen)));
            return None;
        }
        Some(Order::Hosts(_, answer)) => {
            let _ = answer.send(seen.map(answer::hosts));
            return None;
        }
        Some(Order::Moved(_, answers)) => {
            tell_all(answers, &seen.map(|_| ()));
            return None;
        }
        Some(Order::Plan(_, answer)) => {
            let _ = answer.send(seen.map(|seen| seen.commands));
            return None;
        }
        Some(Order::Keep(answers)) => answers,
        None => Vec::new(),
    };
    let Task::Keep(wanted, leaving) = task else { return None };
    let kept = seen.map(|seen| answer::kept(wanted, leaving, seen));
    tell_all(waits, &kept);
    Some(kept)
}
