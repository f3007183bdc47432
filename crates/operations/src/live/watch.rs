//! Who is watched, by what, and how that stands.

use std::collections::BTreeSet;

use accounting::snapshot::Service;
use uuid::Uuid;

/// A watched subscriber, as readers are told of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// Their id.
    pub id: Uuid,
    /// The name to find them by.
    pub username: String,
    /// Their name for people.
    pub name: Option<String>,
    /// What they use, such as `pppoe`.
    pub service: String,
    /// Name of their plan.
    pub plan: Option<String>,
    /// Name of the router they are watched on.
    pub router: String,
    /// Names of the routers on which more of theirs is that is not watched: sessions on others, or of another login, and counters.
    pub also_on: BTreeSet<String>,
}

/// What of a router tells what a subscriber moves. Names and logins are raw bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Watched {
    /// The interfaces of all sessions that this login has.
    Ppp {
        /// The login.
        login: Box<[u8]>,
        /// What carried its session when it was looked up.
        service: Service,
    },
    /// The sessions that this user has at the hotspot.
    Hotspot {
        /// The user.
        user: Box<[u8]>,
    },
    /// A device that the hotspot lets through without a login.
    Device {
        /// Its MAC address, as the router writes it.
        mac: Box<[u8]>,
    },
    /// The interface that faces them.
    Interface {
        /// Its name now.
        name: Box<[u8]>,
    },
    /// The queue their traffic passes.
    Queue {
        /// Its name now.
        name: Box<[u8]>,
    },
}

/// A subscriber to be watched on a router.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    /// Who.
    pub customer: Uuid,
    /// By what.
    pub watched: Watched,
}

/// How watching somebody stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// The router was not asked yet, or has not answered.
    #[default]
    Sought,
    /// Samples come.
    Watched,
    /// The router shows no session of theirs, or nothing of that name; it is asked again.
    NoSession,
    /// The router is not reached, or refuses; why, for people. It is tried again.
    Trouble(String),
}
