//! What is asked of one router for those who are watched on it, and what its answers mean.

mod finding;
mod fitting;
mod refused;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use operations::{Standing, Watch, Watched};
use routeros_proto::{Command, Event, Tag, Tagged};
use tokio::time::Instant;
use uuid::Uuid;

use super::budget::{Budget, Pace};
use super::differences::{Differences, Menu};
use super::load::Load;
use super::look::Look;
use super::said::{Said, silent, told};
use super::stream::Stream;
use super::suspects::Suspects;
use crate::routeros::monitor_traffic;

/// After a look-up something that changed is looked up no sooner.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// Who is not found is looked for so often.
const LOOK_FOR_LOST: Duration = Duration::from_secs(5);
/// An interface that is gone may look like one on which nothing passes (routeros.md U1), so that all are looked up so
/// often.
const LOOK_AT_ALL: Duration = Duration::from_secs(30);
/// Where nobody hears of sessions that come and go, so often.
const LOOK_DEAF: Duration = Duration::from_secs(10);

/// See the module. It lives as long as the router is polled, connected or not.
#[derive(Debug, Default)]
pub struct Desk {
    wanted: BTreeMap<Uuid, Watched>,
    /// Interfaces of those who are found by one.
    found: BTreeMap<Uuid, Vec<Box<[u8]>>>,
    /// Which interfaces those are that face somebody.
    facing: BTreeMap<Uuid, u64>,
    look: Option<Look>,
    looked_at: Option<Instant>,
    /// What was found may not be so any more.
    stale: bool,
    /// Look-ups in a row that were refused or not answered, at least in part.
    looks_refused: u32,
    /// It is not heard when sessions come and go.
    is_deaf: bool,
    /// No stream is begun before the next look-up: the last one was ended because something is gone.
    unsure: bool,
    stream: Option<Stream>,
    /// The stream is to be begun anew although its interfaces are called as before.
    renew: bool,
    /// Since when the stream is not as it should be.
    unfit_since: Option<Instant>,
    /// Streams in a row that the router ended before they told anything.
    refusals: u32,
    /// Of whom one is sought for whose sake streams are refused.
    suspects: Option<Suspects>,
    /// One was found, and no stream has told anything since they are refused.
    refuses_all: bool,
    /// Interfaces that a stream has left out although they are there.
    lacked: BTreeSet<Box<[u8]>>,
    /// Interfaces that streams left out twice, or were refused for: until then they are counted instead.
    unlisted: BTreeMap<Box<[u8]>, Instant>,
    /// Until then the router is not asked for a stream, for it refuses one.
    no_stream_until: Option<Instant>,
    differences: Differences,
    load: Load,
    budget: Budget,
}

impl Desk {
    /// These are watched from now on, and nobody else. Told: of whom nothing can be known.
    pub fn want(&mut self, wanted: &[Watch]) -> Vec<Said> {
        let wanted: BTreeMap<_, _> =
            wanted.iter().map(|watch| (watch.customer, watch.watched.clone())).collect();
        self.stale |= wanted.iter().any(|(id, watched)| self.wanted.get(id) != Some(watched));
        // What somebody was found by is not what another kind of login of theirs is found by.
        let before = std::mem::take(&mut self.wanted);
        let is_as_before = |id: &Uuid| wanted.contains_key(id) && wanted.get(id) == before.get(id);
        self.found.retain(|id, _| is_as_before(id));
        self.facing.retain(|id, _| is_as_before(id));
        self.wanted = wanted;
        self.forget_lost_suspects();
        if self.wanted.is_empty() {
            self.budget.rests();
        }
        let lost =
            self.wanted.iter().filter(|(_, watched)| !Look::finds(watched) && Menu::of(watched).is_none());
        let why = "their session is carried in a way for which no table of the router is known to name its interface, so that what it \
                   moves now cannot be shown";
        lost.map(|(id, _)| Said::Stands(*id, Standing::Trouble(why.to_owned()))).collect()
    }

    /// Whether it is heard when sessions come and go.
    pub fn hears(&mut self, is_heard: bool) {
        self.is_deaf = !is_heard;
    }

    /// Sessions came or went.
    pub fn hears_of_sessions(&mut self) {
        self.stale |= self.wanted.values().any(|watched| matches!(watched, Watched::Ppp { .. }));
    }

    /// The connection is gone, and with it what was asked; the next one begins anew.
    pub fn disconnected(&mut self, because: &str) -> Vec<Said> {
        let (wanted, budget) = (std::mem::take(&mut self.wanted), std::mem::take(&mut self.budget));
        self.differences.forget();
        let stands = |id: &Uuid| Said::Stands(*id, Standing::Trouble(because.to_owned()));
        let said = wanted.keys().map(stands).collect();
        *self = Desk { stale: true, wanted, budget, ..Desk::default() };
        said
    }

    /// What it is asked at most.
    pub fn budget(&mut self) -> &mut Budget {
        &mut self.budget
    }

    /// Whether a stream of samples runs.
    pub fn streams(&self) -> bool {
        self.stream.is_some()
    }

    /// When [`Self::step`] has something to do, unless a reply comes before.
    pub fn due(&self, now: Instant) -> Option<Instant> {
        let ask = [self.look_due(now), self.stream_due(now), self.differences_due(now), self.load_due(now)];
        let ask = ask.into_iter().flatten().min().map(|ask| ask.max(self.budget.room_at(now)));
        let give_up = [self.look.as_ref().map(Look::overdue_at), self.stream.as_ref().map(Stream::silent_at)];
        ask.into_iter().chain(give_up.into_iter().flatten()).min()
    }

