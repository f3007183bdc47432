//! What users of the hotspot move, for whoever asks.

use super::traffic::TrafficSeen;
use crate::error::OperationError;
use crate::operations::Operations;

/// Rates older than that are not of now.
const RATES_HOLD_S: u64 = 30;

/// A router and its users, as they are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouterTraffic {
    /// Its name.
    pub router: String,
    /// How old what it showed is, whole seconds.
    pub age_s: Option<u64>,
    /// What it showed, and why nothing since.
    pub seen: TrafficSeen,
}

impl RouterTraffic {
    /// Whether the rates are of now.
    pub fn has_rates_of_now(&self) -> bool {
        self.seen.trouble.is_none() && self.age_s.is_some_and(|age_s| age_s <= RATES_HOLD_S)
    }
}

impl Operations {
    /// What users of the hotspots of this process' routers move, by router. Asking has them looked at from now on; nobody waits
    /// for that.
    pub async fn user_traffic(&self) -> Result<Vec<RouterTraffic>, OperationError> {
        let (board, now) = (self.limits.traffic(), self.clock.host());
        board.ask();
        let routers = self.store.list_nas().await?.into_iter();
        let known = routers.filter_map(|nas| Some((nas.config.name, board.of(nas.id)?)));
        let shown = known.map(|(router, seen)| {
            let age_s = seen.read.as_ref().and_then(|read| now.seconds_since(read.read_at));
            RouterTraffic { router, age_s, seen }
        });
        Ok(shown.collect())
    }
}
