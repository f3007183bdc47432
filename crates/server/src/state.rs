//! What every handler can reach.

use std::sync::Arc;

use accounting::time::Micros;
use operations::{Backups, House, Operations, ProfileBoard};
use store::Store;
use tokio::sync::Semaphore;

use crate::events::EventsBoard;
use crate::live::{Gateway, LiveSettings};
use crate::log_board::LogBoard;
use crate::metrics::Requests;
use crate::portal::PortalCounts;
use crate::proxies::Proxies;
use crate::redis_uses::RedisUses;
use crate::signing_in::Gate;
use crate::traffic::TrafficBoard;

/// Version of this program.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Connections at once, at most: ten thousand people who look on, and those who ask meanwhile.
const MOST_CONNECTIONS: usize = 12_288;

/// What the server serves from; cheap to clone.
#[derive(Clone)]
pub struct ServerState {
    pub(crate) operations: Arc<Operations>,
    pub(crate) simulated: bool,
    pub(crate) started_at: Micros,
    pub(crate) requests: Requests,
    /// For how many months 15-minute entries are kept; `None`: for ever.
    pub(crate) detail_months: Option<u16>,
    /// People ask other processes; this one tells machines how it is.
    pub(crate) only_machines: bool,
    /// How the telling of events stands; `None` where nobody is told.
    pub(crate) events: Option<EventsBoard>,
    /// How the telling of live samples stands; `None` where nobody is told over Redis.
    pub(crate) traffic: Option<TrafficBoard>,
    /// How what goes between processes over Redis stands.
    pub(crate) uses: RedisUses,
    /// The clients that are told live samples.
    pub(crate) live: Gateway,
    /// The latest lines of the log.
    pub(crate) logs: LogBoard,
    /// How the file of profiles stands that gives plans.
    pub(crate) profiles: ProfileBoard,
    /// How the portal does; `None` where it is not served.
    pub(crate) portal: Option<PortalCounts>,
    /// What the doctor has to know of this machine.
    pub(crate) house: House,
    /// The backups of this process; `None` where it makes none.
    pub(crate) backups: Option<Backups>,
    /// One file is imported at a time.
    pub(crate) imports: Arc<Semaphore>,
    /// How often passwords may be tried.
    pub(crate) gate: Arc<Gate>,
    /// Who may say for whom they speak.
    pub(crate) proxies: Proxies,
    /// Connections at once, over plain HTTP; at most as many over TLS.
    pub(crate) connections: usize,
}

impl ServerState {
    /// Serves `operations`. `simulated` says on every answer that the figures are no real subscriber's.
    pub fn new(operations: Arc<Operations>, simulated: bool) -> Self {
        let started_at = operations.clock.now();
        ServerState {
            operations,
            simulated,
            started_at,
            requests: Requests::default(),
            detail_months: None,
            only_machines: false,
            events: None,
            traffic: None,
            uses: RedisUses::default(),
            live: Gateway::new(LiveSettings::default()),
            logs: LogBoard::default(),
            profiles: ProfileBoard::default(),
            portal: None,
            house: House::new(None, None),
            backups: None,
            imports: Arc::new(Semaphore::new(1)),
            gate: Arc::default(),
            proxies: Proxies::default(),
            connections: MOST_CONNECTIONS,
        }
    }

    /// Takes no more connections than that at once: what the process may have open is for the routers, too.
    #[must_use]
    pub fn taking(self, connections: usize) -> Self {
        ServerState { connections: connections.min(MOST_CONNECTIONS), ..self }
    }

    /// The same, with 15-minute entries kept for so many months.
    #[must_use]
    pub fn keeping(self, detail_months: Option<u16>) -> Self {
        ServerState { detail_months, ..self }
    }

    /// The same, with other bounds for live clients.
    #[must_use]
    pub fn with_live(self, settings: LiveSettings) -> Self {
        ServerState { live: Gateway::new(settings), ..self }
    }

    /// The same, with nothing but health and metrics.
    #[must_use]
    pub fn for_machines(self) -> Self {
        ServerState { only_machines: true, ..self }
    }

    /// The same, showing how events are told.
    #[must_use]
    pub fn telling(self, events: Option<EventsBoard>) -> Self {
        ServerState { events, ..self }
    }

    /// The same, showing how live samples are told over Redis.
    #[must_use]
    pub fn telling_traffic(self, traffic: Option<TrafficBoard>) -> Self {
        ServerState { traffic, ..self }
    }

    /// The same, showing how what goes between processes over Redis stands.
    #[must_use]
    pub fn between(self, uses: RedisUses) -> Self {
        ServerState { uses, ..self }
    }

    /// The same, showing the latest lines of a log.
    #[must_use]
    pub fn with_logs(self, logs: LogBoard) -> Self {
        ServerState { logs, ..self }
    }

    /// The same, showing how a file of profiles stands.
    #[must_use]
    pub fn with_profiles(self, profiles: ProfileBoard) -> Self {
        ServerState { profiles, ..self }
    }

    /// The same behind proxies that are believed.
    #[must_use]
    pub fn behind(self, proxies: Proxies) -> Self {
        ServerState { proxies, ..self }
    }

    /// The same, making and showing backups.
    #[must_use]
    pub fn with_backups(self, backups: Backups) -> Self {
        ServerState { backups: Some(backups), ..self }
    }

    /// The same, showing how the portal does.
    #[must_use]
    pub fn with_portal(self, portal: Option<PortalCounts>) -> Self {
        ServerState { portal, ..self }
    }

    /// The same, with the doctor looking around this machine.
    #[must_use]
    pub fn in_house(self, house: House) -> Self {
        ServerState { house, ..self }
    }

    /// Why Redis does not do all that is wanted of it, in sentences.
    pub(crate) fn redis_troubles(&self) -> Vec<String> {
        let events = self.events.as_ref().and_then(|events| events.status().trouble);
        let traffic = self.traffic.as_ref().and_then(|traffic| traffic.status().trouble);
        let between = self.uses.all().into_iter().filter_map(|(_, trouble)| trouble);
        events.into_iter().chain(traffic).chain(between).collect()
    }

    /// Microseconds of a clock that only goes forward.
    pub(crate) fn now(&self) -> u64 {
        self.operations.clock.host().micros
    }

    pub(crate) fn store(&self) -> &dyn Store {
        &*self.operations.store
    }
}
