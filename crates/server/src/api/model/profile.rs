//! Profiles: plans that a file gives.

use serde::Serialize;
use utoipa::ToSchema;

use super::time::Time;

/// How the file of profiles stands.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Profiles {
    /// The file that this process reads; null where it reads none.
    #[schema(required)]
    pub file: Option<String>,
    /// When the plans last agreed with it, but for what is in conflict; null: not since this process runs.
    #[schema(required)]
    pub as_of: Option<Time>,
    /// Why what the file holds now is not taken, with its line; the plans are as it had them before.
    #[schema(required)]
    pub trouble: Option<String>,
    /// Its profiles as they were last taken, in its order.
    pub items: Vec<ProfileStanding>,
}

/// How the plan of a profile's name stands to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProfileStanding {
    /// The name of both.
    pub name: String,
    /// In what the plan is as somebody changed it by hand; it is left so. Empty: the plan is as the file has it.
    pub conflicts: Vec<ProfileConflict>,
}

/// A field in which a plan is not as its profile has it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProfileConflict {
    /// The plan's field: `price`, `validity`, `devices`, `rate_up_bps` or `rate_down_bps`.
    pub field: String,
    /// As the file has it, rates in bits per second; null: nothing.
    #[schema(required)]
    pub file: Option<String>,
    /// As the plan has it.
    #[schema(required)]
    pub plan: Option<String>,
}
