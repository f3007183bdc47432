//! One pass over a router's queues: look, send what is missing command by command, look again.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use operations::{LimitFound, LimitsKept, NoEffect, RouterCommandError};
use routeros_proto::{Command, Event, Tag, Tagged, Trap};
use store::{LimitSubject, WantedLimit};
use tokio::time::Instant;

use super::aim::{Wish, wishes};
use super::look::{Look, Outcome as Looked, Seen};
use super::order::Order;
use super::places::Places;
use super::plan::{Step, plan};
use super::queue_index::QueueIndex;
use super::said::{Said, broke_off, failed};
use crate::link::LinkError;

/// A command that is not answered by then may have been carried out or not.
const ANSWERED_WITHIN: Duration = Duration::from_secs(10);
/// Commands between two looks at most: what is left is planned on rows that were read anew, and for those who are there then.
const MOST_STEPS: usize = 200;
/// None is sent by rows that are older, but for the first.
const ROWS_HOLD: Duration = Duration::from_secs(5);
/// So often commands are sent and looked at; what is missing then is left to the next pass.
const MOST_BATCHES: u32 = 100;
/// So often it is looked anew because what a command named had gone.
const MOST_ANEW: u32 = 5;

/// See the module.
#[derive(Debug)]
pub(super) struct Pass {
    order: Order,
    wanted: Arc<[WantedLimit]>,
    phase: Phase,
    wishes: Vec<(LimitSubject, Wish)>,
    places: Places,
    /// Before which queue those were put that this pass added.
    placed: HashMap<LimitSubject, Vec<u8>>,
    said: Said,
    /// Those that were sent, or would be.
    commands: Vec<String>,
    /// More is to be sent after the next look, or what was planned is not so any more.
    is_cut: bool,
    batches: u32,
    anew: u32,
}

#[derive(Debug)]
enum Phase {
    /// The answer is for the plan, or for who wants to know what came of it.
    Looks {
        look: Look,
        is_over: bool,
        acted: bool,
    },
    Acts {
        seen: Seen,
        left: VecDeque<Step>,
        until: Instant,
        sent: Option<(Tag, Step, Instant)>,
    },
}

/// How it stands then, and what was seen last.
pub(super) type Outcome = Result<(LimitsKept, Seen), RouterCommandError>;

/// How a pass goes on.
pub(super) enum Next {
    Runs(Box<Pass>),
    Over(Box<Ended>),
}

/// One that is over.
pub(super) struct Ended {
    pub(super) order: Order,
    pub(super) places: Places,
    /// Limits whose session the router does not show any more.
    pub(super) over: Vec<WantedLimit>,
    /// Where it broke off: what it had sent to change something.
    pub(super) sent: Vec<String>,
    pub(super) outcome: Outcome,
}

impl Pass {
    pub(super) fn begin(
        (order, wanted): (Order, Arc<[WantedLimit]>),
        (seen, places): (Seen, Places),
        (now, logins): (Instant, Option<Tag>),
        replies: &mut Tagged,
        out: &mut Vec<Command>,
    ) -> Pass {
        let look = Look::begin(&wanted, seen, (now, logins), replies, out);
        Pass {
            order,
            wanted,
            phase: Phase::Looks { look, is_over: false, acted: false },
            wishes: vec![],
            places,
            placed: HashMap::new(),
            said: Said::default(),
            commands: vec![],
            is_cut: false,
            batches: 0,
            anew: 0,
        }
    }

    /// When it is given up, unless something comes before.
    pub(super) fn overdue_at(&self) -> Option<Instant> {
        match &self.phase {
            Phase::Looks { look, .. } => Some(look.overdue_at()),
            Phase::Acts { sent, .. } => sent.as_ref().map(|(.., at)| *at + ANSWERED_WITHIN),
        }
    }

    /// Whether [`Self::step`] has something to do.
    pub(super) fn is_ready(&self) -> bool {
        match &self.phase {
            Phase::Looks { is_over, .. } => *is_over,
            Phase::Acts { sent, .. } => sent.is_none(),
        }
    }

    pub(super) fn is_asked(&self, tag: Tag) -> bool {
        match &self.phase {
            Phase::Looks { look, .. } => look.is_asked(tag),
            Phase::Acts { sent, .. } => sent.as_ref().is_some_and(|(sent, ..)| *sent == tag),
        }
    }

    /// Takes a reply to what it asked.
    pub(super) fn accept(&mut self, tag: Tag, event: &Event<'_>) {
        match &mut self.phase {
            Phase::Looks { look, is_over, .. } => *is_over |= look.accept(tag, event),
            Phase::Acts { sent, .. } => match event {
                Event::Done(_) | Event::Cancelled => {
                    let step = sent.take().map(|(_, step, _)| step);
                    self.placed.extend(step.and_then(|step| Some((step.subject?, step.placed?.before))));
                }
                Event::Trapped(trap) => {
                    if let Some((_, step, _)) = sent.take() {
                        self.trapped(step, trap);
                    }
                }
                Event::Row(_) | Event::Fatal(_) | Event::Ignored(_) => {}
            },
        }
    }

    fn trapped(&mut self, step: Step, trap: &Trap) {
        let error = LinkError::from_trap(&step.command.shown(), trap.clone());
        let Phase::Acts { left, .. } = &mut self.phase else { return };
        if error.is_no_such_item() && self.anew < MOST_ANEW {
            // It went between the look and the command: what is there now is planned for.
            self.anew += 1;
            self.is_cut = true;
            left.clear();
            return;
        }
        match (step.placed, step.subject) {
            (Some(placed), Some(subject)) if matches!(error, LinkError::Trapped(_)) => {
                match trap.is("unknown parameter") {
                    true => self.places.none_are_known(),
                    false => self.places.refuse(subject.clone(), placed.before),
                }
                left.push_front(Step { subject: Some(subject), command: placed.anywhere, placed: None });
            }
            (placed, subject) => self.said.refuse(Step { placed, subject, ..step }, &error),
        }
    }

