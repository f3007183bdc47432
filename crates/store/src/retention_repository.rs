//! How long the ledger keeps its detail: old entries are folded into one a day, which brings their octets forward.

use std::ops::Range;
use std::sync::Arc;

use accounting::time::Micros;
use async_trait::async_trait;

use crate::error::StoreError;
use crate::ids::NasId;
use crate::reach::Reach;

/// The buckets of the day that a bucket lies in, 23 to 25 hours of them: of which zone is the caller's matter.
pub type DayOf = Arc<dyn Fn(i64) -> Range<i64> + Send + Sync>;

/// What of a router's ledger can be folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foldable {
    /// Its row.
    pub nas: NasId,
    /// The router's name.
    pub router: String,
    /// Before this bucket its entries are sums of days already; `None` when all its detail is there.
    pub folded_until: Option<i64>,
    /// Entries that can be folded.
    pub entries: u64,
}

/// What one step of folding did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folded {
    /// Names of the routers they were of.
    pub routers: Vec<String>,
    /// Entries that are no more.
    pub entries: u64,
    /// Entries written or grown in their place.
    pub into: u64,
}

/// Folding the ledger.
///
/// The posted entries of one day, session, login and cycle become one `brought_forward` entry with their octets, their
/// unseen time and their bounds, in one transaction. Where the ledger has a table for each month, one that lies wholly before
/// the edge is folded at once, and its table is dropped in that transaction. Held entries and those that decisions made stay as they are. Session
/// and cycle totals do not change; how each counter moved is not told any more.
#[async_trait]
pub trait RetentionRepository: Send + Sync {
    /// What lies before bucket `before` (the begin of a day) and can be folded, router by router, removed ones
    /// included.
    async fn foldable(&self, before: i64) -> Result<Vec<Foldable>, StoreError>;

    /// How far folding goes that may go to bucket `before` (the begin of a day): to the begin of a day, too. A ledger with a
    /// table for each month folds whole months, and leaves the one that is not wholly before it.
    async fn fold_edge(&self, before: i64, day_of: DayOf) -> Result<i64, StoreError>;

    /// Folds some entries that lie before bucket `before` (the begin of a day), the oldest of a router first; so few, or so
    /// much beside them, that readings hardly wait. `None` when there are none left.
    async fn fold_some(&self, before: i64, day_of: DayOf) -> Result<Option<Folded>, StoreError>;

    /// From when on all the detail of the routers of that name, or of all, is there, as far as they are reached; `None` when nothing was
    /// folded.
    async fn detail_from(&self, router: Option<String>, reach: Reach) -> Result<Option<Micros>, StoreError>;
}
