//! One pass: look, send what is missing command by command, look again, until nothing is missing.

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use accounting::time::Micros;
use operations::{Marks, RouterCommandError, VoucherSights};
use routeros_proto::{Command, Event, Tag, Tagged};
use tokio::time::Instant;

use super::look::{Look, Outcome as Looked, Task};
use super::plan::{Step, Way, admit, keep, removals, removals_before};
use super::present::Present;
use crate::link::LinkError;
use crate::prints::LoginsElsewhere;

/// A command that is not answered by then may have been carried out or not.
const ANSWERED_WITHIN: Duration = Duration::from_secs(10);
/// Nothing is taken away by an id that is older: the router may have given it to another (routeros.md §8, trap 9).
const FRESH: Duration = Duration::from_secs(2);
/// Of somebody who cannot be put out, because no answer comes within that.
const TOO_SLOW: &str = "the router takes longer than two seconds to say who one of its hotspot users is, so that nobody can be put out \
                        without a danger of putting out another; it is tried again in the next pass, and the time that the router has \
                        for the user (limit-uptime) ends there in any case";
/// Commands between two looks at most: what is left is planned on rows that were read anew.
const MOST_STEPS: usize = 200;
/// A router that does not come to rest is left for the next pass.
const MOST_LOOKS: u32 = 12;

/// See the module.
#[derive(Debug)]
pub(super) struct Pass {
    pub(super) task: Task,
    /// It is only thought of: what would be sent is told, and nothing is.
    is_thought: bool,
    phase: Phase,
    /// Of users who have to be made; nobody is told.
    password: String,
    seen: Seen,
    /// What was seen of logins until now, whatever becomes of the pass.
    sights: VoucherSights,
    /// Somebody of whom it was read anew what there is, and when that was asked for.
    anew: Option<(Vec<u8>, Instant)>,
    looks: u32,
}

/// One user is looked at again before something of theirs is taken away: the tables of all may take longer than an id is good.
#[derive(Debug)]
struct Narrow {
    user: Vec<u8>,
    /// What is to be done after that.
    left: VecDeque<Step>,
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
    Looks { look: Box<Look>, is_over: bool, narrow: Option<Box<Narrow>> },
    Acts { left: VecDeque<Step>, sent: Option<(Tag, Step, Instant)> },
}

/// Nothing is to be done.
const AT_REST: Phase = Phase::Acts { left: VecDeque::new(), sent: None };

/// How a pass goes on.
pub(super) enum Next {
    Runs(Box<Pass>),
    /// With what was seen of logins.
    Over(Box<Result<Seen, Broken>>, VoucherSights),
}

/// It broke off.
pub(super) struct Broken {
    pub(super) error: RouterCommandError,
    /// What had been sent to change something.
    pub(super) sent: Vec<String>,
}

