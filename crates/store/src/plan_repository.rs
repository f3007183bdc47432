//! Plans that subscribers are on.

use async_trait::async_trait;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;

/// What a subscriber pays for. Kept as told; nothing acts on it yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Its name, unique.
    pub name: String,
    /// Price as text with its currency.
    pub price: Option<String>,
    /// How long it lasts, as text.
    pub validity: Option<String>,
    /// Devices that may use it at once.
    pub devices: u32,
    /// Upload limit, bits per second.
    pub rate_up_bps: Option<u64>,
    /// Download limit, bits per second.
    pub rate_down_bps: Option<u64>,
    /// Octets of both directions per cycle.
    pub quota_octets: Option<u64>,
}

/// The plans.
#[async_trait]
pub trait PlanRepository: Send + Sync {
    /// Adds a plan. `Constraint` when the name is taken.
    async fn insert_plan(&self, plan: Plan, act: NewAudit) -> Result<(), StoreError>;

    /// All plans by name.
    async fn list_plans(&self) -> Result<Vec<Plan>, StoreError>;
}
