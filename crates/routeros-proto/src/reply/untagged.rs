//! One command in flight, without tags: the polling connection.

use super::event::{Event, Ignored};
use super::sentence::{Reply, ReplyKind};
use super::track::Track;

/// Follows one command at a time. Say [`sent`](Self::sent) for each command, and send the next only when
/// [`in_flight`](Self::in_flight) says no: without tags the router mixes the rows of two (`routeros.md` §1.7).
#[derive(Clone, Debug, Default)]
pub struct Untagged {
    current: Option<Track>,
}

impl Untagged {
    /// A connection with nothing in flight.
    pub fn new() -> Self {
        Self::default()
    }

    /// A command was sent. What was heard of an unfinished one before it is forgotten.
    pub fn sent(&mut self) {
        self.current = Some(Track::default());
    }

    /// Says what a reply means. With nothing in flight, everything but a fatal is [`Ignored::LateTag`].
    #[inline]
    pub fn accept<'a>(&mut self, r: Reply<'a>) -> Event<'a> {
        // Rows are all but a few of the replies and change nothing here.
        if r.kind() == ReplyKind::Row && self.current.is_some() {
            return Event::Row(r);
        }
        self.accept_other(r)
    }

    fn accept_other<'a>(&mut self, r: Reply<'a>) -> Event<'a> {
        let Some(track) = &mut self.current else {
            return match r.kind() {
                ReplyKind::Fatal => Event::Fatal(r.message()),
                _ => Event::Ignored(Ignored::LateTag),
            };
        };
        let step = track.accept(r);
        if step.ended {
            self.current = None;
        }
        step.event
    }

    /// Whether a command was sent that has not ended yet.
    pub fn in_flight(&self) -> bool {
        self.current.is_some()
    }
}
