//! What is said between who wants a session ended and who ends it on the router.

use accounting::login::LoginKind;
use accounting::snapshot::Service;
use store::{HoldSubject, SessionRow};

/// One session of the books that is to be ended on its router, and no other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionTarget {
    /// Its number within the router.
    pub no: u64,
    /// What carries it.
    pub service: Service,
    /// The login as the router gives it.
    pub login: Vec<u8>,
    /// MAC or address of the caller, as the router gives it.
    pub caller: Vec<u8>,
    /// The address it was given; empty when not known.
    pub address: Vec<u8>,
    /// The router's own number for it, which no other session of the boot has (routeros.md §2.3); the hotspot gives none.
    pub session_id: Option<u64>,
    /// Whoever has it is kept out first, as the database wants it ([`store::HoldRepository`]).
    pub hold: bool,
}

impl SessionTarget {
    /// Who is kept out so that it does not come back.
    pub fn whom_to_keep_out(&self) -> HoldSubject {
        whom_to_keep_out(self.service.kind(), &self.caller, &self.login)
    }
}

/// Who is kept out so that a session of that kind does not come back.
pub(crate) fn whom_to_keep_out(kind: LoginKind, caller: &[u8], login: &[u8]) -> HoldSubject {
    match kind {
        LoginKind::Hotspot => HoldSubject::Device(caller.to_vec()),
        LoginKind::Ppp | LoginKind::StaticIp => HoldSubject::Ppp(login.to_vec()),
    }
}

impl From<&SessionRow> for SessionTarget {
    fn from(row: &SessionRow) -> Self {
        SessionTarget {
            no: row.no,
            service: row.service,
            login: row.username.clone(),
            caller: row.calling_station_id.clone(),
            address: row.framed_address.clone(),
            session_id: row.acct_session_id,
            hold: false,
        }
    }
}

/// What became of ending a session, as the router showed it afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disconnected {
    /// What became of it.
    pub became: Became,
    /// The commands that were sent to change something, or would be; word by word, in their order.
    pub commands: Vec<String>,
    /// Sessions of the login's other devices that went in the same moment, which nobody asked for: whether a router ends them
    /// too is not established (routeros.md U16).
    pub also_gone: u64,
}

/// What became of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Became {
    /// It is there; nothing was sent, as was wished.
    Planned,
    /// The router shows it no more, and who had it did not come back for so many seconds.
    Gone {
        /// Seconds from the end of it to the last look that the router answered.
        looked_s: u64,
    },
    /// It was ended, and who had it is there again.
    CameBack {
        /// Seconds between the end and the new begin.
        after_s: u64,
        /// The way in.
        by: CameBackBy,
    },
    /// The router did not show it any more before it was ended; nobody was sent away.
    NotFound,
    /// The router answered that it is removed, and goes on showing it.
    StillThere {
        /// Seconds from the command to the last look that the router answered.
        looked_s: u64,
    },
}

impl Became {
    /// The stable name in the API and the journal.
    pub fn as_str(self) -> &'static str {
        match self {
            Became::Planned => "planned",
            Became::Gone { .. } => "gone",
            Became::CameBack { .. } => "came_back",
            Became::NotFound => "not_found",
            Became::StillThere { .. } => "still_there",
        }
    }
}

/// How somebody came back (routeros.md §2.3, §2.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CameBackBy {
    /// The browser's cookie.
    Cookie,
    /// The router knew the device by its MAC address.
    MacCookie,
    /// A login by hand, or by something else that is no cookie.
    Login,
    /// The PPP client dialled in again.
    Redial,
}

/// Every way with its stable name.
pub const CAME_BACK_BY: [(CameBackBy, &str); 4] = [
    (CameBackBy::Cookie, "cookie"),
    (CameBackBy::MacCookie, "mac-cookie"),
    (CameBackBy::Login, "login"),
    (CameBackBy::Redial, "redial"),
];

impl CameBackBy {
    /// The stable name in the API.
    pub fn as_str(self) -> &'static str {
        CAME_BACK_BY.iter().find(|(by, _)| *by == self).map_or("", |(_, name)| name)
    }

    /// The way of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        CAME_BACK_BY.iter().find(|(_, known)| *known == name).map(|(by, _)| *by)
    }
}
