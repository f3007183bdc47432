//! The faults themselves.

use std::time::Duration;

use crate::menu::Hidden;

/// How a reply is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cut {
    /// A trap with this text and its `!done`: the rows before it are only a part (routeros.md §1.4).
    Trap(String),
    /// The connection closes between two sentences.
    Drop,
    /// The connection closes in the middle of a sentence.
    HalfSentence,
    /// Half a sentence, then silence; the socket stays open.
    Hang,
    /// These bytes between two sentences; then the reply goes on.
    Garbage(Vec<u8>),
    /// `!fatal` with this text as a bare word, then the connection closes.
    Fatal(String),
}

/// Something that goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// New connections are reset as soon as they are made. For a port that refuses, see
    /// [`SimRouter::set_listening`](crate::server::SimRouter::set_listening).
    Refuse,
    /// New connections are accepted; nothing is ever said on them.
    HangOnConnect,
    /// New connections meet `max-sessions`; how that shows is a [switch](crate::world::OverMaxSessions).
    MaxSessions,
    /// A login is refused even with the right password.
    AuthFailure,
    /// `not enough permissions (9)`.
    NoRights,
    /// `no such command prefix`, as where a package or menu is missing.
    MissingMenu,
    /// The answer goes out in pieces of that many bytes.
    Trickle {
        /// Bytes per write, at least 1.
        octets: usize,
        /// Pause between two writes.
        pause: Duration,
    },
    /// The answer begins that much later.
    Delay(Duration),
    /// A print lacks the rows whose `name` or `user` is one of these.
    HideNames(Vec<Vec<u8>>),
    /// A print lacks about that share of its rows, chosen at random.
    HideShare {
        /// 0 to 100.
        percent: u32,
    },
    /// The answer breaks after that many rows, or at its end if it has fewer.
    Cut {
        /// Rows that still go out whole.
        after_rows: u64,
        /// What happens then.
        how: Cut,
    },
}

impl Fault {
    /// A print of a table that changes under it: `no such item (4)` after some rows (routeros.md §1.4).
    #[must_use]
    pub fn trap_after(rows: u64) -> Self {
        Self::cut_after(rows, Cut::Trap("no such item (4)".to_owned()))
    }

    /// Breaks the answer after that many rows.
    #[must_use]
    pub fn cut_after(after_rows: u64, how: Cut) -> Self {
        Self::Cut { after_rows, how }
    }

    pub(crate) fn strikes_connects(&self) -> bool {
        matches!(self, Self::Refuse | Self::HangOnConnect | Self::MaxSessions)
    }

    pub(crate) fn strikes_only_prints(&self) -> bool {
        matches!(self, Self::HideNames(_) | Self::HideShare { .. })
    }
}

/// All that goes wrong with one command.
#[derive(Debug, Default)]
pub(crate) struct CommandFaults {
    pub(crate) auth_failure: bool,
    pub(crate) no_rights: bool,
    pub(crate) missing_menu: bool,
    pub(crate) trickle: Option<(usize, Duration)>,
    pub(crate) delay: Option<Duration>,
    pub(crate) hidden: Hidden,
    pub(crate) cut: Option<(u64, Cut)>,
}

impl CommandFaults {
    pub(crate) fn add(&mut self, fault: Fault) {
        match fault {
            Fault::Refuse | Fault::HangOnConnect | Fault::MaxSessions => {}
            Fault::AuthFailure => self.auth_failure = true,
            Fault::NoRights => self.no_rights = true,
            Fault::MissingMenu => self.missing_menu = true,
            Fault::Trickle { octets, pause } => self.trickle = Some((octets.max(1), pause)),
            Fault::Delay(delay) => self.delay = Some(delay),
            Fault::HideNames(names) => self.hidden.names.extend(names),
            Fault::HideShare { percent } => self.hidden.percent = percent,
            Fault::Cut { after_rows, how } => self.cut = Some((after_rows, how)),
        }
    }
}