impl Pass {
    pub(super) fn begin(
        (task, is_thought): (Task, bool),
        marks: Marks,
        now: Instant,
        replies: &mut Tagged,
        out: &mut Vec<Command>,
    ) -> Pass {
        let seen = Seen { present: Present::of(marks.clone()), ..Seen::default() };
        let look = Look::begin(&task, marks, now, replies, out);
        let phase = Phase::Looks { look: Box::new(look), is_over: false, narrow: None };
        let password = format!("{:032x}", rand::random::<u128>());
        Pass {
            task,
            is_thought,
            phase,
            password,
            seen,
            sights: VoucherSights::default(),
            anew: None,
            looks: 1,
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

    /// Whether it prints the logins of all.
    pub(super) fn logins(&self) -> LoginsElsewhere {
        match (&self.task, &self.phase) {
            (Task::Keep(..), Phase::Looks { look, narrow: None, .. }) => look.logins(),
            _ => LoginsElsewhere::default(),
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
        match std::mem::replace(&mut self.phase, AT_REST) {
            Phase::Looks { look, narrow, .. } => match look.go_on(&self.task, now, replies, out) {
                Looked::Failed(error) => {
                    let sent = std::mem::take(&mut self.seen.commands);
                    let error = failed(&error, !sent.is_empty());
                    Next::Over(Box::new(Err(Broken { error, sent })), self.take_sights())
                }
                Looked::Runs(look) => self.looks_on(look, narrow),
                Looked::Seen(present) => {
                    self.see(&present, narrow.as_ref().map(|narrow| &*narrow.user), (now, wall));
                    match narrow {
                        Some(narrow) => self.know_anew(*narrow, present, now),
                        None => {
                            self.seen.present = present;
                            self.plan(wall)
                        }
                    }
                }
            },
            Phase::Acts { mut left, .. } => match left.pop_front() {
                Some(Step { about: Some(user), removes: true, .. }) if self.is_old(&user, now) => {
                    let look = Look::narrow(&user, self.seen.present.marks.clone(), now, replies, out);
                    self.looks_on(look, Some(Box::new(Narrow { user, left })))
                }
                Some(step) => {
                    let tag = replies.open();
                    out.push(step.command.clone().tag(tag));
                    self.seen.commands.push(step.command.shown());
                    self.phase = Phase::Acts { left, sent: Some((tag, step, now)) };
                    Next::Runs(self)
                }
                None => {
                    self.looks += 1;
                    let look = Look::begin(&self.task, self.seen.present.marks.clone(), now, replies, out);
                    self.looks_on(look, None)
                }
            },
        }
    }

    /// What they moved is told before anything is taken away. `user`: only that one was looked at.
    fn see(&mut self, present: &Present, user: Option<&[u8]>, times: (Instant, Micros)) {
        let Some((known, only)) = self.task.users(user) else { return };
        let marked: HashSet<&[u8]> = present.ours().map(|user| &*user.name).collect();
        // A user that lost our mark is ours on our device.
        let is_ours =
            |user: &[u8], mac: &[u8]| marked.contains(user) || known.get(user).is_some_and(|of| *of == mac);
        match &only {
            None => self.sights.look_anew(None),
            Some(users) => users.iter().for_each(|user| self.sights.look_anew(Some(user))),
        }
        // A row with another device's MAC adds up what that moved.
        let is_its = |user: &[u8], mac: &[u8]| known.get(user).map_or(!mac.is_empty(), |of| *of == mac);
        let sights = present.sights(times, is_ours, is_its);
        sights.into_iter().for_each(|seen| self.sights.see(seen));
        if only.is_none() {
            self.sights.whole(times.1);
        }
    }

    /// What was seen of logins since this was asked last.
    pub(super) fn take_sights(&mut self) -> VoucherSights {
        std::mem::take(&mut self.sights)
    }

    fn looks_on(mut self: Box<Self>, look: Look, narrow: Option<Box<Narrow>>) -> Next {
        self.phase = Phase::Looks { look: Box::new(look), is_over: false, narrow };
        Next::Runs(self)
    }

    /// What there is of one user is known as of now: that is what is taken away of them.
    fn know_anew(mut self: Box<Self>, Narrow { user, left }: Narrow, shown: Present, now: Instant) -> Next {
        self.anew = shown.at.map(|at| (user.clone(), at));
        self.seen.present.know_anew(&user, shown);
        let of_user = |step: &Step| step.about.as_ref() == Some(&user);
        let (gone, left): (Vec<Step>, Vec<Step>) = if self.is_old(&user, now) {
            self.seen.refused.get_or_insert_with(|| TOO_SLOW.to_owned());
            (Vec::new(), left.into_iter().filter(|step| !of_user(step)).collect())
        } else {
            let removals = self.removals().into_iter().filter(of_user).collect();
            (removals, left.into_iter().filter(|step| !(step.removes && of_user(step))).collect())
        };
        self.phase = Phase::Acts { left: gone.into_iter().chain(left).collect(), sent: None };
        Next::Runs(self)
    }

    fn removals(&self) -> Vec<Step> {
        match &self.task {
            Task::Hosts(_) | Task::Moved(_) => Vec::new(),
            Task::Keep(wanted, leaving) => removals(wanted, leaving, &self.seen.present),
            Task::Admit(device) => removals_before(device, &self.seen.present),
        }
    }

    /// Whether ids of what there is of a user may be another's by now.
    fn is_old(&self, user: &[u8], now: Instant) -> bool {
        let anew = self.anew.as_ref().filter(|(known, _)| known == user).map(|(_, at)| *at);
        let at = anew.or(self.seen.present.at);
        at.is_none_or(|at| now.saturating_duration_since(at) > FRESH)
    }

    /// It is known what is there: what is to be done about it. A router that refuses is not told the same again and again.
    fn plan(mut self: Box<Self>, wall: Micros) -> Next {
        let mut steps = match &self.task {
            Task::Hosts(_) | Task::Moved(_) => Vec::new(),
            Task::Keep(wanted, leaving) => keep(wanted, leaving, &self.seen.present, wall, &self.password),
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
        if self.is_thought {
            self.seen.commands = steps.iter().map(|step| step.command.shown()).collect();
            let sights = self.take_sights();
            return Next::Over(Box::new(Ok(self.seen)), sights);
        }
        steps.truncate(MOST_STEPS);
        if steps.is_empty() || self.looks >= MOST_LOOKS || self.seen.refused.is_some() {
            self.seen.left = steps.len();
            let sights = self.take_sights();
            return Next::Over(Box::new(Ok(self.seen)), sights);
        }
        self.phase = Phase::Acts { left: steps.into(), sent: None };
        Next::Runs(self)
    }

    /// It ends without an answer of the router.
    pub(super) fn give_up(self, why: &str, replies: Option<(&mut Tagged, &mut Vec<Command>)>) -> Broken {
        let sent = self.seen.commands;
        if let (Phase::Looks { look, .. }, Some((replies, out))) = (self.phase, replies) {
            look.cancel(replies, out);
        }
        let error = match sent.is_empty() {
            true => RouterCommandError::Unreachable(why.trim_end_matches('.').to_owned()),
            false => doubtful(why),
        };
        Broken { error, sent }
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
