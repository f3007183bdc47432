//! One pass over a router's queues: look, send what is missing command by command, look again.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use operations::{LimitsKept, RouterCommandError};
use routeros_proto::{Command, Event, Tag, Tagged};
use store::{LimitSubject, WantedLimit};
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::aim::{Wish, aims, wishes};
use super::found::found;
use super::look::{Look, Outcome as Looked, Seen};
use super::plan::{Step, plan};
use crate::link::LinkError;

/// A command that is not answered by then may have been carried out or not.
const ANSWERED_WITHIN: Duration = Duration::from_secs(10);

/// What comes of a pass.
pub type Kept = Result<LimitsKept, RouterCommandError>;

/// What a pass is for.
#[derive(Debug)]
pub struct Order {
    /// What is to be thought of as wanted; `None`: what is wanted when its turn comes.
    pub thought: Option<Vec<WantedLimit>>,
    /// Only find out what would be sent.
    pub dry_run: bool,
    /// Whoever waits for it.
    pub answer: Option<oneshot::Sender<Kept>>,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Pass {
    order: Order,
    wanted: Arc<[WantedLimit]>,
    phase: Phase,
    wishes: Vec<(LimitSubject, Wish)>,
    refused: Vec<(LimitSubject, String)>,
    /// Why one was not removed that nobody wants.
    not_removed: Option<String>,
    /// Those that were sent, or would be.
    commands: Vec<String>,
    /// More is to be sent after the next look.
    is_cut: bool,
    /// The router did not take a queue before one of its own.
    pub(super) refused_place: bool,
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
        sent: Option<(Tag, Step, Instant)>,
    },
}

/// How it stands then, and what was seen last.
pub(super) type Outcome = Result<(LimitsKept, Seen), RouterCommandError>;

/// How a pass goes on.
pub(super) enum Next {
    Runs(Box<Pass>),
    Over(Order, Box<Outcome>),
}

impl Pass {
    pub(super) fn begin(
        (order, wanted): (Order, Arc<[WantedLimit]>),
        seen: Seen,
        now: Instant,
        replies: &mut Tagged,
        out: &mut Vec<Command>,
    ) -> Pass {
        let look = Look::begin(&wanted, seen, now, replies, out);
        let phase = Phase::Looks { look, is_over: false, acted: false };
        Pass {
            order,
            wanted,
            phase,
            wishes: vec![],
            refused: vec![],
            not_removed: None,
            commands: vec![],
            is_cut: false,
            refused_place: false,
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
            Phase::Acts { left, sent, .. } => match event {
                Event::Done(_) | Event::Cancelled => *sent = None,
                Event::Trapped(trap) => {
                    let Some((_, step, _)) = sent.take() else { return };
                    if let Some(anywhere) = step.anywhere {
                        self.refused_place = true;
                        left.push_front(Step { command: anywhere, anywhere: None, ..step });
                    } else {
                        let why = LinkError::from_trap(&step.command.shown(), trap.clone()).of_change();
                        match step.subject {
                            Some(subject) => self.refused.push((subject, why)),
                            None => self.not_removed = Some(why),
                        }
                    }
                }
                Event::Row(_) | Event::Fatal(_) | Event::Ignored(_) => {}
            },
        }
    }

