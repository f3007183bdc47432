//! What users of the hotspot move, for whoever asks.

use std::collections::HashMap;
use std::sync::Arc;

use accounting::time::Micros;
use futures_util::future::join_all;
use store::{Nas, NasId, SessionRow, StoreError};

use super::traffic::{MOST_USERS, TrafficLook, TrafficSeen, UserTraffic};
use crate::error::OperationError;
use crate::operations::Operations;
use crate::router_commands::RouterCommandError;

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
    /// What users of the hotspots move, by router. Asking has the routers looked at from now on by the processes that poll
    /// them; nobody waits for that: until a router was, its users are those of its last reading.
    pub async fn user_traffic(&self) -> Result<Vec<RouterTraffic>, OperationError> {
        let board = self.limits.traffic();
        board.ask();
        let routers = self.reached_routers().await?.into_iter();
        let routers: Vec<Nas> =
            routers.filter(|nas| nas.config.enabled || board.of(nas.id).is_some()).collect();
        let is_unseen = |nas: &Nas| board.of(nas.id).is_none_or(|seen| seen.read.is_none());
        let mut books = match routers.iter().any(is_unseen) {
            true => self.hotspot_sessions().await?,
            false => HashMap::new(),
        };
        let mut elsewhere = self.looks_elsewhere(&routers).await;
        let shown = |nas: Nas| match elsewhere.remove(&nas.id) {
            Some(Ok(look)) if look.at.is_some() => Some(of_another(nas.config.name, look)),
            looked => {
                let trouble = looked.and_then(|looked| looked.map_or_else(Some, |look| look.trouble));
                self.traffic_of(&nas, board.of(nas.id), (books.remove(&nas.id), trouble))
            }
        };
        Ok(routers.into_iter().filter_map(shown).collect())
    }

    /// What other processes know of the routers that they poll; of one that cannot be asked why not. Of those of this process, and of
    /// those that nobody polls, nothing.
    async fn looks_elsewhere(&self, routers: &[Nas]) -> HashMap<NasId, Result<TrafficLook, String>> {
        let board = self.limits.traffic();
        let unknown = routers.iter().filter(|nas| board.of(nas.id).is_none()).cloned();
        let asked = unknown.map(|nas| async move {
            let id = nas.id;
            match self.commands.look_at_traffic(nas).await {
                Ok(look) if look == TrafficLook::default() => None,
                Ok(look) => Some((id, Ok(look))),
                Err(RouterCommandError::NotPolled) => None,
                Err(error) => Some((id, Err(format!("its users are told without rates: {error}")))),
            }
        });
        join_all(asked).await.into_iter().flatten().collect()
    }

    /// Open sessions of hotspots by router: of all together at most so many as are shown of one, the newest.
    async fn hotspot_sessions(&self) -> Result<HashMap<NasId, OfBooks>, StoreError> {
        let most = u32::try_from(MOST_USERS).unwrap_or(u32::MAX);
        let rows = self.store.open_hotspot_sessions(most, self.reach.clone()).await?;
        let counts = match rows.len() < MOST_USERS {
            true => Vec::new(),
            false => self.store.count_open_hotspot_sessions().await?,
        };
        Ok(of_each(rows, counts))
    }

    /// What the router showed, or what its last reading did; `None` for one that is not looked at and had nobody.
    fn traffic_of(
        &self,
        nas: &Nas,
        seen: Option<TrafficSeen>,
        (books, why): (Option<OfBooks>, Option<String>),
    ) -> Option<RouterTraffic> {
        let router = nas.config.name.clone();
        let is_known = seen.is_some();
        let TrafficSeen { read, trouble } = seen.unwrap_or_default();
        if let Some(read) = read {
            let (as_of, age_s) = (Some(read.at), self.clock.host().seconds_since(read.read_at));
            let (source, users, left_off) = (TrafficSource::Router, read.users, read.left_off);
            return Some(RouterTraffic { router, source, as_of, age_s, users, left_off, trouble });
        }
        let trouble = trouble.or(why);
        if !is_known && books.is_none() {
            return None;
        }
        let as_of = nas.last_at;
        let OfBooks { sessions, left_off } = books.unwrap_or_default();
        let users = sessions.into_iter().map(|row| of_books(row, as_of)).collect();
        let age_s = as_of.map(|at| since(at, self.now()));
        Some(RouterTraffic { router, source: TrafficSource::Books, as_of, age_s, users, left_off, trouble })
    }
}

/// Open sessions of a router's hotspot, as its last reading showed them.
#[derive(Debug, Default)]
struct OfBooks {
    sessions: Vec<SessionRow>,
    /// Those beyond what is shown of all routers.
    left_off: usize,
}

/// `counts`: how many there are of each, where not all of them are among `rows`.
fn of_each(rows: Vec<SessionRow>, counts: Vec<(NasId, u64)>) -> HashMap<NasId, OfBooks> {
    let mut by_router: HashMap<NasId, OfBooks> = HashMap::new();
    for row in rows {
        by_router.entry(row.nas).or_default().sessions.push(row);
    }
    for (nas, count) in counts {
        let of = by_router.entry(nas).or_default();
        of.left_off = usize::try_from(count).unwrap_or(usize::MAX).saturating_sub(of.sessions.len());
    }
    by_router
}

/// As the process that polls it told it.
fn of_another(router: String, look: TrafficLook) -> RouterTraffic {
    let (as_of, age_s) = look.at.unzip();
    let TrafficLook { users, left_off, trouble, .. } = look;
    RouterTraffic {
        router,
        source: TrafficSource::Router,
        as_of,
        age_s,
        users: users.into(),
        left_off,
        trouble,
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

#[cfg(test)]
mod tests {
    use accounting::Octets;
    use accounting::snapshot::Service;
    use store::SessionPhase;

    use super::*;

    fn row(nas: i64, no: u64) -> SessionRow {
        SessionRow {
            nas: NasId(nas),
            no,
            router: "tower".to_owned(),
            username: b"ana".to_vec(),
            service: Service::Hotspot,
            acct_session_id: None,
            calling_station_id: Vec::new(),
            framed_address: Vec::new(),
            phase: SessionPhase::Open,
            started_at: Micros(0),
            first_seen_at: Micros(0),
            last_seen_at: None,
            terminate_cause: None,
            octets: Octets::ZERO,
            subscriber: None,
        }
    }

    #[test]
    fn of_more_than_are_shown_it_is_told_how_many_each_router_has_beside() {
        let rows = || vec![row(1, 1), row(1, 2), row(2, 3)];
        let all = of_each(rows(), Vec::new());
        assert_eq!((all[&NasId(1)].sessions.len(), all[&NasId(1)].left_off), (2, 0));
        let some = of_each(rows(), vec![(NasId(1), 12), (NasId(2), 1), (NasId(3), 7)]);
        let told = [1, 2, 3].map(|nas| (some[&NasId(nas)].sessions.len(), some[&NasId(nas)].left_off));
        assert_eq!(told, [(2, 10), (1, 0), (0, 7)], "one of which nobody is shown too");
    }
}
