//! Prints that are answered together.

use std::time::Duration;

use routeros_proto::{Command, Tag, Tagged};
use tokio::time::Instant;

/// A print that is not answered by then is given up, and asked again later.
pub(crate) const ANSWERED_WITHIN: Duration = Duration::from_secs(15);

/// Prints in flight, each with what it is for.
#[derive(Debug)]
pub(crate) struct Asked<K> {
    open: Vec<(Tag, K)>,
    since: Instant,
}

impl<K: Copy> Asked<K> {
    /// Sends these.
    pub(crate) fn send(
        prints: Vec<(K, Command)>,
        now: Instant,
        replies: &mut Tagged,
        out: &mut Vec<Command>,
    ) -> Self {
        let send = |(what, print): (K, Command)| {
            let tag = replies.open();
            out.push(print.tag(tag));
            (tag, what)
        };
        Asked { open: prints.into_iter().map(send).collect(), since: now }
    }

    /// What a print is for, if it is one of these.
    pub(crate) fn of(&self, tag: Tag) -> Option<K> {
        self.open.iter().find(|(open, _)| *open == tag).map(|(_, what)| *what)
    }

    /// The print for that, while it is open.
    pub(crate) fn tag_of(&self, what: K) -> Option<Tag>
    where
        K: PartialEq,
    {
        self.open.iter().find(|(_, of)| *of == what).map(|(tag, _)| *tag)
    }

    /// What those are for that have not ended.
    pub(crate) fn open(&self) -> impl Iterator<Item = K> {
        self.open.iter().map(|(_, what)| *what)
    }

    /// One has ended; `true` when it was the last.
    pub(crate) fn ended(&mut self, tag: Tag) -> bool {
        self.open.retain(|(open, _)| *open != tag);
        self.open.is_empty()
    }

    /// When they are given up.
    pub(crate) fn overdue_at(&self) -> Instant {
        self.since + ANSWERED_WITHIN
    }

    /// Gives them up.
    pub(crate) fn cancel(self, replies: &mut Tagged, out: &mut Vec<Command>) {
        out.extend(self.open.into_iter().map(|(tag, _)| replies.cancel(tag).1));
    }
}
