//! Adopting what logins used before they had a subscriber.

use accounting::Octets;
use accounting::time::Micros;
use async_trait::async_trait;
use uuid::Uuid;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;

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

/// Adoption: one entry for each login and router into the open cycle. The originals stay as they are, and usage counts
/// them and not the adopted entry.
#[async_trait]
pub trait AdoptionRepository: Send + Sync {
    /// Adopts the entries without a cycle of the subscriber's logins that end at `from` or later. Each login of a router is
    /// adopted once. `NotFound` when there is no such subscriber, `Constraint` when there is nothing to adopt.
    async fn adopt(
        &self,
        subscriber: Uuid,
        from: Micros,
        act: NewAudit,
    ) -> Result<Vec<AdoptedLogin>, StoreError>;
}
