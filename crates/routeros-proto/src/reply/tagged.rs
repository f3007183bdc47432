//! Many commands in flight, told apart by tags: the control connection.

use std::collections::HashMap;

use super::event::{Event, Ignored};
use super::sentence::{Reply, ReplyKind};
use super::track::Track;
use crate::command::{Command, Tag};

/// Follows any number of commands. Words of tags that are finished, cancelled or unknown are dropped, never an error
/// (`routeros.md` §1.7).
#[derive(Clone, Debug, Default)]
pub struct Tagged {
    open: HashMap<Tag, Open>,
    last: u32,
}

#[derive(Clone, Debug, Default)]
struct Open {
    track: Track,
    cancelled: bool,
}

impl Tagged {
    /// A connection with nothing in flight.
    pub fn new() -> Self {
        Self::default()
    }

    /// A tag for a command about to be sent. A tag comes back only after four billion others.
    pub fn open(&mut self) -> Tag {
        loop {
            self.last = self.last.wrapping_add(1);
            let tag = Tag(self.last);
            if let std::collections::hash_map::Entry::Vacant(place) = self.open.entry(tag) {
                place.insert(Open::default());
                return tag;
            }
        }
    }

    /// The command that ends `tag`, and the tag of that command itself, which ends with its own [`Event::Done`].
    ///
    /// From now on rows of `tag` are dropped, and it ends with [`Event::Cancelled`], before or after the cancel
    /// command: routers do both (`routeros.md` §1.7).
    pub fn cancel(&mut self, tag: Tag) -> (Tag, Command) {
        if let Some(open) = self.open.get_mut(&tag) {
            open.cancelled = true;
        }
        let own = self.open();
        (own, Command::new("/cancel").attr("tag", tag.to_string()).tag(own))
    }

    /// Says which command a reply belongs to and what it means. A fatal ends all of them.
    pub fn accept<'a>(&mut self, r: Reply<'a>) -> (Option<Tag>, Event<'a>) {
        let text = r.tag();
        let tag = text.and_then(Tag::parse);
        if r.kind() == ReplyKind::Fatal {
            self.open.clear();
            return (tag, Event::Fatal(r.message()));
        }
        let event = match tag {
            Some(tag) => self.accept_for(tag, r),
            None if text.is_some() => Event::Ignored(Ignored::LateTag),
            None => Event::Ignored(Ignored::Untagged),
        };
        (tag, event)
    }

    /// Commands that have not ended, cancel commands among them.
    pub fn open_count(&self) -> usize {
        self.open.len()
    }

    fn accept_for<'a>(&mut self, tag: Tag, reply: Reply<'a>) -> Event<'a> {
        let Some(open) = self.open.get_mut(&tag) else { return Event::Ignored(Ignored::LateTag) };
        let step = open.track.accept(reply);
        let cancelled = open.cancelled;
        if step.ended {
            self.open.remove(&tag);
        }
        if cancelled { after_cancel(step.event) } else { step.event }
    }
}

/// A cancelled command ends as cancelled also when it was faster than the cancel; a failure of its own is still told.
fn after_cancel(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Row(_) => Event::Ignored(Ignored::LateTag),
        Event::Done(_) => Event::Cancelled,
        Event::Trapped(trap) if trap.is_interruption() => Event::Cancelled,
        other => other,
    }
}
