//! Credits: octets a subscriber is given beside what was measured, and their cancellations.

use accounting::Octets;
use accounting::time::Micros;
use async_trait::async_trait;
use uuid::Uuid;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;

/// A line of the journal of credits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credit {
    /// Its number.
    pub id: i64,
    /// Number of the subscriber's cycle that it belongs to.
    pub cycle: u32,
    /// When it was given.
    pub at: Micros,
    /// Who gave it.
    pub actor: String,
    /// How much.
    pub octets: Octets,
    /// Why.
    pub reason: String,
    /// The credit that this line takes back.
    pub cancels: Option<i64>,
    /// The line that takes this one back.
    pub cancelled_by: Option<i64>,
}

/// The journal of credits. Lines are never changed.
#[async_trait]
pub trait CreditRepository: Send + Sync {
    /// Gives a credit in the open cycle. `NotFound` when there is no such subscriber.
    async fn add_credit(
        &self,
        subscriber: Uuid,
        octets: Octets,
        reason: String,
        act: NewAudit,
    ) -> Result<Credit, StoreError>;

    /// Takes a credit back by a line of the same size, in the same cycle; that line. `NotFound` when the subscriber has
    /// no such credit, `Constraint` when it was cancelled before or is a cancellation itself.
    async fn cancel_credit(
        &self,
        subscriber: Uuid,
        credit: i64,
        reason: String,
        act: NewAudit,
    ) -> Result<Credit, StoreError>;

    /// A subscriber's lines before that number, newest first.
    async fn credits(
        &self,
        subscriber: Uuid,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Credit>, StoreError>;
}
