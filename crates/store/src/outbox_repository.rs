//! What happened, for programs that are told of it: written in the transaction in which it happened, read and deleted by
//! whoever passes it on.

use std::sync::Arc;

use accounting::Octets;
use accounting::ledger::{Reason, Unseen};
use accounting::login::LoginKind;
use accounting::time::Micros;
use async_trait::async_trait;
use uuid::Uuid;

use crate::error::StoreError;
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
    pub username: String,
    /// Name for people.
    pub name: Option<String>,
    /// Number of the cycle that is meant, if one is.
    pub cycle: Option<u32>,
}

/// A session's own facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventSession {
    /// Login row.
    pub login: i64,
    /// What carried it.
    pub service: String,
    /// Acct-Session-Id.
    pub acct_session_id: Option<u64>,
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
    pub login: Option<(LoginKind, Arc<[u8]>)>,
    /// The session.
    pub session: Option<Arc<EventSession>>,
    /// Of a line that counts into a cycle, whose cycle it is; else who is bound to the login now.
    pub subscriber: Option<Arc<EventSubscriber>>,
}

/// What an event says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventBody {
    /// A round.
    Round {
        /// The round itself.
        news: RoundNews,
        /// Who its lines are about, in their order.
        usage: Vec<Who>,
        /// Who its sessions are, in their order.
        sessions: Vec<Who>,
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

/// What waits of one router.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxQueue {
    /// The router's row.
    pub nas: NasId,
    /// The oldest event that waits; past the newest when none does.
    pub first: u64,
    /// How many wait.
    pub events: u64,
    /// Bytes they take.
    pub bytes: u64,
    /// Bytes that the oldest takes.
    pub first_bytes: u64,
    /// Our clock when the oldest happened; of those that were given up only where nothing else waits.
    pub oldest_at: Option<Micros>,
    /// Whether the oldest only says that others were given up.
    pub begins_with_loss: bool,
    /// How many events were ever given up.
    pub lost: u64,
    /// The process that polls the router, by its name; `None` where nobody has it or nobody is to.
    pub polled_by: Option<String>,
}

impl OutboxQueue {
    /// How many events wait that could be given up.
    pub fn droppable(&self) -> u64 {
        self.events - u64::from(self.begins_with_loss)
    }
}

/// Which events of a router are given up, the oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GiveUp {
    /// Those from before that instant of our clock.
    Before(Micros),
    /// So many that this many bytes become free, if there are.
    Bytes(u64),
}

/// Events that wait to be told.
#[async_trait]
pub trait OutboxRepository: Send + Sync {
    /// Whether what happens from now on in this process is written down to be told. It is not unless somebody said so.
    fn write_events(&self, wanted: bool);

    /// What waits, by router. The work is that of one look for each router, however much waits.
    async fn outbox(&self) -> Result<Vec<OutboxQueue>, StoreError>;

    /// The oldest events of these routers, in their order within a router: of each as many as take `bytes`, and one at
    /// least.
    async fn events(&self, of: Vec<OutboxQueue>, bytes: u64) -> Result<Vec<Event>, StoreError>;

    /// These were told: the events of each router up to that one are deleted.
    async fn delete_events(&self, told: Vec<(NasId, u64)>) -> Result<(), StoreError>;

    /// Gives up some events of a router, 500 at most, in whose place one stays that says so. How many those are.
    async fn give_up_events(&self, nas: NasId, which: GiveUp) -> Result<u64, StoreError>;
}
