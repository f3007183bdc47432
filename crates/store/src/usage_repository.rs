//! Usage: what the ledger adds up to, and how much of it could not be seen.

use std::ops::Range;

use accounting::Octets;
use accounting::login::LoginKind;
use accounting::table::Table;
use accounting::time::Micros;
use async_trait::async_trait;
use uuid::Uuid;

use crate::error::StoreError;
use crate::ids::NasId;
use crate::reach::Reach;

/// Which usage is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageQuery {
    /// 15-minute buckets, half-open: an entry belongs to the bucket of its end.
    pub buckets: Range<i64>,
    /// Only the routers of that name (removed ones included).
    pub router: Option<String>,
    /// Only logins with these bytes, of whatever kind.
    pub username: Option<Vec<u8>>,
    /// Only what counted into a cycle of that subscriber, and held entries of their logins.
    pub subscriber: Option<Uuid>,
    /// Only of routers that are reached.
    pub reach: Reach,
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
    /// What that is a login to; `None` without one.
    pub kind: Option<LoginKind>,
    /// A row of the login, of several the first; `None` without one.
    pub login: Option<i64>,
    /// Posted octets.
    pub octets: Octets,
    /// What was seen of it.
    pub observation: Observation,
    /// Our clock at the router's last committed round; `None` before the first.
    pub as_of: Option<Micros>,
}

impl UsageRow {
    /// Where to go on reading after it.
    pub fn place(&self) -> UsagePlace {
        UsagePlace { router: self.router.clone(), login: self.login }
    }
}

/// A row's place among the rows of an answer, which are by router name, then login bytewise, the nobody's octets of a router last.
/// The login is told by its row, so that who is handed the place learns no login from it; the row stays though nothing of the
/// login counts any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsagePlace {
    /// The router's name.
    pub router: String,
    /// A row of the login; `None`: the row is of octets that nobody could be given.
    pub login: Option<i64>,
}

/// Usage of one login on one router in one 15-minute bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketRow {
    /// The router's name.
    pub router: String,
    /// The login as the router gave it; `None` for octets that nobody could be given.
    pub username: Option<Vec<u8>>,
    /// What that is a login to; `None` without one.
    pub kind: Option<LoginKind>,
    /// The 15-minute UTC bucket.
    pub bucket: i64,
    /// Posted octets.
    pub octets: Octets,
    /// Octets that may be missing, both directions, undecided held ones included; `None` = unbounded.
    pub upper_octets: Option<u64>,
}

/// Where to go on reading buckets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BucketsAfter {
    /// The router being read.
    pub nas: NasId,
    /// Bucket and number of the last line read of it; `None` before its first.
    pub line: Option<(i64, i64)>,
    /// How many times its lines had been folded then.
    pub folds: u64,
}

/// A part of a history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BucketPart {
    /// Router by router, bucket by bucket.
    pub rows: Vec<BucketRow>,
    /// Where the next part begins; `None` when this is the last.
    pub next: Option<BucketsAfter>,
}

/// When a source of a router was read, as far as a window goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoverageSpan {
    /// The router's row.
    pub nas: NasId,
    /// The table that was read.
    pub source: Table,
    /// Stretches without a gap, oldest first.
    pub spans: Vec<Range<Micros>>,
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
    /// Usage per (router, login), in the order of [`UsagePlace`]. Removed routers are told under the name they had.
    async fn usage(&self, query: UsageQuery) -> Result<Vec<UsageRow>, StoreError> {
        self.usage_page(query, None, usize::MAX).await
    }

    /// At most `most` rows of the same after that place. Routers before the place and after the last row are not read.
    /// `Constraint` when no page named the place.
    async fn usage_page(
        &self,
        query: UsageQuery,
        after: Option<UsagePlace>,
        most: usize,
    ) -> Result<Vec<UsageRow>, StoreError>;

    /// The same by 15-minute buckets, a part at a time: a bucket that is cut in two by the end of a part gives two rows,
    /// which add up. Lines of past buckets do not change unless they are folded, so the parts fit together; `Constraint`
    /// when lines before the place were folded since.
    async fn usage_by_bucket(
        &self,
        query: UsageQuery,
        after: Option<BucketsAfter>,
    ) -> Result<BucketPart, StoreError>;

    /// When the routers that a question is about were read within a window, source by source. With a login or a subscriber
    /// asked for these are the sources that ever showed a session of theirs.
    async fn coverage(
        &self,
        query: UsageQuery,
        window: Range<Micros>,
    ) -> Result<Vec<CoverageSpan>, StoreError>;

    /// How well a cycle was observed. `NotFound` when there is none of that row.
    async fn cycle_observation(&self, cycle: i64) -> Result<CycleObservation, StoreError>;
}
