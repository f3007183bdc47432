//! The prints of one look at a router, under one deadline. A look is worth nothing where one of them fails. What another look asked for
//! just now is read along and not printed twice.

use routeros_proto::{Command, Event, Reply, Tag, Tagged};
use tokio::time::Instant;

use crate::link::LinkError;
use crate::link::error::Deadline;
use crate::monitor::asked::{ANSWERED_WITHIN, Asked};

/// What a print is for.
pub(crate) trait Printed: Copy + PartialEq {
    /// The command.
    fn path(self) -> &'static str;
}

/// What a reply was to one of them.
pub(crate) enum Heard<'e, K> {
    /// A row of that table.
    Row(K, &'e Reply<'e>),
    /// The last of them has ended.
    Over,
    /// Nothing that matters, or nothing that was asked here.
    Other,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Prints<K> {
    asked: Asked<K>,
    /// Another look's, until it ends.
    along: Option<(Tag, K)>,
    /// Of which something came already.
    begun: Vec<Tag>,
    failed: Option<LinkError>,
}

impl<K: Printed> Prints<K> {
    /// Sends these, and reads that one along, of which nothing came yet.
    pub(crate) fn send(
        prints: Vec<(K, Command)>,
        along: Option<(Tag, K)>,
        now: Instant,
        replies: &mut Tagged,
        out: &mut Vec<Command>,
    ) -> Self {
        Prints { asked: Asked::send(prints, now, replies, out), along, begun: Vec::new(), failed: None }
    }

    /// Whether a reply is to one of them.
    pub(crate) fn is_asked(&self, tag: Tag) -> bool {
        self.of(tag).is_some()
    }

    /// When they are given up.
    pub(crate) fn overdue_at(&self) -> Instant {
        self.asked.overdue_at()
    }

    /// Gives them up; what belongs to another look goes on.
    pub(crate) fn cancel(self, replies: &mut Tagged, out: &mut Vec<Command>) {
        self.asked.cancel(replies, out);
    }

    /// The print for that, if it is in flight and nothing of it came yet.
    pub(crate) fn unanswered(&self, what: K) -> Option<Tag> {
        self.asked.tag_of(what).filter(|tag| !self.begun.contains(tag))
    }

    /// Why the look is worth nothing.
    pub(crate) fn failed(&mut self) -> Option<LinkError> {
        self.failed.take()
    }

    /// Takes a reply. `excuses`: where a print may fail so.
    pub(crate) fn accept<'e>(
        &mut self,
        tag: Tag,
        event: &'e Event<'e>,
        excuses: impl Fn(&LinkError) -> bool,
    ) -> Heard<'e, K> {
        let Some(what) = self.of(tag) else { return Heard::Other };
        if !self.begun.contains(&tag) {
            self.begun.push(tag);
        }
        match event {
            Event::Row(row) => return Heard::Row(what, row),
            Event::Fatal(_) | Event::Ignored(_) => return Heard::Other,
            Event::Trapped(trap) => self.fail(LinkError::from_trap(what.path(), trap.clone()), excuses),
            // Whoever asked gave it up: what came of it is not all.
            Event::Cancelled => self.fail(LinkError::TimedOut(Deadline::Command(ANSWERED_WITHIN)), |_| false),
            Event::Done(_) => {}
        }
        if self.ended(tag) { Heard::Over } else { Heard::Other }
    }

    fn fail(&mut self, error: LinkError, excuses: impl Fn(&LinkError) -> bool) {
        if !excuses(&error) {
            self.failed.get_or_insert(error);
        }
    }

    fn of(&self, tag: Tag) -> Option<K> {
        let along = self.along.filter(|(open, _)| *open == tag).map(|(_, what)| what);
        along.or_else(|| self.asked.of(tag))
    }

    fn ended(&mut self, tag: Tag) -> bool {
        self.along = self.along.filter(|(open, _)| *open != tag);
        self.asked.ended(tag) && self.along.is_none()
    }
}

/// Whether the hotspot's logins are printed by somebody else on this connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct LoginsElsewhere {
    /// They were asked for, and nothing came yet: who begins now reads along.
    pub(crate) asked: Option<Tag>,
    /// They will be asked for in a moment.
    pub(crate) is_coming: bool,
}
