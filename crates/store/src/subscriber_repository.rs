//! Subscribers, the logins they are bound to, and their billing cycles.

use std::collections::HashMap;

use accounting::Octets;
use accounting::login::LoginKind;
use accounting::time::Micros;
use async_trait::async_trait;
use uuid::Uuid;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::reach::Reach;

/// On which routers a login is its subscriber's. The narrower wins.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// On all of them.
    All,
    /// On the routers of the group of that name.
    Group(String),
    /// On the router of that name.
    Router(String),
}

/// Whether a subscriber is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubscriberStatus {
    /// Served.
    Active,
    /// Not served for the moment.
    Suspended,
    /// Left.
    Inactive,
}

/// Every status with its stable name.
pub const SUBSCRIBER_STATUSES: [(SubscriberStatus, &str); 3] = [
    (SubscriberStatus::Active, "active"),
    (SubscriberStatus::Suspended, "suspended"),
    (SubscriberStatus::Inactive, "inactive"),
];

impl SubscriberStatus {
    /// The stable name in the database and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            SubscriberStatus::Active => "active",
            SubscriberStatus::Suspended => "suspended",
            SubscriberStatus::Inactive => "inactive",
        }
    }

    /// The status of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        SUBSCRIBER_STATUSES.iter().find(|(_, known)| *known == name).map(|(status, _)| *status)
    }
}

/// A subscriber to be added, with the login that is theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSubscriber {
    /// Their key towards other systems.
    pub id: Uuid,
    /// Name to find them by, unique.
    pub username: String,
    /// Name for people.
    pub name: Option<String>,
    /// What they use, such as `pppoe`; told, not checked against the router.
    pub service: String,
    /// Name of their plan.
    pub plan: Option<String>,
    /// Whether they are served.
    pub status: SubscriberStatus,
    /// When their time runs out.
    pub expiry_at: Option<Micros>,
    /// The IANA zone in which their days begin and end; their router's, else the installation's, when `None`.
    pub zone: Option<String>,
    /// Anything.
    pub note: Option<String>,
    /// What their login is a login to.
    pub kind: LoginKind,
    /// The login as the router gives it, raw bytes.
    pub login: Vec<u8>,
    /// Where that login is theirs.
    pub scope: Scope,
}

/// A login of a subscriber.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundLogin {
    /// What it is a login to.
    pub kind: LoginKind,
    /// The login, raw bytes.
    pub name: Vec<u8>,
    /// Where it is theirs.
    pub scope: Scope,
    /// Since when.
    pub from: Micros,
}

/// What opened a cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CycleOpening {
    /// The subscriber was added.
    Creation,
    /// Somebody renewed them.
    Renewal,
    /// Their plan's day came.
    Plan,
}

impl CycleOpening {
    /// The stable name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            CycleOpening::Creation => "creation",
            CycleOpening::Renewal => "renewal",
            CycleOpening::Plan => "plan",
        }
    }
}

/// A billing cycle and what was counted into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CycleTotals {
    /// Its row.
    pub id: i64,
    /// The subscriber's first, second, ...
    pub seq_no: u32,
    /// What opened it.
    pub opened_by: CycleOpening,
    /// When it opened.
    pub opened_at: Micros,
    /// When it closed; `None` for the open one.
    pub closed_at: Option<Micros>,
    /// Posted octets.
    pub octets: Octets,
    /// Octets given beside the posted ones, without what was taken back.
    pub credited: Octets,
    /// Renewals within it that were undone: what was counted after them counts here.
    pub undone_renewals: u32,
    /// Routers whose next reading may still add to it: it is final when it is closed and there are none.
    pub unsettled: u32,
}

/// A subscriber as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscriber {
    /// Their key towards other systems.
    pub id: Uuid,
    /// Name to find them by.
    pub username: String,
    /// Name for people.
    pub name: Option<String>,
    /// What they use.
    pub service: String,
    /// Name of their plan.
    pub plan: Option<String>,
    /// Whether they are served.
    pub status: SubscriberStatus,
    /// When their time runs out.
    pub expiry_at: Option<Micros>,
    /// The IANA zone in which their days begin and end; their router's, else the installation's, when `None`.
    pub zone: Option<String>,
    /// The zone of the router their login is bound to.
    pub router_zone: Option<String>,
    /// When their plan opens the next cycle; `None`: only a renewal does, or it is still to be worked
    /// out ([`crate::PlanEdgeRepository::edge_to_work_out`]).
    pub next_cycle_at: Option<Micros>,
    /// Anything.
    pub note: Option<String>,
    /// When they were added.
    pub created_at: Micros,
    /// Logins that are theirs now.
    pub logins: Vec<BoundLogin>,
    /// The open cycle.
    pub cycle: Option<CycleTotals>,
    /// Sessions open now (missing ones do not count).
    pub sessions_open: u64,
}

/// The subscribers.
#[async_trait]
pub trait SubscriberRepository: Send + Sync {
    /// Adds a subscriber, binds the login from `act.at` on and opens cycle 1, all or nothing. `Constraint` when the
    /// username or the login is taken, `NoSuch` when plan, router or group is unknown.
    async fn insert_subscriber(&self, new: NewSubscriber, act: NewAudit) -> Result<(), StoreError>;

    /// At most `limit` subscribers after that username, by username (bytewise).
    async fn list_subscribers(&self, after: Option<&str>, limit: u32) -> Result<Vec<Subscriber>, StoreError> {
        self.list_subscribers_within(after, limit, Reach::Everywhere).await
    }

    /// The same of those who have or had a login on a router that is reached; of their logins those that are theirs everywhere or
    /// there, and the sessions there.
    async fn list_subscribers_within(
        &self,
        after: Option<&str>,
        limit: u32,
        reach: Reach,
    ) -> Result<Vec<Subscriber>, StoreError>;

    /// The subscriber with that username or id.
    async fn find_subscriber(&self, key: &str) -> Result<Option<Subscriber>, StoreError> {
        self.find_subscriber_within(key, Reach::Everywhere).await
    }

    /// The same of those whom [`SubscriberRepository::list_subscribers_within`] lists.
    async fn find_subscriber_within(&self, key: &str, reach: Reach)
    -> Result<Option<Subscriber>, StoreError>;

    /// A subscriber's cycles before that number, newest first.
    async fn subscriber_cycles(
        &self,
        id: Uuid,
        before: Option<u32>,
        limit: u32,
    ) -> Result<Vec<CycleTotals>, StoreError>;

    /// What the counters of their open sessions show, added up by subscriber; of that subscriber, or of all. Who has no
    /// open session is not among them.
    async fn open_session_octets(
        &self,
        id: Option<Uuid>,
        reach: Reach,
    ) -> Result<HashMap<Uuid, Octets>, StoreError>;

    /// How many there are.
    async fn count_subscribers(&self) -> Result<u64, StoreError> {
        self.count_subscribers_within(Reach::Everywhere).await
    }

    /// The same of those whom [`SubscriberRepository::list_subscribers_within`] lists.
    async fn count_subscribers_within(&self, reach: Reach) -> Result<u64, StoreError>;
}
