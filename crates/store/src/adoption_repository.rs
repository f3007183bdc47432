//! Adopting what logins used before they had a subscriber, and undoing it.

use accounting::Octets;
use accounting::login::LoginName;
use accounting::time::Micros;
use async_trait::async_trait;
use uuid::Uuid;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::subscriber_repository::{NewSubscriber, Scope};

/// What was adopted of one login on one router.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdoptedLogin {
    /// The router's name.
    pub router: String,
    /// The login, raw bytes.
    pub login: Vec<u8>,
    /// What its entries add up to.
    pub octets: Octets,
    /// How many entries they are.
    pub entries: u64,
}

/// An adoption within a cycle that was undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoneAdoption {
    /// What had been adopted.
    pub adopted: AdoptedLogin,
    /// When it had been made.
    pub adopted_at: Micros,
    /// When it was undone.
    pub undone_at: Micros,
    /// Who undid it.
    pub undone_by: String,
}

/// Adoption: one entry for each login and router into the open cycle. The originals stay as they are, and usage counts
/// them and not the adopted entry.
#[async_trait]
pub trait AdoptionRepository: Send + Sync {
    /// Adopts the entries without a cycle of the subscriber's logins that end at `from` or later, where no narrower binding
    /// makes the login somebody else's. Each login of a router is adopted once. `NotFound` when there is no such subscriber,
    /// `Constraint` when there is nothing to adopt.
    async fn adopt(
        &self,
        subscriber: Uuid,
        from: Micros,
        act: NewAudit,
    ) -> Result<Vec<AdoptedLogin>, StoreError>;

    /// Binds a login as [`crate::BindingRepository::bind_login`] does and adopts of it as [`Self::adopt`], all or nothing.
    async fn bind_and_adopt(
        &self,
        subscriber: Uuid,
        login: LoginName,
        scope: Scope,
        from: Micros,
        act: NewAudit,
    ) -> Result<Vec<AdoptedLogin>, StoreError>;

    /// Adds a subscriber as [`crate::SubscriberRepository::insert_subscriber`] does and adopts as [`Self::adopt`], all or
    /// nothing.
    async fn insert_and_adopt(
        &self,
        new: NewSubscriber,
        from: Micros,
        act: NewAudit,
    ) -> Result<Vec<AdoptedLogin>, StoreError>;

    /// Undoes a subscriber's last adoption that was not undone: its entries count in no cycle any more, no entry changes,
    /// and its logins can be adopted anew. `Constraint` with a sentence when there is none, or its cycle is closed.
    async fn undo_adoption(&self, subscriber: Uuid, act: NewAudit) -> Result<Vec<AdoptedLogin>, StoreError>;

    /// The undone adoptions within a cycle, oldest first.
    async fn undone_adoptions(&self, cycle: i64) -> Result<Vec<UndoneAdoption>, StoreError>;
}