    /// Goes on, where it [can](Self::is_ready).
    pub(super) fn step(
        mut self: Box<Self>,
        now: Instant,
        replies: &mut Tagged,
        out: &mut Vec<Command>,
    ) -> Next {
        match self.phase {
            Phase::Looks { look, acted, .. } => match look.go_on(now, replies, out) {
                Looked::Failed(error) => {
                    let (order, places, over) = (self.order, self.places, Vec::new());
                    let (sent, outcome) = (sent(acted, self.commands), Err(failed(&error, acted)));
                    Next::Over(Box::new(Ended { order, places, over, sent, outcome }))
                }
                Looked::Seen(seen) => {
                    self.phase =
                        Phase::Acts { seen, left: VecDeque::new(), until: now + ROWS_HOLD, sent: None };
                    if acted && !self.is_cut { self.ended() } else { self.plan() }
                }
                Looked::Runs(look) => {
                    self.phase = Phase::Looks { look: *look, is_over: false, acted };
                    Next::Runs(self)
                }
            },
            Phase::Acts { seen, mut left, until, .. } => {
                if now > until && !left.is_empty() {
                    self.is_cut = true;
                    left.clear();
                }
                self.phase = match left.pop_front() {
                    Some(step) => {
                        let tag = replies.open();
                        out.push(step.command.clone().tag(tag));
                        self.commands.push(step.command.shown());
                        Phase::Acts { seen, left, until, sent: Some((tag, step, now)) }
                    }
                    None => {
                        let look = match self.is_cut {
                            true => Look::begin(&self.wanted, seen.anew(), (now, None), replies, out),
                            false => Look::at_queues(seen, now, replies, out),
                        };
                        Phase::Looks { look, is_over: false, acted: true }
                    }
                };
                Next::Runs(self)
            }
        }
    }

    /// It is known what is there: what is to be done about it.
    fn plan(mut self: Box<Self>) -> Next {
        let Phase::Acts { seen, left, .. } = &mut self.phase else { return Next::Runs(self) };
        self.wishes = wishes(&self.wanted, seen);
        let plan = plan(&self.wishes, &seen.queues, &self.places);
        self.said.taken = plan.refused;
        let mut steps = plan.steps;
        self.said.leave_out(&mut steps);
        if self.order.dry_run {
            self.commands.extend(steps.iter().map(|step| step.command.shown()));
            return self.ended();
        }
        if steps.is_empty() || self.batches == MOST_BATCHES {
            return self.ended();
        }
        self.batches += 1;
        self.is_cut = steps.len() > MOST_STEPS;
        steps.truncate(MOST_STEPS);
        *left = steps.into();
        Next::Runs(self)
    }

    /// Nothing is left to be done about what was seen last.
    fn ended(mut self: Box<Self>) -> Next {
        let Phase::Acts { seen, .. } = &mut self.phase else { return Next::Runs(self) };
        let seen = std::mem::take(seen);
        let mut kept = self.said.kept(&self.wishes, std::mem::take(&mut self.commands), &seen);
        if self.order.dry_run {
            kept.stays = None;
            kept.refused = std::mem::take(&mut self.said.taken);
        } else {
            self.note_places(&kept, &seen);
        }
        let over = self.wanted.iter().filter(|limit| seen.bonds.is_over(limit)).cloned().collect();
        Next::Over(Box::new(Ended {
            order: self.order,
            places: self.places,
            over,
            sent: Vec::new(),
            outcome: Ok((kept, seen)),
        }))
    }

    /// Put before one that the router made, and behind it all the same: that is not tried again and again.
    fn note_places(&mut self, kept: &LimitsKept, seen: &Seen) {
        if self.placed.is_empty() {
            return;
        }
        let index = QueueIndex::new(&seen.queues);
        for (subject, found) in &kept.found {
            let LimitFound::WithoutEffect(NoEffect::Behind { queue, dynamic: true }) = found else {
                continue;
            };
            let behind = index.named(queue).map(|queue| &queue.id);
            if let Some(before) = self.placed.get(subject).filter(|before| Some(*before) == behind) {
                self.places.refuse(subject.clone(), before.clone());
            }
        }
    }

    /// What became known of places, for the next one.
    pub(super) fn places(&mut self) -> Places {
        std::mem::take(&mut self.places)
    }

    /// It ends without an answer of the router. With what it had sent to change something, where nobody waits for it.
    pub(super) fn give_up(
        self,
        why: &str,
        replies: Option<(&mut Tagged, &mut Vec<Command>)>,
    ) -> (Order, Vec<String>) {
        let has_acted = match &self.phase {
            Phase::Looks { acted, .. } => *acted,
            Phase::Acts { .. } => !self.commands.is_empty(),
        };
        if let (Phase::Looks { look, .. }, Some((replies, out))) = (self.phase, replies) {
            look.cancel(replies, out);
        }
        let mut order = self.order;
        let sent = sent(has_acted && order.answers.is_empty(), self.commands);
        order.answer(&Err(broke_off(why, has_acted)));
        (order, sent)
    }
}

/// Of a dry run none were.
fn sent(has_acted: bool, commands: Vec<String>) -> Vec<String> {
    if has_acted { commands } else { Vec::new() }
}