    /// Asks what is due, and gives up what is not answered.
    /// Told: who is not answered for.
    pub fn step(&mut self, now: Instant, replies: &mut Tagged, out: &mut Vec<Command>) -> Vec<Said> {
        let before = out.len();
        let said = self.give_up(now, replies, out);
        let is_due = |due: Option<Instant>| due.is_some_and(|due| due <= now);
        if self.budget.room_at(now) <= now {
            if is_due(self.look_due(now)) {
                self.begin_look(now, replies, out);
            }
            match self.stream_due(now) {
                None => self.unfit_since = None,
                Some(due) if due <= now => self.fit_stream(now, replies, out),
                Some(_) => {}
            }
            if is_due(self.differences_due(now)) {
                let every = self.budget.pace().of_differences();
                self.differences.ask(self.counted(now), (every, now), replies, out);
            }
            if is_due(self.load_due(now)) {
                self.ask_load(now, replies, out);
            }
        }
        self.budget.count(out.len() - before, now);
        said
    }

    /// Takes a reply; `None` when it is to no command of this desk's.
    pub fn accept(&mut self, tag: Tag, event: &Event<'_>, now: Instant) -> Option<Vec<Said>> {
        if self.stream.as_ref().is_some_and(|stream| stream.is(tag)) {
            return Some(self.take_sample(event, now));
        }
        if self.look.as_ref().is_some_and(|look| look.is_asked(tag)) {
            return Some(self.take_look(tag, event, now));
        }
        if self.differences.is_asked(tag) {
            let outcomes = self.differences.accept(tag, event, now);
            return Some(told(outcomes));
        }
        let percent = self.load.accept(tag, event)?;
        self.take_load(percent);
        Some(Vec::new())
    }

    fn take_sample(&mut self, event: &Event<'_>, now: Instant) -> Vec<Said> {
        match event {
            Event::Row(row) => {
                let Some((stream, row)) = self.stream.as_mut().zip(monitor_traffic::measured(row)) else {
                    return Vec::new();
                };
                let mut readings = stream.accept(row, now);
                // What a look-up does not find any more may stand still and look alive until the next stream.
                readings.retain(|reading| self.found.contains_key(&reading.customer));
                self.stale |= stream.lacks_some();
                if stream.has_spoken() {
                    self.stream_spoke(now);
                }
                if readings.is_empty() { Vec::new() } else { vec![Said::Read(readings)] }
            }
            Event::Trapped(trap) => {
                self.stream_ended(&trap.message, now);
                Vec::new()
            }
            Event::Done(_) | Event::Cancelled => {
                self.stream_ended("it ended them without a word", now);
                Vec::new()
            }
            Event::Fatal(_) | Event::Ignored(_) => Vec::new(),
        }
    }

    fn take_look(&mut self, tag: Tag, event: &Event<'_>, now: Instant) -> Vec<Said> {
        let over = self.look.as_mut().is_some_and(|look| look.accept(tag, event));
        match self.look.take_if(|_| over) {
            Some(look) => self.take_found(look.found(), now),
            None => Vec::new(),
        }
    }

    fn take_load(&mut self, percent: Option<u64>) {
        if percent.is_some_and(|percent| self.budget.hears_load(percent)) {
            let (pace, load) = (self.budget.pace(), self.budget.load());
            tracing::info!(?pace, load, "the router is asked at another pace for those who are watched");
        }
    }

    fn look_due(&self, now: Instant) -> Option<Instant> {
        let mut sought = self.wanted.iter().filter(|(_, watched)| Look::finds(watched)).peekable();
        if self.look.is_some() || sought.peek().is_none() {
            return None;
        }
        let every = match self.stale {
            // One may have met a session that went meanwhile; more are no accident.
            true if self.looks_refused > 1 || self.budget.pace() == Pace::Slow => LOOK_FOR_LOST,
            true => LOOK_AGAIN,
            false if sought.any(|(id, _)| !self.found.contains_key(id)) => LOOK_FOR_LOST,
            false if self.is_deaf => LOOK_DEAF,
            false => LOOK_AT_ALL,
        };
        Some(self.looked_at.map_or(now, |looked_at| looked_at + every))
    }

    fn begin_look(&mut self, now: Instant, replies: &mut Tagged, out: &mut Vec<Command>) {
        (self.stale, self.unsure, self.looked_at) = (false, false, Some(now));
        self.look = Look::begin(self.wanted.iter(), now, replies, out);
    }

    fn differences_due(&self, now: Instant) -> Option<Instant> {
        let counted = !self.counted(now).is_empty();
        counted.then(|| self.differences.due(self.budget.pace().of_differences(), now))
    }

    fn load_due(&self, now: Instant) -> Option<Instant> {
        (!self.wanted.is_empty()).then(|| self.load.due(now))
    }

    fn ask_load(&mut self, now: Instant, replies: &mut Tagged, out: &mut Vec<Command>) {
        if !self.load.ask(now, replies, out) {
            // One that does not even say how busy it is has much to do.
            self.take_load(Some(100));
        }
    }

    fn give_up(&mut self, now: Instant, replies: &mut Tagged, out: &mut Vec<Command>) -> Vec<Said> {
        let mut said = Vec::new();
        if let Some(look) = self.look.take_if(|look| look.overdue_at() <= now) {
            (self.stale, self.unsure) = (true, true);
            said = self.take_found(look.give_up(replies, out), now);
        }
        let is_silent = self.stream.as_ref().is_some_and(|stream| stream.silent_at() <= now);
        let over = if is_silent { self.stream_ended("it gave none for three intervals", now) } else { None };
        if let Some(stream) = over {
            said.extend(silent(&stream));
            stream.cancel(replies, out);
        }
        said
    }
}
