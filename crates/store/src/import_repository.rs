//! Many subscribers at once: what an import has to know beforehand, and writing it whole or not at all.

use accounting::login::LoginName;
use async_trait::async_trait;
use uuid::Uuid;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::nas_repository::NewNas;
use crate::plan_repository::Plan;
use crate::renewal_repository::SubscriberChange;
use crate::subscriber_repository::{NewSubscriber, Scope, Subscriber};

/// Whose a login is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoginOwner {
    /// Nobody's.
    Free,
    /// That subscriber's, by username.
    Subscriber(String),
    /// Nobody's, but it names a counter that is that subscriber's under the login it was enrolled as before the router
    /// called it so.
    Renamed(String),
    /// There is no such router or group.
    NoPlace,
}

/// What an import writes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubscriberImport {
    /// Routers to be added before anybody, each with its line of the journal.
    pub routers: Vec<(NewNas, NewAudit)>,
    /// Plans to be added before anybody, each with its line of the journal.
    pub plans: Vec<(Plan, NewAudit)>,
    /// To be added, as [`crate::SubscriberRepository::insert_subscriber`] does.
    pub new: Vec<NewSubscriber>,
    /// To be changed. An import renews nobody: whether a change renews is not looked at.
    pub changes: Vec<(Uuid, SubscriberChange)>,
}

/// Importing subscribers.
#[async_trait]
pub trait ImportRepository: Send + Sync {
    /// The subscribers whose username or id is one of `keys`, without cycles and sessions, in any order.
    async fn subscribers_of(&self, keys: Vec<String>) -> Result<Vec<Subscriber>, StoreError>;

    /// Whose each login is, in the order asked.
    async fn login_owners(&self, logins: Vec<(LoginName, Scope)>) -> Result<Vec<LoginOwner>, StoreError>;

    /// Adds and changes all of it, or nothing. The refusals are those of adding and changing one.
    async fn import_subscribers(&self, import: SubscriberImport, act: NewAudit) -> Result<(), StoreError>;
}
