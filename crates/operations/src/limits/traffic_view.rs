//! What users of the hotspot move, for whoever asks.

use std::collections::HashMap;
use std::sync::Arc;

use accounting::time::Micros;
use store::{Nas, NasId, SessionRow, StoreError};

use super::traffic::{MOST_USERS, TrafficSeen, UserTraffic};
use crate::error::OperationError;
use crate::operations::Operations;

/// Rates older than that are not of now.
const RATES_HOLD_S: u64 = 30;

/// From where it is known who is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrafficSource {
    /// The router showed them because somebody looks.
    Router,
    /// Its last reading did, which says nothing of rates and queues.
    Books,
}

impl TrafficSource {
    /// The stable name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            TrafficSource::Router => "router",
            TrafficSource::Books => "books",
        }
    }
}

/// A router and its users, as they are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouterTraffic {
    /// Its name.
    pub router: String,
    /// From where it is known who they are.
    pub source: TrafficSource,
    /// When they were shown, on the label; `None` when nothing was yet.
    pub as_of: Option<Micros>,
    /// How long ago that was, whole seconds.
    pub age_s: Option<u64>,
    /// Its users.
    pub users: Arc<[UserTraffic]>,
    /// Users that are left off, for there are too many.
    pub left_off: usize,
    /// Why the router shows nothing at the moment.
    pub trouble: Option<String>,
}

impl RouterTraffic {
    /// Whether the rates are of now.
    pub fn has_rates_of_now(&self) -> bool {
        self.trouble.is_none() && self.age_s.is_some_and(|age_s| age_s <= RATES_HOLD_S)
    }
}

impl Operations {
    /// What users of the hotspots move, by router. Asking has the routers of this process looked at from now on; nobody waits for
    /// that: until a router was, its users are those of its last reading.
    pub async fn user_traffic(&self) -> Result<Vec<RouterTraffic>, OperationError> {
        let board = self.limits.traffic();
        board.ask();
        let routers = self.store.list_nas().await?.into_iter();
        let routers: Vec<Nas> =
            routers.filter(|nas| nas.config.enabled || board.of(nas.id).is_some()).collect();
        let is_unseen = |nas: &Nas| board.of(nas.id).is_none_or(|seen| seen.read.is_none());
        let mut books = match routers.iter().any(is_unseen) {
            true => self.hotspot_sessions().await?,
            false => HashMap::new(),
        };
        let shown = |nas: Nas| self.traffic_of(&nas, board.of(nas.id), books.remove(&nas.id));
        Ok(routers.into_iter().filter_map(shown).collect())
    }

    /// Open sessions of hotspots by router, at most so many as are shown of one.
    async fn hotspot_sessions(&self) -> Result<HashMap<NasId, Vec<SessionRow>>, StoreError> {
        let most = u32::try_from(MOST_USERS).unwrap_or(u32::MAX);
        let mut by_router: HashMap<NasId, Vec<SessionRow>> = HashMap::new();
        for row in self.store.open_hotspot_sessions(most).await? {
            by_router.entry(row.nas).or_default().push(row);
        }
        Ok(by_router)
    }

    /// What the router showed, or what its last reading did; `None` for one that is not looked at and had nobody.
    fn traffic_of(
        &self,
        nas: &Nas,
        seen: Option<TrafficSeen>,
        sessions: Option<Vec<SessionRow>>,
    ) -> Option<RouterTraffic> {
        let router = nas.config.name.clone();
        let is_known = seen.is_some();
        let TrafficSeen { read, trouble } = seen.unwrap_or_default();
        if let Some(read) = read {
            let (as_of, age_s) = (Some(read.at), self.clock.host().seconds_since(read.read_at));
            let (source, users, left_off) = (TrafficSource::Router, read.users, read.left_off);
            return Some(RouterTraffic { router, source, as_of, age_s, users, left_off, trouble });
        }
        if !is_known && sessions.is_none() {
            return None;
        }
        let as_of = nas.last_at;
        let users = sessions.into_iter().flatten().map(|row| of_books(row, as_of)).collect();
        let age_s = as_of.map(|at| since(at, self.now()));
        Some(RouterTraffic {
            router,
            source: TrafficSource::Books,
            as_of,
            age_s,
            users,
            left_off: 0,
            trouble,
        })
    }
}

fn of_books(row: SessionRow, as_of: Option<Micros>) -> UserTraffic {
    UserTraffic {
        uptime_s: as_of.map_or(0, |at| since(row.started_at, at)),
        user: row.username,
        mac: row.calling_station_id,
        octets: row.octets,
        rate: None,
        queue: None,
    }
}

/// Whole seconds between two labels.
fn since(from: Micros, to: Micros) -> u64 {
    u64::try_from(to.0.saturating_sub(from.0)).unwrap_or(0) / 1_000_000
}
