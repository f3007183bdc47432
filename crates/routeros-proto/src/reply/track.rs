//! The progress of one command, the same with and without tags.

use super::event::{Event, Finished, Ignored};
use super::sentence::{Reply, ReplyKind};
use super::trap::Trap;

/// What was heard of a command so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Track {
    /// The first trap; a later one of the same command is a consequence.
    trap: Option<Trap>,
    was_empty: bool,
}

/// An event and whether the command ended with it.
pub(super) struct Step<'a> {
    pub(super) event: Event<'a>,
    pub(super) ended: bool,
}

impl Track {
    pub(super) fn accept<'a>(&mut self, reply: Reply<'a>) -> Step<'a> {
        let event = match reply.kind() {
            ReplyKind::Row => Event::Row(reply),
            ReplyKind::Done => return Step { event: self.end(&reply), ended: true },
            ReplyKind::Fatal => return Step { event: Event::Fatal(reply.message()), ended: true },
            ReplyKind::Trap => {
                self.trap.get_or_insert_with(|| Trap::from_reply(&reply));
                Event::Ignored(Ignored::TrapNoted)
            }
            ReplyKind::Empty => {
                self.was_empty = true;
                Event::Ignored(Ignored::Empty)
            }
            ReplyKind::Unknown => Event::Ignored(Ignored::UnknownWord),
        };
        Step { event, ended: false }
    }

    fn end(&mut self, reply: &Reply<'_>) -> Event<'static> {
        match self.trap.take() {
            Some(trap) => Event::Trapped(trap),
            None => {
                Event::Done(Finished { ret: reply.get(b"ret").map(Into::into), was_empty: self.was_empty })
            }
        }
    }
}
