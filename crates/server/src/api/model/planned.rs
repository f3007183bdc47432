//! What would be sent to routers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::count::Count;
use super::double_option;
use super::name::Name;

/// What is thought of. Vouchers are meant by `code` or `batch`, who is kept out by `router` with `mac` or `username`, a router by
/// `router`, a plan by `plan` with what would be changed of it, a subscriber by `subscriber` with the `plan` they would be on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ThoughtOf {
    /// What would be done.
    pub act: ThoughtAct,
    /// The code of a voucher.
    pub code: Option<String>,
    /// The number of a batch of vouchers: all of it to which it can be done.
    pub batch: Option<i64>,
    /// The router.
    pub router: Option<String>,
    /// A device of the hotspot that is kept out.
    pub mac: Option<String>,
    /// A PPP login that is kept out, as its router gives it.
    pub username: Option<Name>,
    /// A plan by name: the one that would be changed, or that a subscriber would be on; absent with a subscriber: on none.
    pub plan: Option<String>,
    /// With a plan that would be changed: its upload limit then, bits per second; null: not limited; absent: as it is.
    #[serde(default, deserialize_with = "double_option::given")]
    #[schema(value_type = Option<Count>)]
    pub rate_up_bps: Option<Option<Count>>,
    /// The same of its download limit.
    #[serde(default, deserialize_with = "double_option::given")]
    #[schema(value_type = Option<Count>)]
    pub rate_down_bps: Option<Option<Count>>,
    /// The same of whether the speeds of its subscribers are set on the routers.
    pub sets_speed: Option<bool>,
    /// A subscriber by username or id.
    pub subscriber: Option<String>,
}

/// What would be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ThoughtAct {
    /// The time of vouchers is stopped.
    PauseVouchers,
    /// It goes on.
    ResumeVouchers,
    /// Vouchers are taken out of use.
    RevokeVouchers,
    /// Somebody who is kept out is let in.
    ReleaseHold,
    /// The router is removed.
    RemoveRouter,
    /// The router is disabled.
    DisableRouter,
    /// The router is enabled again.
    EnableRouter,
    /// A plan is changed.
    EditPlan,
    /// A subscriber is put on another plan.
    EditSubscriber,
}

/// What would be sent; nothing was.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlannedCommands {
    /// Each router that would be told something.
    pub routers: Vec<PlannedOnRouter>,
}

/// What would be sent to a router.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlannedOnRouter {
    /// The router.
    pub router: String,
    /// The commands word by word, in their order.
    pub commands: Vec<String>,
    /// Why it is not known what would be sent; null: it is.
    #[schema(required)]
    pub trouble: Option<String>,
}
