//! Plans: what a subscriber may buy.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use store::PlanCycle;
use utoipa::ToSchema;

use super::count::Count;
use super::double_option;

/// A plan. Rates are bits per second (k = 1000), quota is octets of both directions together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Plan {
    /// Its name, unique.
    pub name: String,
    /// Price as a decimal number in text, in the installation's currency.
    pub price: Option<String>,
    /// How long it lasts, as the operator wrote it.
    pub validity: Option<String>,
    /// How many devices may use it at once.
    pub devices: u32,
    /// Upload limit, bits per second; null when not limited.
    pub rate_up_bps: Option<u64>,
    /// Download limit, bits per second; null when not limited.
    pub rate_down_bps: Option<u64>,
    /// Octets of both directions in one cycle; null when not limited.
    pub quota_octets: Option<u64>,
    /// When the next cycle of its subscribers opens by itself: `renewal` (never), `every N days` or `day D` of the month
    /// (its last day where it is shorter), with the begin of that day in the subscriber's zone.
    #[schema(examples("renewal", "every 30 days", "day 31"))]
    pub cycle: String,
    /// Its subscribers are as fast as it says, on the routers; otherwise its speeds are only told.
    pub sets_speed: bool,
}

/// A plan to add.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlan {
    /// Its name, unique.
    #[schema(min_length = 1, max_length = 128)]
    pub name: String,
    /// Price as a decimal number in text, in the installation's currency.
    pub price: Option<String>,
    /// How long it lasts, for example `30d`.
    pub validity: Option<String>,
    /// How many devices may use it at once.
    #[serde(default = "one_device")]
    #[schema(default = 1, minimum = 1, maximum = 4_294_967_295_u32, format = Int64)]
    pub devices: u32,
    /// Upload limit, bits per second; absent when not limited.
    pub rate_up_bps: Option<Count>,
    /// Download limit, bits per second; absent when not limited.
    pub rate_down_bps: Option<Count>,
    /// Octets of both directions in one cycle; absent when not limited.
    pub quota_octets: Option<Count>,
    /// When the next cycle of its subscribers opens by itself: `renewal` (never), `every N days` or `day D`.
    #[serde(default)]
    #[schema(default = "renewal", value_type = String)]
    pub cycle: CycleText,
    /// Set the speeds of its subscribers on the routers, by a queue of ours for each while they are connected. Where the routers
    /// do that by themselves (a profile, RADIUS), leave it off.
    #[serde(default)]
    #[schema(default = false)]
    pub sets_speed: bool,
}

/// What to change of a plan; fields that are absent stay.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanPatch {
    /// Price as a decimal number in text; null: none.
    #[serde(default, deserialize_with = "double_option::given")]
    pub price: Option<Option<String>>,
    /// How long it lasts; null: nothing is said.
    #[serde(default, deserialize_with = "double_option::given")]
    pub validity: Option<Option<String>>,
    /// How many devices may use it at once.
    #[schema(minimum = 1, maximum = 4_294_967_295_u32, format = Int64)]
    pub devices: Option<u32>,
    /// Upload limit, bits per second; null: not limited.
    #[serde(default, deserialize_with = "double_option::given")]
    #[schema(value_type = Option<Count>)]
    pub rate_up_bps: Option<Option<Count>>,
    /// Download limit, bits per second; null: not limited.
    #[serde(default, deserialize_with = "double_option::given")]
    #[schema(value_type = Option<Count>)]
    pub rate_down_bps: Option<Option<Count>>,
    /// Octets of both directions in one cycle; null: not limited.
    #[serde(default, deserialize_with = "double_option::given")]
    #[schema(value_type = Option<Count>)]
    pub quota_octets: Option<Option<Count>>,
    /// When the next cycle opens by itself; it decides the next edge of each subscriber, and no open cycle.
    #[schema(value_type = Option<String>)]
    pub cycle: Option<CycleText>,
    /// Whether the speeds of its subscribers are set on the routers.
    pub sets_speed: Option<bool>,
}

/// A plan's cycle as people write it.
#[derive(Clone, Copy, Debug, Default)]
pub struct CycleText(pub PlanCycle);

impl<'de> Deserialize<'de> for CycleText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(CycleText).map_err(D::Error::custom)
    }
}

fn one_device() -> u32 {
    1
}
