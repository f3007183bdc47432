//! One pass: look, send what is missing command by command, look again, until nothing is missing.

use std::collections::VecDeque;
use std::time::Duration;

use accounting::time::Micros;
use operations::RouterCommandError;
use routeros_proto::{Command, Event, Tag, Tagged};
use tokio::time::Instant;

use super::look::{Look, Outcome as Looked, Task};
use super::plan::{Step, Way, admit, keep};
use super::present::Present;
use crate::link::LinkError;

/// A command that is not answered by then may have been carried out or not.
const ANSWERED_WITHIN: Duration = Duration::from_secs(10);
/// Nothing is taken away by an id that is older: the router may have given it to another (routeros.md §8, trap 9).
const FRESH: Duration = Duration::from_secs(2);
/// A router that does not come to rest is left for the next pass.
const MOST_LOOKS: u32 = 12;

/// See the module.
#[derive(Debug)]
pub(super) struct Pass {
    pub(super) task: Task,
    phase: Phase,
    /// Of users who have to be made; nobody is told.
    password: String,
    seen: Seen,
    looks: u32,
}

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// What the router showed last.
    pub(super) present: Present,
    /// What was sent to change something.
    pub(super) commands: Vec<String>,
    /// What the router did not take, and why.
    pub(super) refused: Option<String>,
    /// What would still have to be done.
    pub(super) left: usize,
    /// Of a device that is to be let in.
    pub(super) way: Option<Way>,
}

#[derive(Debug)]
enum Phase {
    Looks { look: Look, is_over: bool },
    Acts { left: VecDeque<Step>, sent: Option<(Tag, Step, Instant)> },
}

/// How a pass goes on.
pub(super) enum Next {
    Runs(Box<Pass>),
    Over(Box<Result<Seen, RouterCommandError>>),
}

impl Pass {
    pub(super) fn begin(task: Task, now: Instant, replies: &mut Tagged, out: &mut Vec<Command>) -> Pass {
        let phase = Phase::Looks { look: Look::begin(&task, now, replies, out), is_over: false };
        let password = format!("{:032x}", rand::random::<u128>());
        Pass { task, phase, password, seen: Seen::default(), looks: 1 }
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
            Phase::Looks { look, is_over } => *is_over |= look.accept(tag, event),
            Phase::Acts { sent, left } => match event {
                Event::Done(_) | Event::Cancelled => *sent = None,
                Event::Trapped(trap) => {
                    let Some((_, step, _)) = sent.take() else { return };
                    let error = LinkError::from_trap(&step.command.shown(), trap.clone());
                    if !(step.removes && error.is_no_such_item()) {
                        // What is sent after it about the same user was to build on it.
                        left.retain(|next| next.about != step.about);
                        self.seen.refused.get_or_insert(error.of_change());
                    }
                }
                Event::Row(_) | Event::Fatal(_) | Event::Ignored(_) => {}
            },
        }
    }

    /// Goes on, where it [can](Self::is_ready). `wall`: our clock.
    pub(super) fn step(
        mut self: Box<Self>,
        (now, wall): (Instant, Micros),
        replies: &mut Tagged,
        out: &mut Vec<Command>,
    ) -> Next {
        match self.phase {
            Phase::Looks { look, .. } => match look.go_on(&self.task, now, replies, out) {
                Looked::Failed(error) => {
                    Next::Over(Box::new(Err(failed(&error, !self.seen.commands.is_empty()))))
                }
                Looked::Runs(look) => {
                    self.phase = Phase::Looks { look, is_over: false };
                    Next::Runs(self)
                }
                Looked::Seen(present) => {
                    self.phase = Phase::Acts { left: VecDeque::new(), sent: None };
                    self.seen.present = present;
                    self.plan(wall)
                }
            },
            Phase::Acts { mut left, .. } => {
                self.phase = match left.pop_front() {
                    Some(step) if !(step.removes && self.seen.present.is_old(now)) => {
                        let tag = replies.open();
                        out.push(step.command.clone().tag(tag));
                        self.seen.commands.push(step.command.shown());
                        Phase::Acts { left, sent: Some((tag, step, now)) }
                    }
                    _ => {
                        self.looks += 1;
                        Phase::Looks { look: Look::begin(&self.task, now, replies, out), is_over: false }
                    }
                };
                Next::Runs(self)
            }
        }
    }

    /// It is known what is there: what is to be done about it. A router that refuses is not told the same again and again.
    fn plan(mut self: Box<Self>, wall: Micros) -> Next {
        let steps = match &self.task {
            Task::Hosts(_) => Vec::new(),
            Task::Keep(wanted) => keep(wanted, &self.seen.present, wall, &self.password),
            Task::Admit(device) => match admit(device, &self.seen.present, wall, &self.password) {
                Way::Steps(steps) => {
                    self.seen.way = Some(Way::Steps(Vec::new()));
                    steps
                }
                other => {
                    self.seen.way = Some(other);
                    Vec::new()
                }
            },
        };
        if steps.is_empty() || self.looks >= MOST_LOOKS || self.seen.refused.is_some() {
            self.seen.left = steps.len();
            return Next::Over(Box::new(Ok(self.seen)));
        }
        self.phase = Phase::Acts { left: steps.into(), sent: None };
        Next::Runs(self)
    }

    /// It ends without an answer of the router.
    pub(super) fn give_up(
        self,
        why: &str,
        replies: Option<(&mut Tagged, &mut Vec<Command>)>,
    ) -> RouterCommandError {
        let has_acted = !self.seen.commands.is_empty();
        if let (Phase::Looks { look, .. }, Some((replies, out))) = (self.phase, replies) {
            look.cancel(replies, out);
        }
        if has_acted {
            doubtful(why)
        } else {
            RouterCommandError::Unreachable(why.trim_end_matches('.').to_owned())
        }
    }
}

impl Present {
    fn is_old(&self, now: Instant) -> bool {
        self.at.is_none_or(|at| now.saturating_duration_since(at) > FRESH)
    }
}

fn failed(error: &LinkError, has_acted: bool) -> RouterCommandError {
    if has_acted { doubtful(&error.to_string()) } else { RouterCommandError::Refused(error.to_string()) }
}

fn doubtful(why: &str) -> RouterCommandError {
    RouterCommandError::Unknown(format!(
        "devices were being let in or put out when that broke off ({why}); they are looked at again within seconds of the next connection"
    ))
}
