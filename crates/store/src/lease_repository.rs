//! Who polls which router, where several processes share a database.
//!
//! A process that polls says again and again that it is there. Whoever was silent for longer than its term has lost its
//! routers: another process takes them under the next epoch, and what the silent one still commits is refused, for every
//! snapshot names its epoch (DESIGN rule 3). Terms are measured by the database's clock alone.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use async_trait::async_trait;
use uuid::Uuid;

use crate::error::StoreError;
use crate::ids::NasId;

/// A process, as it enters itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What people call it; no two that run have the same.
    pub name: String,
    /// Told from another run of the same name.
    pub run: String,
    /// What it does.
    pub role: NodeRole,
    /// What must be the same in all that share the database.
    pub settings: ToldSettings,
}

/// Settings, a line each, by which processes on one database see whether they are alike. Clones tell the same, also when a line
/// changes.
#[derive(Clone, Default)]
pub struct ToldSettings(Arc<RwLock<String>>);

impl ToldSettings {
    /// Those lines.
    pub fn new(text: String) -> ToldSettings {
        ToldSettings(Arc::new(RwLock::new(text)))
    }

    /// As they are now.
    pub fn text(&self) -> String {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts a line into the place of another; it is told to others with the next sign of life.
    pub fn replace(&self, line: &str, by: &str) {
        let mut text = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let lines: Vec<&str> = text.lines().map(|known| if known == line { by } else { known }).collect();
        *text = lines.join("\n");
    }
}

impl std::fmt::Debug for ToldSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.text().fmt(f)
    }
}

impl PartialEq for ToldSettings {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl Eq for ToldSettings {}

impl Node {
    /// A run that begins now.
    pub fn new(name: &str, role: NodeRole) -> Self {
        Node {
            name: name.to_owned(),
            run: Uuid::new_v4().to_string(),
            role,
            settings: ToldSettings::default(),
        }
    }
}

/// What a process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeRole {
    /// It polls routers and answers people.
    All,
    /// It polls routers.
    Collector,
    /// It answers people.
    Api,
}

/// Every role with its stable name.
pub const NODE_ROLES: [(NodeRole, &str); 3] =
    [(NodeRole::All, "all"), (NodeRole::Collector, "collector"), (NodeRole::Api, "api")];

impl NodeRole {
    /// The stable name in the database, the configuration and the API.
    pub fn as_str(self) -> &'static str {
        NODE_ROLES.iter().find(|(role, _)| *role == self).map_or("", |(_, name)| name)
    }

    /// The role of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        NODE_ROLES.iter().find(|(_, known)| *known == name).map(|(role, _)| *role)
    }

    /// Whether it polls routers.
    pub fn polls(self) -> bool {
        self != NodeRole::Api
    }
}

/// A process that said that it is there, not long ago.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenNode {
    /// What people call it.
    pub name: String,
    /// What it does.
    pub role: NodeRole,
    /// What must be the same in all, a line each.
    pub settings: String,
    /// How long ago it said that it is there, microseconds by the database's clock.
    pub silent_us: i64,
    /// Whether its term has not passed.
    pub is_alive: bool,
    /// The routers that are its own.
    pub routers: u64,
}

/// A router that a process polls, and nobody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The router.
    pub nas: NasId,
    /// Every snapshot of it must name this.
    pub epoch: u64,
}

/// How things stand after a process said that it is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leases {
    /// All routers that are its own now, those it took just now among them.
    pub held: Vec<Lease>,
    /// How many of them are another's share: it hands them over when it has stopped polling them.
    pub surplus: usize,
    /// Other processes that poll and are alive.
    pub others: usize,
    /// It has been there the longest of all that poll: what one of them does for all is its.
    pub leads: bool,
    /// Grows with every change of the registry of routers.
    pub nas_version: u64,
}

/// What one process says of a router's poller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldStatus {
    /// The router.
    pub nas: NasId,
    /// Who says so.
    pub node: String,
    /// What it says.
    pub status: String,
}

/// See the module.
#[async_trait]
pub trait LeaseRepository: Send + Sync {
    /// Whether other processes may share the database. Where not, all routers are this process' own, and nothing of the rest
    /// is written down.
    fn is_shared(&self) -> bool;

    /// Enters a process that starts. What was its own under an earlier run is so under the next epoch; processes that are
    /// gone for a day are forgotten.
    async fn join(&self, node: Node, term: Duration) -> Result<(), StoreError>;

    /// Says that it is there for another term, and its settings: what it holds is its own until then. Waits for nobody.
    ///
    /// # Errors
    /// `NotFound` when another run of its name joined since.
    async fn say_alive(&self, node: Node, term: Duration) -> Result<(), StoreError>;

    /// Takes of the routers that are to be polled and that nobody has what is its share, and learns what it has too many of.
    /// What a silent process has it takes only when it was itself never silent for a term: after an outage of the database
    /// all seem silent to the first that gets through, and hold readings that the others would throw away.
    /// Shares differ by one at most, and whoever has more keeps the odd one.
    ///
    /// # Errors
    /// As of [`Self::say_alive`].
    async fn share_out(&self, node: Node) -> Result<Leases, StoreError>;

    /// It polls these no longer and has committed what it read; others may take them at once.
    async fn hand_over(&self, node: Node, routers: Vec<NasId>) -> Result<(), StoreError>;

    /// It polls nothing any more and goes.
    async fn leave(&self, node: Node) -> Result<(), StoreError>;

    /// All processes that did not leave, by name.
    async fn nodes(&self) -> Result<Vec<SeenNode>, StoreError>;

    /// Tells what a process' pollers are doing, to those who ask in other processes.
    async fn tell_statuses(&self, node: Node, statuses: Vec<(NasId, String)>) -> Result<(), StoreError>;

    /// What all processes told since `after` (by the database's clock, as this answered before), and when that was read.
    async fn told_statuses(&self, after: i64) -> Result<(Vec<ToldStatus>, i64), StoreError>;
}
