//! Plans that a file of profiles gives: what it gave last is kept beside the plan, so that what somebody changed by hand since is
//! told from what the file changed.

use async_trait::async_trait;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::plan_repository::Plan;

/// What a file says of the plan of that name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The plan's name.
    pub name: String,
    /// Price, a decimal number as text.
    pub price: Option<String>,
    /// How long it lasts, as text.
    pub validity: Option<String>,
    /// Devices that may use it at once.
    pub devices: u32,
    /// Upload limit, bits per second.
    pub rate_up_bps: Option<u64>,
    /// Download limit, bits per second.
    pub rate_down_bps: Option<u64>,
}

/// A plan, and what a file gave it last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfilePlan {
    /// The plan as it is.
    pub plan: Plan,
    /// What the file gave; `None` where none ever agreed with it.
    pub given: Option<Profile>,
}

/// A plan to be written as a file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileWrite {
    /// As it was when that was decided; `None`: there was none.
    pub seen: Option<ProfilePlan>,
    /// As it is to be.
    pub now: ProfilePlan,
    /// What is written into the journal; `None` where the plan stays as it is.
    pub act: Option<NewAudit>,
}

/// See the module.
#[async_trait]
pub trait ProfileRepository: Send + Sync {
    /// All plans by name, each with what a file gave it.
    async fn profile_plans(&self) -> Result<Vec<ProfilePlan>, StoreError>;

    /// Writes them, all or none. `Constraint` when one is not as it was seen.
    async fn write_profiles(&self, writes: Vec<ProfileWrite>) -> Result<(), StoreError>;
}
