//! Events: what a round of a router brought, and who its lines are about, as programs are told.

use std::sync::{Arc, OnceLock};

use accounting::Octets;
use accounting::ledger::{Reason, Unseen};
use accounting::login::LoginKind;
use accounting::time::Micros;
use uuid::Uuid;

use crate::ids::NasId;

/// What one reading, or the end of a session, added to the ledger: a new entry, or more of an open one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageLine {
    /// Bucket of the entry.
    pub bucket: i64,
    /// Number of the entry within the router.
    pub no: u64,
    /// Whose, a login row; `None` = unattributed.
    pub login: Option<i64>,
    /// The session's number within the router.
    pub session: Option<u64>,
    /// The cycle's row it counts into; `None` when nobody is billed for it, or it is held.
    pub cycle: Option<i64>,
    /// Why.
    pub reason: Reason,
    /// False while held: in no total.
    pub posted: bool,
    /// Octets that this adds to the entry; input is what the router received from the subscriber.
    pub added: Octets,
    /// When the counter was read before (our clock).
    pub from: Micros,
    /// When it was read after.
    pub to: Micros,
    /// What was not seen, if anything.
    pub unseen: Option<Unseen>,
}

/// What happened to a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionStep {
    /// It was seen for the first time.
    Started,
    /// The round did not show it.
    Missing,
    /// It was missing and is there again.
    Returned,
    /// It is believed over.
    Ended {
        /// The last instant it was known alive (our clock).
        last_seen_at: Micros,
        /// Acct-Terminate-Cause of RFC 2866 where it is known.
        cause: Option<u8>,
    },
}

/// One round of a router, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundNews {
    /// Which snapshot of the router it was.
    pub poll_seq: u64,
    /// Our clock when it was read.
    pub at: Micros,
    /// What it added to the ledger.
    pub usage: Vec<UsageLine>,
    /// What happened to sessions, by their number within the router.
    pub sessions: Vec<(u64, SessionStep)>,
}

/// Whom an event is about, as they are called when it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventSubscriber {
    /// Its own name for programs.
    pub id: Uuid,
    /// Username.
    pub username: Box<str>,
    /// Name for people.
    pub name: Option<Box<str>>,
    /// Number of the cycle that is meant, if one is.
    pub cycle: Option<u32>,
}

/// A session's own facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventSession {
    /// What carried it.
    pub service: String,
    /// Calling-Station-Id, raw bytes.
    pub calling_station_id: Vec<u8>,
    /// Framed-IP-Address, raw bytes.
    pub framed_address: Vec<u8>,
    /// When it began (our clock).
    pub started_at: Micros,
}

/// Who a line or a session's step is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Who {
    /// The login: what it is to, and its name as the router gave it.
    pub login: Option<(LoginKind, Box<[u8]>)>,
    /// Acct-Session-Id of the session.
    pub acct_session_id: Option<u64>,
    /// Of a line that counts into a cycle, whose cycle it is; else who is bound to the login now.
    pub subscriber: Option<EventSubscriber>,
    /// The same in the words of whoever tells it.
    pub words: Words,
}

/// The words for something that does not change, made when they are first wanted and held with it. They say what it says:
/// all are equal.
#[derive(Debug, Default)]
pub struct Words(OnceLock<Box<[u8]>>);

impl Words {
    /// Those that were made, or else are made now.
    pub fn or_make(&self, make: impl FnOnce() -> Box<[u8]>) -> &[u8] {
        self.0.get_or_init(make)
    }
}

impl Clone for Words {
    fn clone(&self) -> Words {
        Words::default()
    }
}

impl PartialEq for Words {
    fn eq(&self, _: &Words) -> bool {
        true
    }
}

impl Eq for Words {}

/// What an event says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventBody {
    /// A round.
    Round {
        /// The round itself.
        news: RoundNews,
        /// Who its lines are about, in their order.
        usage: Vec<Arc<Who>>,
        /// Who its sessions are, in their order; no session where its row is gone.
        sessions: Vec<(Who, Option<EventSession>)>,
    },
    /// The events from that one to this were given up.
    Lost {
        /// The first of them.
        from: u64,
    },
}

/// An event of a router.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The router's row.
    pub nas: NasId,
    /// The router's own name for programs.
    pub router_id: Uuid,
    /// The router's name when this was read.
    pub router: String,
    /// Its place among the events of the router, from 1 without gaps.
    pub seq: u64,
    /// Our clock when it happened.
    pub at: Micros,
    /// What happened.
    pub body: EventBody,
}
