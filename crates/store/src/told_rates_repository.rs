//! What the latest readings of routers said of sessions' rates, as each process tells it of its own routers to the others.
//!
//! It is a display: a row a router, written over with each reading, and nothing where one process has the database alone.

use async_trait::async_trait;

use crate::error::StoreError;
use crate::ids::NasId;
use crate::lease_repository::Node;

/// What was told of a router.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldRates {
    /// The router.
    pub nas: NasId,
    /// What was told.
    pub rates: String,
    /// How long ago, microseconds by the database's clock.
    pub age_us: u64,
}

/// See the module.
#[async_trait]
pub trait ToldRatesRepository: Send + Sync {
    /// Tells of routers; of those that are not this process' own, nothing is told.
    async fn tell_rates(&self, node: Node, rates: Vec<(NasId, String)>) -> Result<(), StoreError>;

    /// What all processes told last, by router: of one router, or of all.
    async fn told_rates(&self, of: Option<NasId>) -> Result<Vec<ToldRates>, StoreError>;
}
