//! Sessions as people ask for them.

use accounting::Octets;
use accounting::snapshot::Service;
use accounting::time::Micros;
use async_trait::async_trait;
use uuid::Uuid;

use crate::error::StoreError;
use crate::ids::NasId;
use crate::reach::Reach;

/// How a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionPhase {
    /// The router shows it.
    Open,
    /// The last complete round did not show it.
    Missing,
    /// Over.
    Ended,
}

/// Every phase with its stable name.
pub const SESSION_PHASES: [(SessionPhase, &str); 3] =
    [(SessionPhase::Open, "open"), (SessionPhase::Missing, "missing"), (SessionPhase::Ended, "ended")];

impl SessionPhase {
    /// The stable name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            SessionPhase::Open => "open",
            SessionPhase::Missing => "missing",
            SessionPhase::Ended => "ended",
        }
    }

    /// The phase of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        SESSION_PHASES.iter().find(|(_, known)| *known == name).map(|(phase, _)| *phase)
    }
}

/// Where a page of sessions ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionCursor {
    /// When the last session of the page was first seen.
    pub first_seen_at: Micros,
    /// Its router.
    pub nas: NasId,
    /// Its number within the router.
    pub no: u64,
}

/// Which sessions are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionQuery {
    /// Only of the router of that name (one that was not removed).
    pub router: Option<String>,
    /// Only of logins with these bytes.
    pub username: Option<Vec<u8>>,
    /// Only of the logins of this subscriber, while they were theirs or from when on they were adopted.
    pub subscriber: Option<Uuid>,
    /// Only in this phase.
    pub phase: Option<SessionPhase>,
    /// Only older than where the page before ended.
    pub before: Option<SessionCursor>,
    /// Only of routers that are reached.
    pub reach: Reach,
    /// At most so many.
    pub limit: u32,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Its router.
    pub nas: NasId,
    /// Number within the router.
    pub no: u64,
    /// The router's name.
    pub router: String,
    /// The login as the router gave it.
    pub username: Vec<u8>,
    /// What carried it.
    pub service: Service,
    /// Acct-Session-Id.
    pub acct_session_id: Option<u64>,
    /// Calling-Station-Id, raw bytes.
    pub calling_station_id: Vec<u8>,
    /// Framed-IP-Address, raw bytes; empty when not given.
    pub framed_address: Vec<u8>,
    /// How it stands.
    pub phase: SessionPhase,
    /// When it began, as far as known.
    pub started_at: Micros,
    /// When we first saw it.
    pub first_seen_at: Micros,
    /// The last instant it is known alive; `None` while open.
    pub last_seen_at: Option<Micros>,
    /// Acct-Terminate-Cause of RFC 2866, where known.
    pub terminate_cause: Option<u8>,
    /// Posted octets.
    pub octets: Octets,
    /// Username of the subscriber its login is bound to now.
    pub subscriber: Option<String>,
}

/// Whose session one is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionOwner {
    /// The router's name.
    pub router: String,
    /// The login as the router gave it.
    pub username: Vec<u8>,
    /// What carried it.
    pub service: Service,
    /// Calling-Station-Id, raw bytes.
    pub calling_station_id: Vec<u8>,
    /// Framed-IP-Address, raw bytes; empty when not given.
    pub framed_address: Vec<u8>,
    /// Username of the subscriber its login is bound to now.
    pub subscriber: Option<String>,
}

/// The sessions.
#[async_trait]
pub trait SessionRepository: Send + Sync {
    /// Open sessions on reached routers whose caller is exactly this (a MAC, an address), newest first; at most a thousand.
    async fn open_sessions_of_caller(
        &self,
        caller: Vec<u8>,
        reach: Reach,
    ) -> Result<Vec<SessionRow>, StoreError>;

    /// Open sessions of reached routers' hotspots, newest first; at most so many.
    async fn open_hotspot_sessions(&self, limit: u32, reach: Reach) -> Result<Vec<SessionRow>, StoreError>;

    /// How many sessions of its hotspots each router has open; one that has none is left out.
    async fn count_open_hotspot_sessions(&self) -> Result<Vec<(NasId, u64)>, StoreError>;

    /// Sessions, the ones seen first latest first.
    async fn list_sessions(&self, query: SessionQuery) -> Result<Vec<SessionRow>, StoreError>;

    /// Sessions that ended, of all routers that are reached or that one, the ones seen last latest first: last seen at `since` or after, and before where
    /// a page ended, whose instant is that in which its session was last seen.
    async fn list_ended_sessions(
        &self,
        router: Option<String>,
        since: Micros,
        before: Option<SessionCursor>,
        limit: u32,
        reach: Reach,
    ) -> Result<Vec<SessionRow>, StoreError>;

    /// Whose these sessions are, by router and number within it, in their order; `None` for one that is not there, or whose
    /// router was removed.
    async fn owners_of_sessions(
        &self,
        sessions: Vec<(NasId, u64)>,
    ) -> Result<Vec<Option<SessionOwner>>, StoreError>;

    /// How many sessions each router showed in its last committed snapshot; one without any is left out.
    async fn count_open_sessions(&self) -> Result<Vec<(NasId, u64)>, StoreError>;
}
