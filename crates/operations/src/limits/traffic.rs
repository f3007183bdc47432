//! What users of the hotspot move and what limits them, as the routers of this process show it while somebody looks.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use accounting::Octets;
use accounting::time::{HostInstant, Micros};
use store::{NasId, RateLimit};
use tokio::sync::watch;

/// So long routers are looked at after somebody asked (compat.md 001).
pub const LOOKED_AT_FOR: Duration = Duration::from_secs(60);
/// Users of one router that are kept, some 200 bytes each. Overflow rule: those behind them in the router's table are left off, and
/// counted.
pub const MOST_USERS: usize = 10_000;

/// One login of the hotspot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserTraffic {
    /// As the router gives it, raw.
    pub user: Vec<u8>,
    /// As the router gives it, raw; empty when not given.
    pub mac: Vec<u8>,
    /// Seconds since they logged in, truncated.
    pub uptime_s: u64,
    /// What the login counted.
    pub octets: Octets,
    /// Bits per second that they sent and received between two looks; `None` until there are two.
    pub rate: Option<(u64, u64)>,
    /// The first queue that takes all their traffic, whosever it is; `None`: none does.
    pub queue: Option<UserQueue>,
}

/// A queue that takes somebody's traffic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserQueue {
    /// How fast it lets them be; `None` when the router gives it in a way that is not understood.
    pub rate: Option<RateLimit>,
    /// What passed it; `None` when not given.
    pub octets: Option<Octets>,
}

/// What a router showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrafficRead {
    /// When, on the label.
    pub at: Micros,
    /// When, on the clock that ages are told by.
    pub read_at: HostInstant,
    /// Its users, in its order.
    pub users: Arc<[UserTraffic]>,
    /// Users beyond [`MOST_USERS`].
    pub left_off: usize,
}

/// How it is known what the users of a router move.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrafficSeen {
    /// What it showed last; `None`: nothing yet.
    pub read: Option<TrafficRead>,
    /// Why it showed nothing since.
    pub trouble: Option<String>,
}

/// What the process that polls a router knows of its users.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrafficLook {
    /// When the router showed them (label), and how many whole seconds ago; `None`: it has not yet, since somebody looks.
    pub at: Option<(Micros, u64)>,
    /// Its users, in its order.
    pub users: Vec<UserTraffic>,
    /// Users that are left off, for there are too many.
    pub left_off: usize,
    /// Why it showed nothing since.
    pub trouble: Option<String>,
}

/// Where it is kept; cheap to clone, clones show the same.
#[derive(Clone, Debug, Default)]
pub struct TrafficBoard {
    asked: Arc<watch::Sender<()>>,
    routers: Arc<Mutex<HashMap<NasId, TrafficSeen>>>,
}

impl TrafficBoard {
    /// Somebody looks: routers are looked at for [`LOOKED_AT_FOR`] from now on.
    pub fn ask(&self) {
        self.asked.send_replace(());
    }

    /// Changes whenever somebody looks.
    pub fn asked(&self) -> watch::Receiver<()> {
        self.asked.subscribe()
    }

    /// A router showed its users.
    pub fn show(&self, nas: NasId, read: TrafficRead) {
        self.all().insert(nas, TrafficSeen { read: Some(read), trouble: None });
    }

    /// A router that is looked at does not show them; what it showed before stays, with its age.
    pub fn fail(&self, nas: NasId, why: String) {
        self.all().entry(nas).or_default().trouble = Some(why);
    }

    /// Nobody looks any more, or nobody can.
    pub fn forget(&self, nas: NasId) {
        self.all().remove(&nas);
    }

    /// Somebody looks, and this is known of a router; at most so many of its users.
    pub fn look(&self, nas: NasId, now: HostInstant, most: usize) -> TrafficLook {
        self.ask();
        let TrafficSeen { read, trouble } = self.of(nas).unwrap_or_default();
        let Some(read) = read else { return TrafficLook { trouble, ..TrafficLook::default() } };
        let users: Vec<UserTraffic> = read.users.iter().take(most).cloned().collect();
        let left_off = read.left_off + (read.users.len() - users.len());
        let at = now.seconds_since(read.read_at).map(|age_s| (read.at, age_s));
        TrafficLook { at, users, left_off, trouble }
    }

    /// What is known of a router.
    pub fn of(&self, nas: NasId) -> Option<TrafficSeen> {
        self.all().get(&nas).cloned()
    }

    fn all(&self) -> MutexGuard<'_, HashMap<NasId, TrafficSeen>> {
        self.routers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