    /// Goes on, where it [can](Self::is_ready).
    pub(super) fn step(
        mut self: Box<Self>,
        places: bool,
        now: Instant,
        replies: &mut Tagged,
        out: &mut Vec<Command>,
    ) -> Next {
        match self.phase {
            Phase::Looks { look, acted, .. } => match look.go_on(now, replies, out) {
                Looked::Failed(error) => Next::Over(self.order, Box::new(Err(failed(&error, acted)))),
                Looked::Seen(seen) if acted && !self.is_cut => {
                    let said = (&*self.refused, self.not_removed);
                    let kept = kept(&self.wishes, said, self.commands, &seen);
                    Next::Over(self.order, Box::new(Ok((kept, seen))))
                }
                Looked::Seen(seen) => {
                    self.phase = Phase::Acts { seen, left: VecDeque::new(), sent: None };
                    self.plan(places)
                }
                Looked::Runs(look) => {
                    self.phase = Phase::Looks { look, is_over: false, acted };
                    Next::Runs(self)
                }
            },
            Phase::Acts { seen, mut left, .. } => {
                self.phase = match left.pop_front() {
                    Some(step) => {
                        let tag = replies.open();
                        out.push(step.command.clone().tag(tag));
                        self.commands.push(step.command.shown());
                        Phase::Acts { seen, left, sent: Some((tag, step, now)) }
                    }
                    None => {
                        let look = Look::at_queues(seen, now, replies, out);
                        Phase::Looks { look, is_over: false, acted: true }
                    }
                };
                Next::Runs(self)
            }
        }
    }

    /// It is known what is there: what is to be done about it.
    fn plan(mut self: Box<Self>, places: bool) -> Next {
        let Phase::Acts { seen, left, .. } = &mut self.phase else { return Next::Runs(self) };
        self.wishes = wishes(&self.wanted, &seen.present, &seen.mark);
        let plan = plan(&self.wishes, &seen.queues, places);
        // A router that refuses is not told the same again and again.
        self.is_cut = plan.is_cut && self.refused.is_empty() && self.not_removed.is_none();
        self.refused.extend(plan.refused);
        if plan.steps.is_empty() || self.order.dry_run {
            self.commands.extend(plan.steps.iter().map(|step| step.command.shown()));
            let seen = std::mem::take(seen);
            let mut kept = kept(&self.wishes, (&self.refused, self.not_removed), self.commands, &seen);
            if self.order.dry_run {
                kept.stays = None;
            }
            return Next::Over(self.order, Box::new(Ok((kept, seen))));
        }
        *left = plan.steps.into();
        Next::Runs(self)
    }

    /// It ends without an answer of the router.
    pub(super) fn give_up(self, why: &str, replies: Option<(&mut Tagged, &mut Vec<Command>)>) -> Order {
        let has_acted = match &self.phase {
            Phase::Looks { acted, .. } => *acted,
            Phase::Acts { .. } => !self.commands.is_empty(),
        };
        if let (Phase::Looks { look, .. }, Some((replies, out))) = (self.phase, replies) {
            look.cancel(replies, out);
        }
        let mut order = self.order;
        if let Some(answer) = order.answer.take() {
            // Whoever went away does not want it.
            let _ = answer.send(Err(if has_acted { doubtful(why) } else { not_reached(why) }));
        }
        order
    }
}

/// `said`: what the router refused of those that are wanted, and of those that are not.
fn kept(
    wishes: &[(LimitSubject, Wish)],
    (refused, not_removed): (&[(LimitSubject, String)], Option<String>),
    commands: Vec<String>,
    seen: &Seen,
) -> LimitsKept {
    let aims = aims(wishes);
    let ours = || seen.queues.iter().filter(|queue| queue.is_ours());
    let stays = ours().any(|queue| !aims.contains_key(&*queue.name));
    let stays = stays.then(|| not_removed.unwrap_or_else(still_there));
    LimitsKept { commands, found: found(wishes, refused, seen), ours: ours().count(), stays }
}

fn still_there() -> String {
    "the router still shows a queue of ours that nobody wants any more".to_owned()
}

fn failed(error: &LinkError, acted: bool) -> RouterCommandError {
    if acted { doubtful(&error.to_string()) } else { RouterCommandError::Refused(error.to_string()) }
}

fn doubtful(why: &str) -> RouterCommandError {
    RouterCommandError::Unknown(format!(
        "the queues were being set when that broke off ({why}); they are looked at again within seconds of the next connection"
    ))
}

fn not_reached(why: &str) -> RouterCommandError {
    RouterCommandError::Unreachable(why.trim_end_matches('.').to_owned())
}
