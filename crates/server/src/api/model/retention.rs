//! How long the ledger keeps its detail.

use serde::Serialize;
use utoipa::ToSchema;

use super::time::Time;

/// What is kept, and what the next run would fold.
#[derive(Debug, Serialize, ToSchema)]
pub struct Retention {
    /// For how many months 15-minute entries are kept; null: for ever.
    #[schema(required)]
    pub detail_months: Option<u16>,
    /// Entries that end before this instant become sums of days of the installation's zone; null: none do.
    #[schema(required)]
    pub before: Option<Time>,
    /// How many entries the next run would fold.
    pub entries: u64,
    /// Router by router, removed ones included.
    pub routers: Vec<RetentionOfRouter>,
}

/// How far a router's ledger is folded.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetentionOfRouter {
    /// The router.
    pub router: String,
    /// Before this instant its entries are sums of days of the installation's zone; null: all its detail is there.
    #[schema(required)]
    pub detail_from: Option<Time>,
    /// How many entries the next run would fold.
    pub entries: u64,
}

/// What a run folded.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetentionRun {
    /// Entries that are no more; one entry for each day, session and cycle holds their octets.
    pub entries: u64,
    /// The routers they were of.
    pub routers: Vec<String>,
}
