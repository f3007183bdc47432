//! What is known of a router's rates at the moment somebody asks.

use super::rates::RouterRates;

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Latest {
    /// What its latest reading said; of another process' router, of those who move most.
    pub(super) rates: RouterRates,
    /// How long ago that reading ended, microseconds.
    pub(super) age_us: u64,
    /// Sessions that moved, told of or not.
    pub(super) moved: usize,
}
