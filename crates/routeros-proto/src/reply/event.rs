//! What a reply means for the command it belongs to.

use super::sentence::Reply;
use super::trap::Trap;

/// The meaning of one reply. A command ends with exactly one of [`Done`](Self::Done), [`Trapped`](Self::Trapped),
/// [`Cancelled`](Self::Cancelled), or with the connection ([`Fatal`](Self::Fatal) or its end without a word).
#[derive(Clone, Debug)]
pub enum Event<'a> {
    /// One row. It may have no attributes at all (`routeros.md` §1.3).
    Row(Reply<'a>),
    /// The command ended well; what it listed is complete.
    Done(Finished),
    /// The command failed. Told once, when its `!done` has come too; rows received before are only a part.
    Trapped(Trap),
    /// The command ended because [`Tagged::cancel`](super::Tagged::cancel) asked for it.
    Cancelled,
    /// The router closes the connection; nothing in flight will be answered.
    Fatal(String),
    /// Nothing to do; keep reading.
    Ignored(Ignored),
}

/// The end of a command that did not fail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finished {
    /// `=ret=` of the `!done`: the new id of an `add`, the number of a `count-only`, a login challenge.
    pub ret: Option<Box<[u8]>>,
    /// Whether the router said `!empty` (7.18 and later). Older versions give no rows and do not say so.
    pub was_empty: bool,
}

/// Why a reply asks for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ignored {
    /// It belongs to no command in flight: late words of finished or cancelled ones occur (`routeros.md` §1.7).
    LateTag,
    /// A reply word we do not know; worth one log line. The command goes on.
    UnknownWord,
    /// `!empty`: no rows, but the `!done` is still to come.
    Empty,
    /// A `!trap` was noted; [`Event::Trapped`] comes with its `!done`.
    TrapNoted,
    /// A reply without a tag on a connection where every command has one.
    Untagged,
}
