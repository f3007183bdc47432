//! How busy the router is: asked from time to time while somebody is watched.

use std::time::Duration;

use routeros_proto::{Command, Event, Tag, Tagged};
use tokio::time::Instant;

use crate::routeros::resource;

/// How often the router is asked.
const EVERY: Duration = Duration::from_secs(15);

/// The question, and whether it is answered.
#[derive(Debug, Default)]
pub(super) struct Load {
    open: Option<Tag>,
    asked_at: Option<Instant>,
}

impl Load {
    /// When it is to be asked.
    pub(super) fn due(&self, now: Instant) -> Instant {
        self.asked_at.map_or(now, |asked_at| asked_at + EVERY)
    }

    /// Asks; `false` when the router has not answered the question before, which is given up.
    pub(super) fn ask(&mut self, now: Instant, replies: &mut Tagged, out: &mut Vec<Command>) -> bool {
        let unanswered = self.open.take();
        out.extend(unanswered.map(|tag| replies.cancel(tag).1));
        let tag = replies.open();
        (self.open, self.asked_at) = (Some(tag), Some(now));
        out.push(resource::print_load().tag(tag));
        unanswered.is_none()
    }

    /// Takes a reply: what it says of the load, in percent, if anything. `None` when it is to another command.
    pub(super) fn accept(&mut self, tag: Tag, event: &Event<'_>) -> Option<Option<u64>> {
        if self.open != Some(tag) {
            return None;
        }
        match event {
            Event::Row(row) => return Some(resource::load(row)),
            Event::Done(_) | Event::Trapped(_) | Event::Cancelled => self.open = None,
            Event::Fatal(_) | Event::Ignored(_) => {}
        }
        Some(None)
    }
}
