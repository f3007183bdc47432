//! Reply sentences of one command: its tag, and where the tag stands.

use routeros_proto::ReplyWriter;

use crate::world::TagPlace;

/// A trap's category and text.
pub(crate) type Complaint = (Option<u8>, String);

/// Writes the replies to one command.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    tag: Option<Vec<u8>>,
    place: TagPlace,
}

impl Answer {
    pub(crate) fn to(tag: Option<&[u8]>, place: TagPlace) -> Self {
        Self { tag: tag.map(<[u8]>::to_vec), place }
    }

    pub(crate) fn tag(&self) -> Option<&[u8]> {
        self.tag.as_deref()
    }

    pub(crate) fn row(&self, out: &mut Vec<u8>, fill: impl FnOnce(&mut ReplyWriter<'_>)) {
        let mut reply = ReplyWriter::row(out, self.first());
        fill(&mut reply);
        self.finish(reply);
    }

    pub(crate) fn done(&self, out: &mut Vec<u8>) {
        self.finish(ReplyWriter::done(out, self.first()));
    }

    pub(crate) fn done_with(&self, out: &mut Vec<u8>, ret: &[u8]) {
        let mut reply = ReplyWriter::done(out, self.first());
        reply.attribute(b"ret", ret);
        self.finish(reply);
    }

    pub(crate) fn empty(&self, out: &mut Vec<u8>) {
        self.finish(ReplyWriter::empty(out, self.first()));
    }

    /// A trap without its `!done`.
    pub(crate) fn trap(&self, out: &mut Vec<u8>, category: Option<u8>, message: &str) {
        self.finish(ReplyWriter::trap(out, self.first(), category, message));
    }

    /// The whole end of a failed command.
    pub(crate) fn failed(&self, out: &mut Vec<u8>, category: Option<u8>, message: &str) {
        self.trap(out, category, message);
        self.done(out);
    }

    fn first(&self) -> Option<&[u8]> {
        self.tag().filter(|_| self.place == TagPlace::First)
    }

    fn finish(&self, mut reply: ReplyWriter<'_>) {
        if self.place == TagPlace::Last {
            reply.tag(self.tag());
        }
        reply.finish();
    }
}
