//! Usage: what the ledger adds up to, and how much of it could not be seen.

use std::ops::Range;

use accounting::Octets;
use accounting::time::Micros;
use async_trait::async_trait;
use uuid::Uuid;

use crate::error::StoreError;

/// Which usage is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageQuery {
    /// 15-minute buckets, half-open: an entry belongs to the bucket of its end.
    pub buckets: Range<i64>,
    /// Only the routers of that name (removed ones included).
    pub router: Option<String>,
    /// Only logins with these bytes.
    pub username: Option<Vec<u8>>,
    /// Only what counted into a cycle of that subscriber, and held entries of their logins.
    pub subscriber: Option<Uuid>,
}

/// What was and what was not seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Observation {
    /// Session time observed, microseconds.
    pub observed_us: u64,
    /// Session time known not to have been observed, microseconds.
    pub unseen_us: u64,
    /// Octets that may be missing from the totals, both directions, undecided held ones included; `None` =
    /// unbounded.
    pub upper_octets: Option<u64>,
}

/// Usage of one login on one router.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageRow {
    /// The router's name.
    pub router: String,
    /// The login as the router gave it; `None` for octets that nobody could be given.
    pub username: Option<Vec<u8>>,
    /// Posted octets.
    pub octets: Octets,
    /// What was seen of it.
    pub observation: Observation,
    /// Our clock at the router's last committed round; `None` before the first.
    pub as_of: Option<Micros>,
}

/// How well a cycle was observed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CycleObservation {
    /// What was seen of it.
    pub observation: Observation,
    /// The oldest last round among the routers that show a session of the subscriber, else the newest among those
    /// that ever did; `None` before the first round.
    pub as_of: Option<Micros>,
}

/// Adding up the ledger.
#[async_trait]
pub trait UsageRepository: Send + Sync {
    /// Usage per (router, login), by router name, then login bytewise, the nobody's octets of a router last.
    /// Removed routers are told under the name they had.
    async fn usage(&self, query: UsageQuery) -> Result<Vec<UsageRow>, StoreError>;

    /// How well a cycle was observed. `NotFound` when there is none of that row.
    async fn cycle_observation(&self, cycle: i64) -> Result<CycleObservation, StoreError>;
}
