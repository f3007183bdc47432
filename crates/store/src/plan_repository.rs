//! Plans that subscribers are on.

use async_trait::async_trait;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::plan_cycle::PlanCycle;

/// What a subscriber pays for. Its cycle is acted on, and its speeds where it says so; the rest is kept as told.
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
    /// When it opens the next cycle by itself.
    pub cycle: PlanCycle,
    /// Those who are on it are as fast as it says, on the routers; otherwise its speeds are only told.
    pub sets_speed: bool,
}

/// What to change of a plan; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanPatch {
    /// New price, or none any more.
    pub price: Option<Option<String>>,
    /// How long it lasts, or nothing said any more.
    pub validity: Option<Option<String>>,
    /// Devices that may use it at once.
    pub devices: Option<u32>,
    /// New upload limit, or none any more.
    pub rate_up_bps: Option<Option<u64>>,
    /// New download limit, or none any more.
    pub rate_down_bps: Option<Option<u64>>,
    /// New quota, or none any more.
    pub quota_octets: Option<Option<u64>>,
    /// When it opens the next cycle by itself.
    pub cycle: Option<PlanCycle>,
    /// Whether routers are kept to its speeds.
    pub sets_speed: Option<bool>,
}

/// The plans.
#[async_trait]
pub trait PlanRepository: Send + Sync {
    /// Adds a plan. `Constraint` when the name is taken.
    async fn insert_plan(&self, plan: Plan, act: NewAudit) -> Result<(), StoreError>;

    /// Changes the plan of that name; as it is now. Another cycle decides the next edge of each of its subscribers, and
    /// leaves their open cycles alone. `NotFound` when there is none.
    async fn update_plan(&self, name: &str, patch: PlanPatch, act: NewAudit) -> Result<Plan, StoreError>;

    /// All plans by name.
    async fn list_plans(&self) -> Result<Vec<Plan>, StoreError>;
}
