//! The sessions that limits end with, as their router tells them from others.

use accounting::time::StartInterval;
use async_trait::async_trait;

use crate::error::StoreError;
use crate::ids::NasId;
use crate::rate_limit_repository::LimitSubject;

/// A session of the books, by what a router shows of it (DESIGN rules 4 and 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitSession {
    /// Acct-Session-Id; the hotspot gives none.
    pub session_id: Option<u64>,
    /// When it began, in seconds of the router's uptime.
    pub start: Option<StartInterval>,
}

/// Those that one limit ends with, when the last of them is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitSessions {
    /// Whom the limit is for.
    pub subject: LimitSubject,
    /// The session that it was set for ([`crate::LimitUntil::Session`]).
    pub until: u64,
    /// Those of them that are not over, as far as the books know.
    pub sessions: Vec<LimitSession>,
}

/// See the module.
#[async_trait]
pub trait LimitSessionRepository: Send + Sync {
    /// Those of every limit of a router that ends with its session, in the order of their subjects.
    async fn limit_sessions(&self, nas: NasId) -> Result<Vec<LimitSessions>, StoreError>;
}
